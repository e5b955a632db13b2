// SHA-256 (FIPS 180-4), by nettle, which uses the processor's SHA instructions where it has them.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace attacca {

struct Sha256Digest {
  std::array<std::uint8_t, 32> bytes{};

  std::string hex() const;  // 64 lower-case digits
  static std::optional<Sha256Digest> fromHex(std::string_view hex);
  // NOLINTNEXTLINE(modernize-use-nullptr): the check mistakes what the compiler makes of this
  friend auto operator<=>(const Sha256Digest&, const Sha256Digest&) = default;
};

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  void updateLittleEndian(std::uint64_t value);  // eight bytes
  Sha256Digest finish();                         // also starts anew

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest sha256(std::span<const std::byte> bytes);
Sha256Digest sha256(std::string_view text);
// Reads block by block: of a mapped file all pages would count as the memory of this process.
Sha256Digest sha256OfFile(const std::filesystem::path& file);

// Names one recorded sound: SHA-256 over its compressed packets, codec parameters and skipped
// samples, never over tags (DESIGN: identity).
struct AudioHash {
  Sha256Digest digest;

  std::string hex() const { return digest.hex(); }
  // NOLINTNEXTLINE(modernize-use-nullptr): the check mistakes what the compiler makes of this
  friend auto operator<=>(const AudioHash&, const AudioHash&) = default;
};

}  // namespace attacca

template <>
struct std::hash<attacca::AudioHash> {
  std::size_t operator()(const attacca::AudioHash& audio) const noexcept {
    std::size_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | audio.digest.bytes[i];
    return value;
  }
};
