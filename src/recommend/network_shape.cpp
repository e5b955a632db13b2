#include "network_shape.h"

#include <array>
#include <numeric>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::recommend {
namespace {

struct Bound {
  std::string_view name;
  std::size_t value;
  std::size_t least;
  std::size_t most;
};

// Far more than is of use; small enough that no product of two overflows.
constexpr std::size_t kMostInput = std::size_t{1} << 24;
constexpr std::size_t kMostWidth = std::size_t{1} << 14;
constexpr std::size_t kMostLayers = 64;

class Shapes {
 public:
  explicit Shapes(const NetworkShape& shape) : width_(shape.width) {}

  void linear(const std::string& name, std::size_t out, std::size_t in) {
    all[name + ".weight"] = {out, in};
    all[name + ".bias"] = {out};
  }
  void norm(const std::string& name) {
    all[name + ".weight"] = {width_};
    all[name + ".bias"] = {width_};
  }

  TensorShapes all;

 private:
  std::size_t width_;
};

void addSequence(Shapes& shapes, const NetworkShape& shape) {
  shapes.all["positions"] = {shape.length, shape.width};
  shapes.norm("norm");
  for (std::size_t layer = 0; layer < shape.layers; ++layer) {
    const std::string name = fmt::format("layers.{}.", layer);
    for (const auto* part : {"query", "key", "value", "output"}) {
      shapes.linear(name + "attention." + part, shape.width, shape.width);
    }
    shapes.norm(name + "attention.norm");
    shapes.linear(name + "feed_forward.in", shape.feed_forward, shape.width);
    shapes.linear(name + "feed_forward.out", shape.width, shape.feed_forward);
    shapes.norm(name + "feed_forward.norm");
  }
  if (shape.kind == NetworkKind::sasrec) return;
  shapes.all["mask"] = {shape.width};
  shapes.linear("output", shape.width, shape.width);
  shapes.norm("output.norm");
  if (shape.items == ItemInput::ids) shapes.all["item_bias"] = {shape.input};
}

}  // namespace

std::string_view nameOf(NetworkKind kind) {
  switch (kind) {
    case NetworkKind::bert4rec:
      return "bert4rec";
    case NetworkKind::sasrec:
      return "sasrec";
    case NetworkKind::shallow:
      return "shallow";
    case NetworkKind::contrastive:
      break;
  }
  return "contrastive";
}

std::optional<NetworkKind> networkKind(std::string_view name) {
  for (const NetworkKind kind : kNetworkKinds) {
    if (nameOf(kind) == name) return kind;
  }
  return std::nullopt;
}

std::size_t elements(const std::vector<std::size_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

std::optional<std::string> faultOf(const NetworkShape& shape) {
  const bool sequences = readsSequences(shape.kind);
  const bool hidden = shape.kind == NetworkKind::contrastive;
  const std::size_t most = sequences ? kMostWidth : 0;
  const std::array bounds = {
      Bound{"input", shape.input, 1, kMostInput},
      Bound{"width", shape.width, 1, kMostWidth},
      Bound{"hidden", shape.hidden, hidden ? 1U : 0U, hidden ? kMostWidth : 0},
      Bound{"layers", shape.layers, sequences ? 1U : 0U, sequences ? kMostLayers : 0},
      Bound{"heads", shape.heads, sequences ? 1U : 0U, most},
      Bound{"feed_forward", shape.feed_forward, sequences ? 1U : 0U, most},
      Bound{"length", shape.length, sequences ? 2U : 0U, most},
  };
  for (const Bound& bound : bounds) {
    if (bound.value < bound.least || bound.value > bound.most) {
      return fmt::format("{} of a {} network is {} to {}, not {}", bound.name, nameOf(shape.kind),
                         bound.least, bound.most, bound.value);
    }
  }
  if (sequences && shape.width % shape.heads != 0) {
    return fmt::format("a width of {} cannot be shared by {} heads", shape.width, shape.heads);
  }
  if (!sequences && shape.items == ItemInput::ids) {
    return fmt::format("a {} network reads embeddings, not ids", nameOf(shape.kind));
  }
  return std::nullopt;
}

TensorShapes tensorShapes(const NetworkShape& shape) {
  Shapes shapes(shape);
  if (shape.items == ItemInput::content) {
    shapes.all["input.mean"] = {shape.input};
    shapes.all["input.scale"] = {shape.input};
  }
  if (shape.kind == NetworkKind::contrastive) {
    shapes.linear("hidden", shape.hidden, shape.input);
    shapes.linear("items", shape.width, shape.hidden);
  } else if (shape.items == ItemInput::content) {
    shapes.linear("items", shape.width, shape.input);
  } else {
    shapes.all["items.weight"] = {shape.input, shape.width};
  }
  if (readsSequences(shape.kind)) addSequence(shapes, shape);
  return std::move(shapes.all);
}

Network emptyNetwork(const NetworkShape& shape) {
  if (const auto fault = faultOf(shape)) {
    throw Error(Fault::usage, *fault, "change the training's configuration");
  }
  Network network{shape, {}};
  for (auto& [name, sizes] : tensorShapes(shape)) {
    const std::size_t size = elements(sizes);
    network.tensors.emplace(name, Tensor{sizes, std::vector<float>(size)});
  }
  return network;
}

}  // namespace attacca::recommend
