// Corrections as a file, to be shared or kept: a JSON list of
// {"subject": "track", "key": "id:6", "field": "composer", "value": "George Enescu", "at": "..."}.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/corrections.h"

namespace attacca::app {

std::string writeCorrections(std::span<const archive::Correction> corrections);
// Checked, without ids. Throws Fault::refused, naming `name` and the line, for anything else: a
// list of corrections is taken whole or not at all.
std::vector<archive::Correction> readCorrections(std::string text, std::string_view name);

}  // namespace attacca::app
