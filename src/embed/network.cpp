#include "attacca/embed/network.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "network_parts.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kLineBytes = 64;
constexpr std::size_t kLineFloats = kLineBytes / sizeof(float);

std::vector<float> padded(std::span<const float> values, std::size_t to) {
  std::vector<float> result(values.begin(), values.end());
  result.resize(to, 0.0F);
  return result;
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> result;
  while (true) {
    const std::size_t end = text.find('\n');
    result.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return result;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::span<float> Workspace::floats(std::size_t count) {
  if (memory_.size() < count + kLineFloats) memory_.resize(count + kLineFloats);
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
  const std::size_t skip = (kLineBytes - address % kLineBytes) % kLineBytes / sizeof(float);
  return std::span(memory_).subspan(skip, count);
}

ChannelAffine readAffine(const Model& model, const std::string& name, std::size_t channels,
                         std::size_t to, bool after_maximum) {
  ChannelAffine affine{std::vector<float>(to, 1.0F),
                       padded(model.floats(name + "/bias", {channels}), to),
                       padded(model.floats(name + "/scale", {channels}), to),
                       padded(model.floats(name + "/shift", {channels}), to)};
  for (std::size_t c = 0; c < channels; ++c) {
    if (after_maximum && affine.scale[c] < 0) affine.sign[c] = -1.0F;
  }
  return affine;
}

TagLayer::TagLayer(const Model& model, std::size_t inputs, const Kernels& kernels)
    : kernels_(&kernels), inputs_(inputs), names_(lines(model.text("tags/names"))) {
  const std::size_t tags = names_.size();
  const std::span<const float> kernel = model.floats("tags/kernel", {inputs, tags});
  matrix_ = packMatrix(kernel.data(), inputs, tags, kernels.lanes);
  bias_ = padded(model.floats("tags/bias", {tags}), roundUp(tags, kernels.lanes));
}

void TagLayer::run(const float* embedding, std::span<float> tags, float* scratch) const {
  Product product;
  product.in = &embedding;
  product.segments = 1;
  product.length = inputs_;
  product.matrix = matrix_.data();
  product.rows = 1;
  product.columns = bias_.size();
  product.start = bias_.data();
  product.out = scratch;
  kernels_->product(product);
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = 1.0F / (1.0F + std::exp(-scratch[i]));
}

std::shared_ptr<const Network> makeNetwork(const Model& model, Target target) {
  const Kernels& chosen = kernels(resolveTarget(target));
  if (model.bands() != kMelBands) {
    throw Error(Fault::unsupported,
                fmt::format("a model of {} bands is not one that this program has", model.bands()));
  }
  if (model.network() == "musicnn") return makeMusicnn(model, chosen);
  if (model.network() == "vgg") return makeVgg(model, chosen);
  throw Error(Fault::unsupported,
              fmt::format("the network {} is not one that this program has", model.network()));
}

}  // namespace attacca::embed
