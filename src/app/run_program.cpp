#include "run_program.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/error.h"

extern char** environ;

namespace attacca::app {
namespace {

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// The program gets signals as a shell would give them: this process blocks some and ignores others.
class PlainSignals {
 public:
  PlainSignals() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  PlainSignals(const PlainSignals&) = delete;
  PlainSignals& operator=(const PlainSignals&) = delete;
  ~PlainSignals() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

std::optional<int> runProgram(const std::vector<std::string>& argv,
                              const std::filesystem::path& log, const std::stop_token& stop) {
  FileActions actions;
  ::posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(actions.get(), 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0644);
  ::posix_spawn_file_actions_adddup2(actions.get(), 1, 2);
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t child = -1;
  const int fault = ::posix_spawnp(&child, arguments[0], actions.get(), PlainSignals().get(),
                                   arguments.data(), environ);
  if (fault == ENOENT) return std::nullopt;
  if (fault != 0) throwSystemError("run", argv[0], fault);
  int status = 0;
  bool asked = false;
  while (true) {
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) break;
    if (ended < 0 && errno != EINTR) throwErrno("wait for", argv[0]);
    if (stop.stop_requested() && !asked) {
      ::kill(child, SIGTERM);
      asked = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (asked) throw Error(Fault::cancelled, fmt::format("{} was stopped", argv[0]));
  if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
  // posix_spawn reports a missing program in either of two ways.
  if (WEXITSTATUS(status) == 127) return std::nullopt;
  return WEXITSTATUS(status);
}

}  // namespace attacca::app
