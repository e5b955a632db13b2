#include "hear_child.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "attacca/base/error.h"

namespace attacca::app {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int kTickMs = 100;                 // how late a stop or a limit may be noticed
constexpr Seconds kMostCredited{48 * 3600};  // music that buys CPU time: a child's word has an end
constexpr Seconds kLifeSign{0.02};           // of CPU: waiting for a slow disk, it still works

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kKeepErrors = true;  // a sanitizer's report must reach the developer
#else
constexpr bool kKeepErrors = false;
#endif

// What posix_spawn needs, with owners.
class SpawnPlan {
 public:
  explicit SpawnPlan(int socket) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    // The socket first: it may itself be descriptor 0, 1 or 2.
    ::posix_spawn_file_actions_adddup2(&actions_, socket, kHearSocket);
    for (int fd = 0; fd < (kKeepErrors ? 2 : 3); ++fd) {
      ::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    }
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, kHearSocket + 1);

    // A group of its own: Ctrl-C at the terminal is the parent's to answer.
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  pid_t start(const HearStart& plan) const {
    const std::filesystem::path& program = plan.program;
    std::string name = program.native();
    std::string memory = std::to_string(plan.limits.memory_mb);
    std::string openvino = plan.openvino.native();
    std::array<char*, 4> arguments{name.data(), memory.data(),
                                   openvino.empty() ? nullptr : openvino.data(), nullptr};
    std::array<char*, 1> environment{nullptr};
    pid_t pid = -1;
    const int fault = ::posix_spawn(&pid, program.c_str(), &actions_, &attributes_,
                                    arguments.data(), environment.data());
    if (fault != 0) {
      throw Error(Fault::unsupported,
                  fmt::format("cannot start {}: {}", program.native(), std::strerror(fault)),
                  "install Attacca again, or build it for this machine");
    }
    return pid;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// CPU time that a process has taken, of all its threads. It must not have been reaped.
Seconds cpuTime(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
  return Seconds(static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec));
}

// Not on a timeout: the caller looks at its limits every tick.
bool isReadable(int socket) {
  pollfd waiting{socket, POLLIN, 0};
  return ::poll(&waiting, 1, kTickMs) > 0;
}

HearDeath explain(int status) {
  using Cause = HearDeath::Cause;
  if (WIFEXITED(status)) {
    if (WEXITSTATUS(status) == 127) {  // of the dynamic linker
      return {Cause::cannot_start, "a library that it needs is missing"};
    }
    // After a request that took all memory it makes way, perhaps with the next one unread.
    return {WEXITSTATUS(status) == 0 ? Cause::outside : Cause::input, "it made the decoder end"};
  }
  switch (WTERMSIG(status)) {
    case SIGSYS:
      return {Cause::input,
              "it tried to do something that only a hostile file asks for (blocked system call)"};
    case SIGKILL:
      return {Cause::outside, "its process was killed, most likely because memory ran out"};
    case SIGXFSZ:
      return {Cause::input, "it wanted to write more than any recording needs"};
    default:
      return {Cause::input, "it made the decoder crash"};
  }
}

[[noreturn]] void throwCancelled() { throw Error(Fault::cancelled, "stopped on request"); }

}  // namespace

Spawner::Spawner() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

pid_t Spawner::run(std::function<pid_t()> start) {
  std::packaged_task<pid_t()> task(std::move(start));
  std::future<pid_t> result = task.get_future();
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
  return result.get();
}

void Spawner::work(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock(mutex_);
    if (!wake_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
    std::packaged_task<pid_t()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
}

std::variant<std::unique_ptr<HearChild>, HearDeath> HearChild::start(Spawner& spawner,
                                                                     const HearStart& start,
                                                                     const std::stop_token& stop) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    throwErrno("talk to", "a hear process");
  }
  UniqueFd near(pair[0]);
  UniqueFd far(pair[1]);
  const SpawnPlan plan(far.get());
  const pid_t pid = spawner.run([&] { return plan.start(start); });
  far.reset();  // or the end of the child would not be seen
  std::unique_ptr<HearChild> child(new HearChild(pid, std::move(near), start));

  auto answer = child->await(
      start.openvino.empty() ? start.limits.seconds : start.limits.load_seconds, {}, stop);
  if (auto* death = std::get_if<HearDeath>(&answer)) return std::move(*death);
  const auto& greeting = std::get<HearingAnswer>(answer);
  if (const auto* refusal = std::get_if<Refusal>(&greeting)) {
    throw Error(Fault::unsupported, refusal->reason, refusal->remedy);
  }
  const auto* ready = std::get_if<Ready>(&greeting);
  if (ready == nullptr) {
    return child->kill({HearDeath::Cause::cannot_start, "it does not speak as expected"});
  }
  child->sandbox_ = ready->sandbox;
  return child;
}

HearChild::HearChild(pid_t pid, UniqueFd socket, const HearStart& start)
    : pid_(pid),
      socket_(std::move(socket)),
      limits_(start.limits),
      seconds_per_second_(start.seconds_per_second) {}

HearChild::~HearChild() { kill({}); }

bool HearChild::idle() {
  if (busy_ || pid_ < 0) return false;
  // Nothing is to be read from an idle child, not even its end.
  pollfd socket{socket_.get(), POLLIN, 0};
  return ::poll(&socket, 1, 0) == 0;
}

std::variant<HearingAnswer, HearDeath> HearChild::ask(const HearingRequest& request,
                                                      std::span<const int> descriptors,
                                                      const std::function<void(Seconds)>& pace,
                                                      const std::stop_token& stop) {
  busy_ = true;
  try {
    sendPacket(socket_.get(), encode(request), descriptors);
  } catch (const Error&) {  // it went before it was asked: not the input's fault
    return kill({HearDeath::Cause::outside, "its process went away"});
  }
  const bool loads = std::holds_alternative<LoadRequest>(request);
  return await(loads ? limits_.load_seconds : limits_.seconds, pace, stop);
}

std::variant<HearingAnswer, HearDeath> HearChild::await(int seconds,
                                                        const std::function<void(Seconds)>& pace,
                                                        const std::stop_token& stop) {
  using Cause = HearDeath::Cause;
  const Seconds cpu_before = cpuTime(pid_);
  Seconds heard{};
  Seconds cpu_at_sign = cpu_before;
  SteadyTime sign = std::chrono::steady_clock::now();
  while (true) {
    if (stop.stop_requested()) {
      kill({});
      throwCancelled();
    }
    if (isReadable(socket_.get())) {
      std::optional<HearingAnswer> answer = receive();
      if (!answer) return end_;
      const auto* music = std::get_if<Pace>(&*answer);
      if (music == nullptr) {
        busy_ = false;
        return std::move(*answer);
      }
      if (music->heard <= heard) return kill({Cause::input, std::string(kNonsense)});
      heard = music->heard;
      sign = std::chrono::steady_clock::now();
      if (pace) pace(heard);
    }
    const Seconds cpu = cpuTime(pid_);
    if (cpu - cpu_at_sign >= kLifeSign) {
      cpu_at_sign = cpu;
      sign = std::chrono::steady_clock::now();
    }
    const Seconds budget = Seconds(seconds) + std::min(heard, kMostCredited) * seconds_per_second_;
    if (cpu - cpu_before > budget) {
      return kill({Cause::input,
                   fmt::format("it took more than {:.0f} s of processor time", budget.count())});
    }
    if (std::chrono::steady_clock::now() - sign > std::chrono::seconds(limits_.stall_seconds)) {
      return kill({Cause::input, fmt::format("no progress for {} s", limits_.stall_seconds)});
    }
  }
}

std::optional<HearingAnswer> HearChild::receive() {
  try {
    const std::optional<Packet> packet = receivePacket(socket_.get(), Seconds(0));
    if (packet) return decodeAnswer(packet->text);
    end_ = reap();
  } catch (const Error& fault) {
    if (fault.fault() != Fault::corrupt) throw;
    end_ = kill({HearDeath::Cause::input, std::string(kNonsense)});
  }
  return std::nullopt;
}

HearDeath HearChild::kill(HearDeath death) {
  if (pid_ >= 0) {
    ::kill(pid_, SIGKILL);
    waitForEnd();
  }
  return death;
}

HearDeath HearChild::reap() {
  // The socket closes a moment before the process ends. One that only closed it is ended.
  siginfo_t info{};
  for (int waited_ms = 0; waited_ms < 2000; waited_ms += 5) {
    info.si_pid = 0;
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid != 0) {
      return explain(waitForEnd());
    }
    ::poll(nullptr, 0, 5);
  }
  return kill({HearDeath::Cause::input, "it made the decoder hang up"});
}

int HearChild::waitForEnd() {
  int status = SIGABRT;  // should someone else have reaped it
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  socket_.reset();
  return status;
}

}  // namespace attacca::app
