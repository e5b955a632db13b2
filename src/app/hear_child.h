// One attacca-hear process as its parent sees it.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include <sys/types.h>

#include "attacca/app/hear_pool.h"
#include "attacca/base/file.h"
#include "attacca/base/hearing.h"

namespace attacca::app {

// Starts processes from a thread of its own. A child asks the kernel to end it together with its
// parent (PR_SET_PDEATHSIG), and the kernel takes the thread that started it for the parent: a
// worker thread that has done its work would take its children with it. Any thread may call.
class Spawner {
 public:
  Spawner();

  // Runs `start` on that thread and returns what it returns; exceptions pass through.
  pid_t run(std::function<pid_t()> start);

 private:
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::packaged_task<pid_t()>> tasks_;
  std::jthread thread_;  // last, so that it ends first
};

constexpr std::string_view kNonsense = "it made the decoder give answers that make no sense";

// How a process ended, or why it had to be ended.
struct HearDeath {
  enum class Cause {
    input,         // what it was given, as far as anybody can know
    outside,       // perhaps not that: the same request may succeed in another process
    cannot_start,  // the program itself does not work on this machine
  };
  Cause cause = Cause::input;
  std::string reason;  // a sentence for people: "it made the decoder crash"
};

// What a process is started for.
struct HearStart {
  std::filesystem::path program;
  HearLimits limits;
  std::filesystem::path openvino;  // empty: no ONNX models
  // Processor seconds that a second of music buys.
  double seconds_per_second = 1.0 / 60;
};

// One thread at a time.
class HearChild {
 public:
  // Waits until it is locked in and ready. Throws Fault::cancelled; Fault::unsupported when the
  // program cannot be executed, or says itself that it is of no use here.
  static std::variant<std::unique_ptr<HearChild>, HearDeath> start(Spawner& spawner,
                                                                   const HearStart& start,
                                                                   const std::stop_token& stop);
  ~HearChild();  // ends the process and waits for its end

  const std::string& sandbox() const { return sandbox_; }
  // May be asked: it lives, and is not in the middle of a request.
  bool idle();
  // Sends a request and waits for the last answer. Afterwards it is idle, or was ended: by a death,
  // or because this threw (Fault::cancelled, and what `pace` throws).
  std::variant<HearingAnswer, HearDeath> ask(const HearingRequest& request,
                                             std::span<const int> descriptors,
                                             const std::function<void(Seconds)>& pace,
                                             const std::stop_token& stop);

  std::vector<bool> loaded;      // models that it was given, by slot
  std::vector<int> onnx_models;  // slots that it was started for

 private:
  HearChild(pid_t pid, UniqueFd socket, const HearStart& start);
  // `seconds` of CPU, beside what music buys.
  std::variant<HearingAnswer, HearDeath> await(int seconds,
                                               const std::function<void(Seconds)>& pace,
                                               const std::stop_token& stop);
  std::optional<HearingAnswer> receive();  // nullopt: see end_
  HearDeath kill(HearDeath death);         // for a reason of ours, which it returns
  HearDeath reap();                        // it ended by itself: why
  int waitForEnd();                        // status of waitpid

  pid_t pid_ = -1;  // -1: reaped
  UniqueFd socket_;
  HearLimits limits_;
  double seconds_per_second_;
  bool busy_ = true;
  std::string sandbox_;
  HearDeath end_;
};

}  // namespace attacca::app
