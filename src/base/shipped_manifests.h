// The texts of models/*.toml, built in by CMake.
#pragma once

#include <string_view>
#include <vector>

namespace attacca::detail {

struct ShippedManifest {
  std::string_view file;
  std::string_view text;
};
const std::vector<ShippedManifest>& shippedManifestTexts();

}  // namespace attacca::detail
