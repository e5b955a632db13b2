// What a recording sounds like, in words and numbers.
#pragma once

#include <optional>
#include <string>

#include "attacca/base/aspects.h"

#include "json_text.h"

namespace attacca::cli {

// "slow, soft, dark"; "" where nothing is out of the ordinary or known.
std::string aspectsWords(const std::optional<Aspects>& aspects);
// null, or {"words": [..], "key_name": "D minor" or null where none stands out, and each number by
// its name}.
Json aspectsJson(const std::optional<Aspects>& aspects);

// "about 92 beats a minute (or half or twice that), confidence 0.61"; "no steady pulse".
std::string tempoText(const Aspects& aspects);
// "D minor, confidence 0.72"; "none stands out".
std::string keyText(const Aspects& aspects);

}  // namespace attacca::cli
