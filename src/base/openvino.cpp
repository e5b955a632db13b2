#include "attacca/base/openvino.h"

#include <system_error>

namespace attacca {

std::optional<std::filesystem::path> openVinoLibrary(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().filename().native().starts_with("libopenvino_c.so")) return entry.path();
  }
  return std::nullopt;
}

}  // namespace attacca
