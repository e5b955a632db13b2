// Representations: a pretrained model with its front end, clips and pooling, as a manifest says.
//
// The manifest is a TOML file that travels with the model. Attacca ships the manifests of the
// representations it knows (models/*.toml, built into the program); the model files are imported
// from their authors' packages into representations/<name>@<fingerprint>/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/sha256.h"

namespace attacca {

// Where a model's official weights come from.
struct ModelSource {
  std::string package;  // PyPI name, "musicnn"
  std::string version;  // "0.1.0"
  std::string file;     // "musicnn-0.1.0-py3-none-any.whl"
  std::string sha256;   // of that file, hex
  std::string member;   // folder inside it, "musicnn/MSD_musicnn"
};

// Numbers of the log-mel front end.
struct LogMelFrontEnd {
  int rate_hz = 16000;
  int fft = 512;   // samples, periodic Hann window of the same length
  int hop = 256;   // samples
  int bands = 96;  // Slaney mel, Slaney norm
  double low_hz = 0;
  double high_hz = 8000;
  bool round_to_float16 = true;  // of the mel power, before the logarithm
  double log_scale = 10000;      // log10(log_scale * power + 1)
};

// Which clips of a recording are heard.
enum class ClipChoice {
  all,     // every whole clip from the start; the tail is dropped
  first,   // the first clip only (what the published extractor in fact describes)
  random,  // one clip, drawn with a generator seeded by the audio hash
  middle,  // whole clips of the middle `choice_seconds` seconds
};

struct ClipRule {
  int frames = 187;  // front end frames in a clip
  int hop = 187;     // frames from one clip's start to the next
  ClipChoice choice = ClipChoice::all;
  double choice_seconds = 0;
};

struct Manifest {
  std::string name;     // "msd-musicnn": lower case letters, digits, "-"
  std::string title;    // for people
  std::string licence;  // SPDX id of the weights
  std::string credit;
  ModelSource source;
  LogMelFrontEnd front_end;
  std::string network;  // "musicnn" or "vgg"
  std::string layer;    // "penultimate" or "pool5"
  int dimension = 0;
  ClipRule clips;
  std::string pooling;  // "mean"
  std::string silence;  // "keep": nothing is skipped

  // Throws Fault::refused naming `origin` and the field.
  static Manifest parse(std::string_view toml, std::string_view origin);
  std::string toml() const;  // parse(toml()) gives an equal manifest
};

// Identifies name + everything that changes an embedding: model file, front end, layer, clips,
// pooling, silence rule. 16 hex digits of SHA-256.
std::string fingerprint(const Manifest& manifest, const Sha256Digest& model_file);
// "msd-musicnn@0123456789abcdef"
std::string versionedName(const Manifest& manifest, const Sha256Digest& model_file);

// The manifests that the program ships, in order of names.
std::span<const Manifest> shippedManifests();
// Throws Fault::notFound, listing the names there are.
const Manifest& shippedManifest(std::string_view name);

}  // namespace attacca
