#include "small_model.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "attacca/base/representation.h"
#include "attacca/embed/model_file.h"

namespace attacca::test {
namespace {

constexpr std::size_t kUnits = 200;
constexpr std::size_t kTags = 50;
constexpr std::size_t kMid = 64;

class Weights {
 public:
  explicit Weights(std::uint64_t seed) : state_(seed) {}
  std::vector<float> draw(std::size_t count, float size) {
    std::vector<float> values(count);
    for (auto& value : values) {
      state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
      const auto top = static_cast<std::int32_t>(state_ >> 32);
      value = size * static_cast<float>(top) / 2147483648.0F;
    }
    return values;
  }

 private:
  std::uint64_t state_;
};

std::string smallModel(const Manifest& manifest, std::uint64_t seed) {
  embed::ModelWriter writer(
      "musicnn", static_cast<std::size_t>(manifest.clips.frames),
      static_cast<std::size_t>(std::get<LogMelFrontEnd>(manifest.front_end).bands));
  Weights weights(seed);
  const auto floats = [&](const std::string& name, std::vector<std::size_t> shape, float size) {
    std::size_t count = 1;
    for (const auto length : shape) count *= length;
    writer.floats(name, std::move(shape), weights.draw(count, size));
  };
  const auto affine = [&](const std::string& name, std::size_t n) {
    floats(name + "/bias", {n}, 0.1F);
    writer.floats(name + "/scale", {n}, std::vector<float>(n, 1.0F));
    floats(name + "/shift", {n}, 0.1F);
  };
  writer.floats("input", {2}, std::array{1.0F, -1.0F});
  constexpr std::size_t kTimbral = 6;
  constexpr std::size_t kTemporal = 2;
  for (const std::size_t width : {38, 67}) {
    const std::string name = fmt::format("timbral{}", width);
    floats(name + "/kernel", {kTimbral, 7, width}, 0.1F);
    affine(name, kTimbral);
  }
  for (const std::size_t length : {128, 64, 32}) {
    const std::string name = fmt::format("temporal{}", length);
    floats(name + "/kernel", {kTemporal, length}, 0.1F);
    affine(name, kTemporal);
  }
  const std::size_t front = 2 * kTimbral + 3 * kTemporal;
  const std::size_t first = 8;
  const std::array<std::size_t, 4> sizes{front, first, kMid, kMid};
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    const std::string name = fmt::format("mid{}", i);
    floats(name + "/kernel", {7, sizes[i - 1], sizes[i]}, 0.05F);
    floats(name + "/edge_bias", {7, sizes[i]}, 0.01F);
    affine(name, sizes[i]);
  }
  std::vector<std::int32_t> positions;
  positions.reserve(first);
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(first); ++i) positions.push_back(i * 3);
  writer.integers("mid1/positions", positions);
  const std::size_t pooled = front + first + 2 * kMid;
  floats("dense/kernel", {2 * pooled, kUnits}, 0.05F);
  affine("dense", kUnits);
  floats("tags/kernel", {kUnits, kTags}, 0.05F);
  floats("tags/bias", {kTags}, 0.05F);
  std::string names;
  for (std::size_t i = 0; i < kTags; ++i) names += fmt::format("{}tag{}", i > 0 ? "\n" : "", i);
  writer.text("tags/names", names);
  return writer.bytes();
}

}  // namespace

std::string installSmallModel(const std::filesystem::path& archive, const std::string& name,
                              std::uint64_t seed) {
  Manifest manifest = shippedManifest("msd-musicnn");
  manifest.name = name;
  manifest.title = "A small network for tests";
  manifest.licence = "Apache-2.0";
  manifest.credit = "Attacca";
  const std::string model = smallModel(manifest, seed);
  std::string version = versionedName(manifest, sha256(model));
  const auto folder = archive / "representations" / version;
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "model.bin", std::ios::binary) << model;
  std::ofstream(folder / "manifest.toml") << manifest.toml();
  return version;
}

}  // namespace attacca::test
