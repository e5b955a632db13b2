#include "attacca/base/sha256.h"

#include <cerrno>
#include <vector>

#include <nettle/sha2.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"

namespace attacca {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

}  // namespace

struct Sha256::State {
  sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { sha256_init(&state_->context); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
  sha256_update(&state_->context, bytes.size(),
                reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

void Sha256::update(std::string_view text) { update(std::as_bytes(std::span(text))); }

void Sha256::updateLittleEndian(std::uint64_t value) {
  std::array<std::byte, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
  }
  update(bytes);
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  sha256_digest(&state_->context, digest.bytes.size(), digest.bytes.data());
  return digest;
}

Sha256Digest sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Sha256Digest sha256(std::string_view text) { return sha256(std::as_bytes(std::span(text))); }

Sha256Digest sha256OfFile(const std::filesystem::path& file) {
  const UniqueFd input = openToRead(file);
  Sha256 hash;
  std::vector<std::byte> block(kBlock);
  while (true) {
    const ssize_t count = ::read(input.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throwErrno("read", file.native());
    if (count == 0) return hash.finish();
    hash.update({block.data(), static_cast<std::size_t>(count)});
  }
}

std::string Sha256Digest::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<Sha256Digest> Sha256Digest::fromHex(std::string_view hex) {
  Sha256Digest digest;
  if (hex.size() != 2 * digest.bytes.size()) return std::nullopt;
  const auto value = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    const int high = value(hex[2 * i]);
    const int low = value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return digest;
}

}  // namespace attacca
