// Hears a recording: opens it, names it by its audio hash, and decodes it once for everyone.
//
// A recording is given as a descriptor, never as a path, and nothing else is ever opened: which
// container it is decides its content, only the containers and codecs of an allow-list are tried,
// and no protocol, playlist or reference to another file is followed. What is read is untrusted;
// call this in a process that may crash.
//
// Everything here runs in the calling thread, starts no thread, and holds memory that does not grow
// with a recording's length. One Recording belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/base/hearing.h"

namespace attacca::audio {

class PeaksWriter;

// Less sound than this is refused.
constexpr Seconds kShortestSound{0.5};
// No block given to a MonoOutput is longer than this (samples).
constexpr std::size_t kLongestBlock = 1 << 15;

// To be called once, before a sandbox is locked: sets libav's limits and silence, which are
// process-wide, and does what libraries put off until first used. Afterwards hearing opens no file,
// starts no thread and reads the descriptor only by pread, lseek and fstat. (A program that links
// this room has an iconv that knows no character set; see warm_up.cpp.)
void warmUp();

// One receiver of the recording as mono at its own rate: the mean of all channels, then soxr HQ, as
// librosa.load(sr=rate_hz, mono=True) of librosa 0.10.2 gives it, ceil(frames * rate_hz / own rate)
// samples in all. At the recording's own rate the samples pass unchanged.
struct MonoOutput {
  int rate_hz = 0;
  std::function<void(std::span<const float>)> take;  // blocks in order; valid during the call
};

struct DecodePlan {
  std::vector<MonoOutput> outputs{};
  PeaksWriter* peaks = nullptr;             // receives the waveform and the loudness; may be null
  std::function<void(Seconds)> progress{};  // of music decoded so far, about once a second of it
  std::stop_token stop{};                   // asked for between packets: Fault::cancelled
};

// What decoding found.
struct Sound {
  AudioHash hash;
  Seconds duration{};  // of what was decoded
  Loudness loudness;
  std::vector<std::string> notes;  // damage, for people; empty when all is well
};

class Recording {
 public:
  // The descriptor stays the caller's and must outlive the recording; its offset is not used.
  // Throws Fault::refused with a sentence without the file's name when this is not a recording that
  // can be heard.
  explicit Recording(int fd);
  Recording(Recording&&) noexcept;
  ~Recording();

  const std::string& format() const;  // container and codec for people: "ogg vorbis", "flac"
  int rateHz() const;                 // at the start: a recording may change
  int channels() const;

  // Reads all packets, decodes none.
  AudioHash readHash(std::stop_token stop = {});
  // Gives the whole recording to the plan's receivers. What is damaged is heard as far as it goes.
  // Throws Fault::refused, possibly after receivers were given samples, when nothing can be
  // decoded, or it is silent, too short, or holds mostly values that are not numbers. Exceptions of
  // receivers pass through.
  Sound decode(const DecodePlan& plan);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::audio
