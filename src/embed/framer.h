// Turns samples as they come into what clips are cut from: frames of a mel front end, or, where
// the front end is a wave or works clip by clip, the samples themselves.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "attacca/base/representation.h"
#include "attacca/embed/target.h"

namespace attacca::embed {

class Framer {
 public:
  // Called with one or more whole frames; the span is valid during the call only.
  using Sink = std::function<void(std::span<const float> frames)>;

  virtual ~Framer() = default;
  virtual void hear(std::span<const float> samples) = 0;
  virtual void finish() = 0;

  virtual std::size_t width() const = 0;                         // values in a frame
  virtual std::size_t hop() const = 0;                           // samples from frame to frame
  virtual std::size_t samplesFor(std::size_t frames) const = 0;  // least that give so many
};

// The front end of the stream that clips of `front_end` are cut from: equal ones can be shared.
FrontEnd streamOf(const FrontEnd& front_end);
std::unique_ptr<Framer> makeFramer(const FrontEnd& stream, Framer::Sink sink, Target target);

}  // namespace attacca::embed
