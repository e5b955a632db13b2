// What a verification found, for people and for programs.
#pragma once

#include <span>
#include <string>

#include "attacca/app/verify.h"

#include "json_text.h"

namespace attacca::cli {

Json findingsJson(std::span<const app::Finding> findings);
std::string findingsText(std::span<const app::Finding> findings);

}  // namespace attacca::cli
