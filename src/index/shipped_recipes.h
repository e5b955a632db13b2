// The texts of recipes/*.toml, built in by CMake.
#pragma once

#include <string_view>
#include <vector>

namespace attacca::index::detail {

struct ShippedRecipe {
  std::string_view file;
  std::string_view text;
};
const std::vector<ShippedRecipe>& shippedRecipeTexts();

}  // namespace attacca::index::detail
