// Small checkpoints and packages made up by the tests, in the formats that the importer reads.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "attacca/base/representation.h"

#include "tensor_bundle.h"

namespace attacca::embed::test {

using Tensors = std::map<std::string, Tensor, std::less<>>;

struct Checkpoint {
  std::string index;
  std::string data;
};
// Several keys share prefixes within a block, and there is more than one block.
Checkpoint writeCheckpoint(const Tensors& tensors);

// A zip archive of these members, deflated or stored.
std::string writeZip(const std::map<std::string, std::string>& members, bool deflated);

// Trained-looking weights: most filters dead (tiny weights, a constant output), some scales
// negative.
Tensors randomMusicnn(unsigned seed);
Tensors randomVgg(unsigned seed);

// What the whole network gives, unreduced, in double precision. `clip` is frames x 96.
struct Outputs {
  std::vector<double> embedding;
  std::vector<double> tags;
};
Outputs naiveMusicnn(const Tensors& tensors, const std::vector<float>& clip);
Outputs naiveVgg(const Tensors& tensors, const std::vector<float>& clip);

// A package of these tensors, and the manifest that names it.
struct Package {
  std::string wheel;
  Manifest manifest;
};
Package makePackage(const std::string& network, int frames, unsigned seed);
// Sets the manifest's sha256 to that of the wheel as it is now.
void trust(Package& package);

}  // namespace attacca::embed::test
