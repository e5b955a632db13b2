// A representation for tests: the real network and file formats with few filters and weights drawn
// by a fixed generator, so that no official weights are needed.
#pragma once

#include <filesystem>
#include <string>

namespace attacca::test {

// Installs it under <archive>/representations and returns its versioned name. Its name is "small".
std::string installSmallModel(const std::filesystem::path& archive);

}  // namespace attacca::test
