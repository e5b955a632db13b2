// Rows in JSON. Each is parsed by itself, so that one that is broken is refused and the others are
// not.
#pragma once

#include <string_view>

#include "table_rows.h"

namespace attacca::app {

// `text` is valid UTF-8 and begins, after white space, with '[' or '{'.
Table readJson(std::string_view text, std::string_view name);

}  // namespace attacca::app
