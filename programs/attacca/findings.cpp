#include "findings.h"

#include <fmt/format.h>

namespace attacca::cli {

Json findingsJson(std::span<const app::Finding> findings) {
  Json list = Json::array();
  for (const auto& finding : findings) {
    list.push_back(
        {{"damage", finding.damage}, {"what", finding.what}, {"remedy", finding.remedy}});
  }
  return list;
}

std::string findingsText(std::span<const app::Finding> findings) {
  std::string text;
  for (const auto& finding : findings) {
    text += fmt::format("{}: {}\n  {}\n", finding.damage ? "damage" : "note", finding.what,
                        finding.remedy);
  }
  return text;
}

}  // namespace attacca::cli
