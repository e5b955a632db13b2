// Where OpenVINO is, the optional component that runs ONNX models.
#pragma once

#include <filesystem>
#include <optional>

namespace attacca {

// The library with OpenVINO's C functions in a folder, if it is there.
std::optional<std::filesystem::path> openVinoLibrary(const std::filesystem::path& folder);

}  // namespace attacca
