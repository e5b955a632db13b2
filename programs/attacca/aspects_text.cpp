#include "aspects_text.h"

#include <fmt/format.h>

namespace attacca::cli {

std::string aspectsWords(const std::optional<Aspects>& aspects) {
  return aspects ? fmt::format("{}", fmt::join(wordsFor(*aspects), ", ")) : "";
}

Json aspectsJson(const std::optional<Aspects>& aspects) {
  if (!aspects) return nullptr;
  Json json;
  json["words"] = wordsFor(*aspects);
  json["key_name"] = keyStandsOut(*aspects) ? Json(keyName(*aspects)) : Json();
  const auto row = rowOf(*aspects);
  for (std::size_t i = 0; i < kAspects; ++i) json[std::string(kAspectNames[i])] = row[i];
  return json;
}

std::string tempoText(const Aspects& aspects) {
  if (!tempoStandsOut(aspects)) return "no steady pulse";
  return fmt::format("about {:.0f} beats a minute (or half or twice that), confidence {:.2f}",
                     aspects.tempo_bpm, aspects.tempo_confidence);
}

std::string keyText(const Aspects& aspects) {
  if (!keyStandsOut(aspects)) return "none stands out";
  return fmt::format("{}, confidence {:.2f}", keyName(aspects), aspects.key_confidence);
}

}  // namespace attacca::cli
