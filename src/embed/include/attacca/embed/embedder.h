// From samples to clip embeddings, streaming: every representation asked for in one pass, each
// front end computed once and each network run once a clip, however many representations share
// them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attacca/base/hearing.h"
#include "attacca/base/representation.h"
#include "attacca/base/units.h"
#include "attacca/embed/network.h"

namespace attacca::embed {

// A representation that is ready for use. Copying it is cheap.
struct Representation {
  Manifest manifest;
  std::shared_ptr<const Network> network;  // null for what is built in (features.h)

  // Checks that model and manifest fit together. Throws Fault::corrupt naming the representation.
  static Representation load(const Manifest& manifest, FileBytes model_file,
                             Target target = Target::best);
  // Of what is built in. Throws Fault::unsupported for a manifest that this program cannot do.
  static Representation builtIn(const Manifest& manifest);
};

// Called once for each row (manifest.dimension values) in order of time; `tags` has one value for
// each of the network's tags. Both are valid during the call only.
using RowSink = std::function<void(std::span<const float> embedding, std::span<const float> tags)>;

struct Asked {
  Representation representation;
  RowSink sink;
};

struct Embedded {
  std::int64_t clips = 0;           // rows given to the sink
  std::optional<std::string> note;  // what a person should know
};

constexpr Seconds kLeastSound{0.5};

// Hears one recording. Which clips:
//   all     from the start, as many as fit; the tail is dropped
//   first   the first of these
//   random  one of these: number floor(h n / 2^64), where n is their number and h the first eight
//           bytes, little-endian, of SHA-256("attacca random clip" and the audio hash's 32 bytes)
//   middle  those of them whose centre lies within the middle `choice_seconds` seconds, or the one
//           whose centre is nearest to the middle if there is none
// A recording shorter than a clip is continued with zeros to one clip, and a note says so. What is
// built in makes its own rows (features.h).
//
// `all` and `first` rows go to the sink as soon as they are known. `random` and `middle` depend on
// the recording's end, so their rows are kept until then: 4 x dimension bytes for each 3 seconds,
// 3 MB for three hours. Otherwise memory does not grow. One thread at a time.
class Listener {
 public:
  Listener(std::vector<Asked> asked, Target target = Target::best);
  ~Listener();
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;

  // Mono samples at the rate of the representations (all of them must have the same).
  void hear(std::span<const float> samples);
  // One entry for each representation asked for, in the same order. Throws Fault::refused if less
  // than kLeastSound was heard. The listener is then done. `loudness` is of the recording.
  std::vector<Embedded> finish(const AudioHash& audio, const Loudness& loudness = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::embed
