// Names a recording by its compressed sound (DESIGN: identity).
#pragma once

#include "attacca/base/sha256.h"

#include "av.h"
#include "container.h"

namespace attacca::audio {

// SHA-256 over: "attacca audio 1"; the codec's name; rate and channels; the codec's setup without
// comments; the digest of all packets' bytes one after another (where one packet ends does not
// count: for PCM that is the demuxer's whim); and the digest of the samples to skip, each with the
// number of bytes before it. In MP4 the samples to skip do not count: there a tag (iTunSMPB) may
// say them, and tags must not name a recording.
class AudioHasher {
 public:
  AudioHasher(Container container, const AVCodecParameters& parameters);
  void add(const AVPacket& packet);
  AudioHash finish();

 private:
  Sha256 parameters_;
  Sha256 bytes_;
  Sha256 skips_;
  std::uint64_t byte_count_ = 0;
  AVCodecID codec_;
  bool with_skips_;
};

}  // namespace attacca::audio
