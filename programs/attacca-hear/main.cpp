// attacca-hear: reads recordings that others wrote, for attacca, behind a wall.
//
// attacca starts it with a socket as descriptor 3 (base/hearing.h says what is spoken there), the
// memory that it may take (MB) as its argument, and an empty environment. It does once what
// libraries put off until first used, locks itself in, and answers until its parent is gone. A
// second argument, the folder of OpenVINO's libraries, makes it a process that can be given ONNX
// models, before it is given recordings.

#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

#include <malloc.h>

#include "attacca/audio/decoder.h"
#include "attacca/base/error.h"
#include "attacca/embed/openvino.h"

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
  using namespace attacca;
  const hear::Grant grant = hear::readGrant(argument_count, arguments);
  warmUp();
  hear::Hearer hearer;
  HearingAnswer greeting;
  try {
    if (grant.openvino.empty()) {
      greeting = Ready{hear::lockIn(grant.memory_mb)};
    } else {
      hear::keepToLibraries(grant.openvino);
      auto openvino = embed::OpenVino::open(grant.openvino);
      greeting = Ready{hear::lockInToLoad(grant.memory_mb, grant.openvino)};
      hearer.takeModels(std::move(openvino), hear::seal);
    }
  } catch (const Error& fault) {
    greeting = hear::refusal(fault);
  }
  hear::converse(greeting, grant.memory_mb,
                 [&](const HearingRequest& request, std::vector<UniqueFd> descriptors,
                     const hear::PaceSender& pace) {
                   return hearer.answer(request, std::move(descriptors), pace);
                 });
  // OpenVINO would wait for its threads now, with calls that the wall forbids.
  std::_Exit(0);
}
