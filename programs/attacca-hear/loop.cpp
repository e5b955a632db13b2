#include "loop.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>

#include "attacca/base/error.h"

namespace attacca::hear {
namespace {

constexpr std::chrono::milliseconds kPaceInterval{200};

struct ParentGone {};

void send(const HearingAnswer& message) {
  try {
    sendPacket(kHearSocket, encode(message), {});
  } catch (const Error&) {
    throw ParentGone();
  }
}

}  // namespace

HearingAnswer refusal(const Error& fault) {
  switch (fault.fault()) {
    case Fault::refused:
    case Fault::io:
    case Fault::corrupt:
    case Fault::unsupported:
      return Refusal{fault.problem(), fault.fault(), fault.remedy()};
    default:
      throw fault;
  }
}

Grant readGrant(int argument_count, char** arguments) {
  int type = 0;
  socklen_t size = sizeof type;
  const bool has_socket =
      ::getsockopt(kHearSocket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
  Grant grant;
  if (argument_count == 2 || argument_count == 3) {
    const std::string_view text = arguments[1];
    std::from_chars(text.data(), text.data() + text.size(), grant.memory_mb);
  }
  if (argument_count == 3) grant.openvino = arguments[2];
  if (!has_socket || grant.memory_mb <= 0) {
    std::fputs(
        "attacca-hear reads recordings for attacca, which starts it; there is nothing to do "
        "by hand. Try: attacca --help\n",
        stderr);
    std::exit(2);
  }
  return grant;
}

void converse(const HearingAnswer& greeting, int memory_mb, const Answerer& answer) try {
  send(greeting);
  if (std::holds_alternative<Refusal>(greeting)) return;
  while (auto packet = receivePacket(kHearSocket, std::nullopt)) {
    auto last = std::chrono::steady_clock::now();
    Seconds last_heard{};
    const PaceSender pace = [&](Seconds heard) {
      const auto now = std::chrono::steady_clock::now();
      if (now - last < kPaceInterval || heard <= last_heard) return;
      last = now;
      last_heard = heard;
      send(Pace{heard});
    };
    const HearingRequest request = decodeRequest(packet->text);
    HearingAnswer done;
    try {
      done = answer(request, std::move(packet->descriptors), pace);
    } catch (const Error& fault) {
      done = refusal(fault);
    } catch (const std::bad_alloc&) {
      // Its heap may be in shreds: a fresh process takes the next request.
      send(Refusal{
          fmt::format("it needs more memory than a hear process may take ({} MB)", memory_mb),
          Fault::unsupported});
      return;
    }
    send(done);
  }
} catch (const ParentGone&) {
}

}  // namespace attacca::hear
