// Representations: a way to make vectors out of recordings, with its front end, clips and pooling,
// as a manifest says.
//
// The manifest is a TOML file that travels with the model. Attacca ships the manifests of the
// representations it knows (models/*.toml, built into the program). Model files are imported from
// their authors' packages or brought by people, into representations/<name>@<fingerprint>/; what is
// built in has no model file. docs/manifests.md shows each kind.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "attacca/base/sha256.h"
#include "attacca/base/units.h"

namespace attacca {

// Where a model's official weights come from, when they come as a Python package.
struct ModelSource {
  std::string package;  // PyPI name, "musicnn"; empty: they do not
  std::string version;  // "0.1.0"
  std::string file;     // "musicnn-0.1.0-py3-none-any.whl"
  std::string sha256;   // of that file, hex
  std::string member;   // folder inside it, "musicnn/MSD_musicnn"
};

// How a person gets the model file of an ONNX model. All may be empty.
struct ModelOrigin {
  std::string page;     // where its authors publish it
  std::string command;  // what makes the file: "models/export/all.sh mert-95m"
  std::string sha256;   // of the file, hex, where it is the same everywhere
};

// ---- Front ends: what a network is given instead of samples

// Numbers of MusicNN's log-mel front end.
struct LogMelFrontEnd {
  int rate_hz = 16000;
  int fft = 512;   // samples, periodic Hann window of the same length
  int hop = 256;   // samples
  int bands = 96;  // Slaney mel, Slaney norm
  double low_hz = 0;
  double high_hz = 8000;
  bool round_to_float16 = true;  // of the mel power, before the logarithm
  double log_scale = 10000;      // log10(log_scale * power + 1)

  friend bool operator==(const LogMelFrontEnd&, const LogMelFrontEnd&) = default;
};

enum class MelScale { slaney, htk };
enum class MelNorm { slaney, none };
enum class Spectrum { power, magnitude };
// Frames are centred, and what lies beyond both ends is the mirrored sound (without repeating the
// outermost sample) or zeros; or the first frame starts with the first sample.
enum class MelEdges { reflect, zeros, none };
enum class MelLogarithm {
  one_plus,  // log10(1 + log_scale * x)
  decibel,   // 10 log10(max(x, floor)), then nothing below the clip's loudest value - top_db
  natural,   // ln(max(x, floor))
};

// Numbers of any other log-mel front end, in the terms of librosa and torchaudio.
struct MelFrontEnd {
  int rate_hz = 24000;
  int fft = 2048;     // samples
  int window = 2048;  // samples of the Hann window, in the middle of the FFT
  // Its last sample is 0 as its first, as in essentia; otherwise it is periodic.
  bool symmetric = false;
  int hop = 240;  // samples
  int bands = 128;
  double low_hz = 0;
  double high_hz = 12000;
  MelScale scale = MelScale::htk;
  MelNorm norm = MelNorm::none;
  Spectrum spectrum = Spectrum::power;
  MelEdges edges = MelEdges::reflect;
  MelLogarithm logarithm = MelLogarithm::decibel;
  double log_scale = 1;  // of one_plus
  double floor = 1e-10;  // of decibel and natural
  double top_db = 0;     // of decibel; 0: no such limit
  double mean = 0;       // at last (x - mean) / deviation
  double deviation = 1;
  bool by_clip = true;  // each clip has edges of its own; otherwise only the recording has

  friend bool operator==(const MelFrontEnd&, const MelFrontEnd&) = default;
};

// The samples themselves.
struct WaveFrontEnd {
  int rate_hz = 24000;
  // Each clip to zero mean and unit variance: (x - mean) / sqrt(variance + epsilon).
  bool normalise = false;
  double epsilon = 1e-7;

  friend bool operator==(const WaveFrontEnd&, const WaveFrontEnd&) = default;
};

using FrontEnd = std::variant<LogMelFrontEnd, MelFrontEnd, WaveFrontEnd>;

// ---- Clips

// Which clips of a recording are heard.
enum class ClipChoice {
  all,     // every whole clip from the start; the tail is dropped
  first,   // the first clip only (what the published extractor in fact describes)
  random,  // one clip, drawn with a generator seeded by the audio hash
  middle,  // whole clips of the middle `choice_seconds` seconds
  whole,   // the recording is one clip, however long
};

// A recording shorter than a clip is continued with zeros to one clip. For `whole` all numbers
// are 0.
struct ClipRule {
  int frames = 187;  // front end frames in a clip: what the network is given; 0 for a wave
  int hop = 187;     // from one clip's start to the next: frames, or samples where `samples` > 0
  ClipChoice choice = ClipChoice::all;
  double choice_seconds = 0;
  int samples = 0;  // in a clip, where the front end is a wave or works clip by clip; else 0

  friend bool operator==(const ClipRule&, const ClipRule&) = default;
};

// ---- The network

// What the chosen output of an ONNX model holds for a clip.
enum class OutputLayout {
  row,         // one vector
  time_first,  // time x dimension, averaged over time
  time_last,   // dimension x time, averaged over time
};
// How an ONNX model wants the bands of a mel front end.
enum class InputLayout { time_first, time_last };
enum class Precision {
  fp32,
  bf16,  // where the processor computes with it, fp32 elsewhere; the manifest says how near it is
};

struct Manifest {
  std::string name;     // "msd-musicnn": lower case letters, digits, "-"
  std::string title;    // for people
  std::string licence;  // SPDX id of the weights
  std::string credit;
  ModelSource source;  // of "musicnn" and "vgg"
  ModelOrigin origin;  // of "onnx"
  FrontEnd front_end;
  // "musicnn", "vgg": own kernels. "onnx": any model, by OpenVINO. "aspects", "mfcc", "chroma":
  // built in, computed without a model. "external": computed elsewhere.
  std::string network;
  std::string layer;  // "penultimate" or "pool5"; the name of an ONNX model's output
  int dimension = 0;
  int version = 0;                   // built in: what is computed changes with it
  std::vector<std::string> numbers;  // names of the dimensions, where they have names
  OutputLayout output = OutputLayout::row;
  InputLayout input = InputLayout::time_first;
  Precision precision = Precision::fp32;
  double bf16_cosine = 0;  // to fp32, the least that was measured; 0: not measured
  int memory_mb = 0;       // that running the model takes, measured; 0: guessed from its file
  ClipRule clips;
  std::string pooling;  // of clips: "mean"
  std::string silence;  // "keep": nothing is skipped

  // Throws Fault::refused naming `where` it was written and the field.
  static Manifest parse(std::string_view toml, std::string_view where);
  std::string toml() const;  // parse(toml()) gives an equal manifest
};

// bf16 is refused where less was measured.
constexpr double kLeastBf16Cosine = 0.999;

int rateHz(const FrontEnd& front_end);
inline int rateHz(const Manifest& manifest) { return rateHz(manifest.front_end); }
// No model file: always ready. Everywhere else a digest of the model file is asked for, {} will do.
bool isBuiltIn(const Manifest& manifest);
bool isOnnx(const Manifest& manifest);
// Computed elsewhere: its manifest has neither front end nor clips, and a `version` that stands for
// the model file. Its embeddings are imported.
bool isExternal(const Manifest& manifest);
// Of sound. 0 for a clip that is the whole recording.
Seconds clipLength(const Manifest& manifest);
// Where all clips are heard, row i of an embedding starts at i * clipHop. Then rowsPerSecond says
// the same; it is 0 where nothing says when a row sounds (one clip of a recording, or what was
// computed elsewhere).
Seconds clipHop(const Manifest& manifest);
double rowsPerSecond(const Manifest& manifest);
// The embedding of a recording may be several rows, as its front end and clips say.
bool hasSeveralClips(const Manifest& manifest);

// Identifies name + everything that changes an embedding: model file (or version), front end,
// layer, clips, pooling, silence rule. 16 hex digits of SHA-256.
std::string fingerprint(const Manifest& manifest, const Sha256Digest& model_file);
// "msd-musicnn@0123456789abcdef"
std::string versionedName(const Manifest& manifest, const Sha256Digest& model_file);

// The manifests that the program ships, in order of names.
std::span<const Manifest> shippedManifests();
// Throws Fault::notFound, listing the names there are.
const Manifest& shippedManifest(std::string_view name);

}  // namespace attacca
