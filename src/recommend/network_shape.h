// Which tensors a network of a shape has.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "attacca/recommend/network.h"

namespace attacca::recommend {

using TensorShapes = std::map<std::string, std::vector<std::size_t>, std::less<>>;

// What is impossible about a shape, in words; nullopt where nothing is.
std::optional<std::string> faultOf(const NetworkShape& shape);
// Of a shape without fault.
TensorShapes tensorShapes(const NetworkShape& shape);
std::size_t elements(const std::vector<std::size_t>& shape);

inline bool readsSequences(NetworkKind kind) {
  return kind == NetworkKind::bert4rec || kind == NetworkKind::sasrec;
}

}  // namespace attacca::recommend
