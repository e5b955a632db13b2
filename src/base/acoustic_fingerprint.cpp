#include "attacca/base/acoustic_fingerprint.h"

#include <cassert>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"

namespace attacca {
namespace {

constexpr std::string_view kMagic = "ATTPRINT";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kAlgorithm = 2;
constexpr std::size_t kHeaderBytes = 24;
constexpr std::size_t kSumBytes = 32;

void put(std::string& bytes, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
}

std::uint32_t get(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[offset + i]);
  }
  return value;
}

std::string sumOf(std::string_view bytes) {
  const Sha256Digest digest = sha256(bytes);
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

}  // namespace

std::string fingerprintBytes(std::span<const FingerprintItem> items) {
  assert(items.size() <= kMostFingerprintItems);
  std::string bytes(kMagic);
  put(bytes, kVersion);
  put(bytes, kAlgorithm);
  put(bytes, kFingerprintRateHz);
  put(bytes, kFingerprintStep);
  for (const FingerprintItem item : items) put(bytes, item);
  return bytes + sumOf(bytes);
}

std::vector<FingerprintItem> readFingerprint(std::span<const std::byte> file,
                                             std::string_view name) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  const auto corrupt = [&](std::string_view what) {
    return Error(Fault::corrupt, fmt::format("the acoustic fingerprint {} {}", name, what),
                 "delete it and add the recording again");
  };
  if (bytes.size() < kHeaderBytes + kSumBytes || !bytes.starts_with(kMagic)) {
    throw corrupt("is not a fingerprint file");
  }
  if (get(bytes, 8) != kVersion) throw corrupt("is of another version");
  const std::string_view summed = bytes.substr(0, bytes.size() - kSumBytes);
  if (sumOf(summed) != bytes.substr(summed.size())) throw corrupt("is not as it was written");
  if (get(bytes, 12) != kAlgorithm || get(bytes, 16) != kFingerprintRateHz ||
      get(bytes, 20) != kFingerprintStep) {
    throw corrupt("is of another algorithm");
  }
  const std::size_t items = (summed.size() - kHeaderBytes) / sizeof(FingerprintItem);
  if (items > kMostFingerprintItems ||
      kHeaderBytes + items * sizeof(FingerprintItem) != summed.size()) {
    throw corrupt("has a length that makes no sense");
  }
  std::vector<FingerprintItem> values(items);
  for (std::size_t i = 0; i < items; ++i) values[i] = get(bytes, kHeaderBytes + 4 * i);
  return values;
}

}  // namespace attacca
