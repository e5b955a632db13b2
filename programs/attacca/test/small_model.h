// A representation for tests: the real network and file formats with few filters and weights drawn
// by a fixed generator, so that no official weights are needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace attacca::test {

// Installs it under <archive>/representations and returns its versioned name. Another `seed` is
// another version.
std::string installSmallModel(const std::filesystem::path& archive,
                              const std::string& name = "small", std::uint64_t seed = 1);

}  // namespace attacca::test
