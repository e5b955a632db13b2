// What training says in the end, to people and to programs.
#pragma once

#include <string>

#include "attacca/recommend/trained_model.h"

#include "json_text.h"
#include "material.h"

namespace attacca::cli {

// Of a log, what could not be learned from; empty where that is nothing. Lines.
std::string leftOutText(const LeftOut& left_out, const std::string& log);
Json leftOutJson(const LeftOut& left_out);

// `used`: `attacca recommend` takes it unless told otherwise. `archive`: it is an archive's.
std::string cardText(const recommend::ModelCard& card, bool used, bool archive,
                     const std::string& folder);

}  // namespace attacca::cli
