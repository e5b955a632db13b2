// JSON for programs: always valid, whatever bytes a file name holds.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "attacca/archive/types.h"

namespace attacca::cli {

using Json = nlohmann::ordered_json;

// A path that is not valid UTF-8 is shown with U+FFFD, and as it is in "<key>_bytes", in hex.
void putPath(Json& object, const std::string& key, std::string_view path);
Json trackJson(const archive::Track& track);
std::string toText(const Json& json);  // indented, with a final line end

}  // namespace attacca::cli
