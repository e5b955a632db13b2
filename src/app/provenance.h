// provenance.json: whose numbers embeddings are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "attacca/base/representation.h"
#include "attacca/base/units.h"

namespace attacca::app {

struct Provenance {
  std::string versioned_name;
  Manifest manifest;
  bool clips = false;  // a row is a clip, else a track
  std::size_t rows = 0;
  std::size_t tracks = 0;
  std::string program;
  UnixTime made{};
};

std::string encodeProvenance(const Provenance& provenance);
// `name` is for messages. Reads which representation it is and what a row is; the rest is for
// people. Throws Fault::refused.
Provenance decodeProvenance(std::string_view json, std::string_view name);

// "name@" and 16 hex digits, with that name.
bool isVersionOf(std::string_view versioned_name, std::string_view name);

}  // namespace attacca::app
