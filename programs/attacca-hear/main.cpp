// attacca-hear: reads recordings that others wrote, for attacca, behind a wall.
//
// attacca starts it with a socket as descriptor 3 (base/hearing.h says what is spoken there), the
// memory that it may take (MB) as its only argument, and an empty environment. It does once
// what libraries put off until first used, locks itself in, and answers until its parent is gone.

#include <stdexcept>
#include <utility>
#include <vector>

#include <malloc.h>

#include "attacca/audio/decoder.h"
#include "attacca/base/error.h"

#include "hearer.h"
#include "loop.h"
#include "sandbox.h"

namespace {

// The first exception makes the C++ runtime look up its tables; a decoder's heap should go back to
// the system after a recording that needed much.
void warmUp() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
  attacca::audio::warmUp();
  try {
    throw std::runtime_error("once");
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  const int memory_mb = attacca::hear::grantedMemory(argument_count, arguments);
  warmUp();
  attacca::hear::Hearer hearer;
  attacca::hear::converse(
      attacca::hear::lockIn(memory_mb), memory_mb,
      [&](const attacca::HearingRequest& request, std::vector<attacca::UniqueFd> descriptors,
          const attacca::hear::PaceSender& pace) {
        return hearer.answer(request, std::move(descriptors), pace);
      });
  return 0;
}
