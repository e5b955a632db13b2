#include "reasons.h"

#include <cmath>

#include <fmt/format.h>

namespace attacca::cli {

std::string whyText(const archive::Why& why) {
  if (why.reason.empty()) return {};
  return fmt::format("{:.0f} %: {}", std::floor(why.confidence * 100), why.reason);
}

Json whyJson(const archive::Why& why) {
  if (why.reason.empty()) return nullptr;
  return {{"confidence", why.confidence}, {"reason", why.reason}};
}

std::string reasonsText(const archive::TrackReasons& reasons) {
  std::string text;
  for (const auto& credit : reasons.credits) {
    text += fmt::format("         {} {}", credit.role, credit.name);
    if (!credit.written.empty() && credit.written != credit.name) {
      text += fmt::format(" (written \"{}\")", credit.written);
    }
    const std::string why = whyText(credit.why);
    text += (why.empty() ? "" : ", " + why) + "\n";
  }
  if (const std::string why = whyText(reasons.work); !why.empty()) {
    text += fmt::format("         work, {}\n", why);
  }
  if (const std::string why = whyText(reasons.movement); !why.empty()) {
    text += fmt::format("         movement, {}\n", why);
  }
  return text;
}

Json reasonsJson(const archive::TrackReasons& reasons) {
  Json json;
  json["credits"] = Json::array();
  for (const auto& credit : reasons.credits) {
    json["credits"].push_back({{"name", credit.name},
                               {"role", credit.role},
                               {"written", credit.written},
                               {"why", whyJson(credit.why)}});
  }
  json["work"] = whyJson(reasons.work);
  json["movement"] = whyJson(reasons.movement);
  return json;
}

}  // namespace attacca::cli
