// Why a track's people, work and movement are what they are.
#pragma once

#include <string>

#include "attacca/archive/types.h"

#include "json_text.h"

namespace attacca::cli {

// "90 %: the catalogue number agrees"; "" where nothing was concluded.
std::string whyText(const archive::Why& why);
Json whyJson(const archive::Why& why);

// Indented lines, one a conclusion.
std::string reasonsText(const archive::TrackReasons& reasons);
Json reasonsJson(const archive::TrackReasons& reasons);

}  // namespace attacca::cli
