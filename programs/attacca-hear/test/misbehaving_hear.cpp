// A hear process that misbehaves on request: the name of the file to identify says how. It speaks
// the protocol and is locked in like attacca-hear, which has no such switch.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/hearing.h"

#include "loop.h"
#include "sandbox.h"

namespace attacca::hear {
namespace {

// Not null, which a sanitizer would catch before the processor does.
volatile std::uintptr_t nowhere = 64;

void say(std::string_view text) { sendPacket(kHearSocket, text, {}); }

[[noreturn]] void hang() {
  while (true) ::poll(nullptr, 0, -1);
}

// CPU time of this process.
double cpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void spin(double seconds = std::numeric_limits<double>::infinity()) {
  const double end = cpuSeconds() + seconds;
  volatile std::uint64_t turns = 0;
  while (cpuSeconds() < end) turns = turns + 1;
}

[[noreturn]] void takeMemory() {
  std::vector<std::unique_ptr<char[]>> taken;
  while (true) {
    taken.push_back(std::make_unique<char[]>(8 << 20));
    std::memset(taken.back().get(), 1, 8 << 20);
  }
}

// What was inherited, as a refusal, so that the test can read it.
std::string inheritance() {
  int descriptors = 0;
  for (int fd = kHearSocket + 1; fd < 4096; ++fd) {
    struct stat info;
    if (::fstat(fd, &info) == 0) ++descriptors;
  }
  int variables = 0;
  for (char** variable = environ; *variable != nullptr; ++variable) ++variables;
  // One is the recording that came with the request.
  return fmt::format("{} descriptors, {} variables", descriptors - 1, variables);
}

// System calls that a hostile file might ask for. All must end the process; should one return, the
// answer tells.
const std::map<std::string, std::function<void()>, std::less<>> kCalls{
    {"open a file", [] { ::open("/etc/passwd", O_RDONLY); }},
    {"make a file", [] { ::open("/tmp/made-by-a-hear-process", O_CREAT | O_WRONLY, 0600); }},
    {"remove a file", [] { ::unlink("/tmp/made-by-a-hear-process"); }},
    {"make a socket", [] { (void)::socket(AF_INET, SOCK_STREAM, 0); }},
    {"connect", [] { (void)::connect(0, nullptr, 0); }},
    {"send elsewhere",
     [] {
       msghdr message{};
       ::sendmsg(0, &message, 0);
     }},
    {"fork",
     [] {
       if (::fork() == 0) ::_exit(0);
     }},
    {"execute",
     [] {
       std::array<char*, 1> none{nullptr};
       ::execve("/bin/true", none.data(), none.data());
     }},
    {"ask for the parent", [] { ::getppid(); }},
    {"signal others", [] { ::kill(1, 0); }},
    {"signal itself", [] { ::syscall(SYS_tgkill, ::getpid(), ::syscall(SYS_gettid), SIGTERM); }},
    {"trace", [] { ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
    {"make code",
     [] {
       (void)::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0);
     }},
    {"make memory code",
     [] {
       void* page =
           ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       ::mprotect(page, 4096, PROT_READ | PROT_EXEC);
     }},
    {"raise a limit",
     [] {
       const rlimit most{RLIM_INFINITY, RLIM_INFINITY};
       ::setrlimit(RLIMIT_AS, &most);
     }},
    {"look up a path",
     [] {
       struct stat info;
       ::fstatat(AT_FDCWD, "/etc/passwd", &info, 0);
     }},
    {"link a descriptor", [] { ::linkat(0, "", AT_FDCWD, "/tmp/linked", AT_EMPTY_PATH); }},
};

// What a process that loads a model may do with limits, as a refusal.
std::string limitsWhileLoading() {
  const auto change = [](pid_t of, const rlimit* to, rlimit* now) {
    return ::prlimit(of, RLIMIT_AS, to, now) == 0 ? "yes" : "no";
  };
  const rlimit most{RLIM_INFINITY, RLIM_INFINITY};
  rlimit now{};
  return fmt::format("reads its own: {}, changes its own: {}, reads another's: {}",
                     change(0, nullptr, &now), change(0, &most, nullptr), change(1, nullptr, &now));
}

HearingAnswer misbehave(std::string_view how, int recording, const PaceSender& pace) {
  if (const auto call = kCalls.find(how); call != kCalls.end()) {
    call->second();
    return Refusal{"the call returned"};
  }
  if (how == "fault") *reinterpret_cast<volatile int*>(nowhere) = 1;
  if (how == "abort") std::abort();
  if (how == "throw") throw Error(Fault::busy, "a fault of the program");
  if (how == "exit") std::_Exit(0);
  if (how == "hang") hang();
  if (how == "hang up") {
    ::close(kHearSocket);
    hang();
  }
  if (how == "cpu") spin();
  if (how == "memory") takeMemory();
  if (how == "garbage") say("\xFFgarbage");
  if (how == "empty answer") say("");
  if (how == "another answer") return Heard{};
  if (how == "chatter") {
    while (true) say(encode(HearingAnswer(Pace{Seconds(1)})));
  }
  if (how == "slow music") {
    for (int second = 1; second < 30; ++second) {
      ::poll(nullptr, 0, 100);
      pace(Seconds(second));
    }
  }
  if (how == "fill") {
    const std::string block(1 << 24, 'x');
    for (int i = 0; i < 65; ++i) writeAll(recording, block, "an output file");
  }
  if (how == "inheritance") return Refusal{inheritance()};
  if (how == "full disk") throw Error(Fault::io, "cannot write the embedding: no space left");
  if (how == "unreadable") throw Error(Fault::refused, "it holds no sound");
  Identity identity;
  identity.hash.digest = sha256(how);
  identity.format = fmt::format("process {}", ::getpid());
  return identity;
}

HearingAnswer answer(const HearingRequest& request, std::vector<UniqueFd> descriptors,
                     const PaceSender& pace) {
  if (const auto* identify = std::get_if<IdentifyRequest>(&request)) {
    return misbehave(identify->name, descriptors.at(0).get(), pace);
  }
  if (const auto* hear = std::get_if<HearRequest>(&request)) {
    // Leaves something in every output, so that a test sees whether it was emptied before.
    for (std::size_t i = 1; i < descriptors.size(); ++i) {
      writeAll(descriptors[i].get(), "rows", "an output file");
    }
    if (hear->name == "wrong number of rows") return Heard{};
    HearingAnswer misbehaved = misbehave(hear->name, descriptors.at(0).get(), pace);
    if (std::holds_alternative<Refusal>(misbehaved)) return misbehaved;
    Heard heard;
    heard.clips.assign(hear->slots.size(), 1);
    return heard;
  }
  if (const auto* load = std::get_if<LoadRequest>(&request)) {
    if (load->slot == 1) throw Error(Fault::corrupt, "its checksum is wrong");
    if (load->slot == 2) std::abort();
    if (load->manifest.layer == "limits") return Refusal{limitsWhileLoading()};
    if (load->manifest.layer == "memory") takeMemory();
    if (load->manifest.layer == "cpu") spin();
    if (load->manifest.layer == "2 s of cpu") spin(2);
  }
  return Ready{};
}

}  // namespace
}  // namespace attacca::hear

int main(int argument_count, char** arguments) {
  using namespace attacca;
  const hear::Grant grant = hear::readGrant(argument_count, arguments);
  if (grant.openvino.empty()) {
    hear::converse(Ready{hear::lockIn(grant.memory_mb)}, grant.memory_mb, hear::answer);
    return 0;
  }
  // As attacca-hear for ONNX models, without OpenVINO.
  hear::keepToLibraries(grant.openvino);
  bool sealed = false;
  hear::converse(Ready{hear::lockInToLoad(grant.memory_mb, grant.openvino)}, grant.memory_mb,
                 [&](const HearingRequest& request, std::vector<UniqueFd> descriptors,
                     const hear::PaceSender& pace) {
                   if (!std::holds_alternative<LoadRequest>(request) && !sealed) {
                     hear::seal();
                     sealed = true;
                   }
                   return hear::answer(request, std::move(descriptors), pace);
                 });
  return 0;
}
