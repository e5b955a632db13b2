// CRC-32C (Castagnoli), and its masked form that LevelDB tables and TensorFlow bundles store.
#pragma once

#include <cstdint>
#include <string_view>

namespace attacca::embed {

std::uint32_t crc32c(std::string_view bytes);
std::uint32_t maskedCrc32c(std::string_view bytes);

}  // namespace attacca::embed
