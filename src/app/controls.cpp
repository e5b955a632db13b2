#include "attacca/app/controls.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace attacca::app {
namespace {

constexpr std::string_view kShuffled = "shuffled-";

// SHA-256 in counter mode is a generator that is the same everywhere.
std::array<double, 4> uniforms(const AudioHash& hash, std::uint64_t counter) {
  Sha256 sha;
  sha.update("attacca random 1");
  sha.update(std::as_bytes(std::span(hash.digest.bytes)));
  sha.updateLittleEndian(counter);
  const Sha256Digest digest = sha.finish();
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::uint64_t bits = 0;
    for (std::size_t j = 0; j < 8; ++j) bits = bits << 8 | digest.bytes[8 * i + j];
    numbers[i] = (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;  // 0 and 1 are left out
  }
  return numbers;
}

Sha256Digest drawn(const AudioHash& hash) {
  Sha256 sha;
  sha.update("attacca shuffled 1");
  sha.update(std::as_bytes(std::span(hash.digest.bytes)));
  return sha.finish();
}

}  // namespace

std::vector<float> randomVector(const AudioHash& hash) {
  std::vector<float> vector;
  vector.reserve(kRandomDimension);
  for (std::uint64_t counter = 0; vector.size() < kRandomDimension; ++counter) {
    const auto u = uniforms(hash, counter);
    for (const std::size_t i : {std::size_t{0}, std::size_t{2}}) {  // Box and Muller 1958
      const double length = std::sqrt(-2 * std::log(u[i]));
      const double angle = 2 * std::numbers::pi * u[i + 1];
      vector.push_back(static_cast<float>(length * std::cos(angle)));
      vector.push_back(static_cast<float>(length * std::sin(angle)));
    }
  }
  return vector;
}

std::string shuffledName(std::string_view name) {
  return std::string(kShuffled) + std::string(name);
}

std::optional<std::string_view> shuffledOf(std::string_view shuffled_name) {
  if (!shuffled_name.starts_with(kShuffled)) return std::nullopt;
  return shuffled_name.substr(kShuffled.size());
}

Shuffle::Shuffle(std::span<const AudioHash> recordings) {
  std::vector<AudioHash> from(recordings.begin(), recordings.end());
  std::sort(from.begin(), from.end());
  from.erase(std::unique(from.begin(), from.end()), from.end());
  // In the order of hashes of their hashes: one of all permutations, each as likely as another.
  std::vector<std::pair<Sha256Digest, AudioHash>> keyed;
  keyed.reserve(from.size());
  for (const auto& hash : from) keyed.emplace_back(drawn(hash), hash);
  std::sort(keyed.begin(), keyed.end());
  for (std::size_t i = 0; i < from.size(); ++i) stand_ins_.emplace(from[i], keyed[i].second);
}

const AudioHash* Shuffle::standIn(const AudioHash& recording) const {
  const auto found = stand_ins_.find(recording);
  return found == stand_ins_.end() ? nullptr : &found->second;
}

}  // namespace attacca::app
