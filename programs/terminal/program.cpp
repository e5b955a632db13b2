#include "program.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <thread>
#include <utility>

#include <pthread.h>
#include <unistd.h>

#include "attacca/base/error.h"

#include "console.h"

namespace attacca::cli {
namespace {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

// Signals are taken by a thread of their own, so that anything may be done in answer; all other
// threads block them.
void watchSignals(const std::stop_source& stop) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int one : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, one);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals, stop]() mutable {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) return;
    stop.request_stop();
    if (sigwait(&signals, &signal) == 0) ::_exit(128 + signal);
  }).detach();
}

int exitCode(const Error& error) {
  switch (error.fault()) {
    case Fault::usage:
      return static_cast<int>(Exit::usage);
    case Fault::cancelled:
      return static_cast<int>(Exit::interrupted);
    default:
      return static_cast<int>(Exit::error);
  }
}

}  // namespace

int runProgram(int argc, char** argv, CommandLineOf run) {
  std::signal(SIGPIPE, SIG_IGN);
  std::stop_source stop;
  watchSignals(stop);
  try {
    return static_cast<int>(run(argc, argv, environment, stop.get_token()));
  } catch (const Error& error) {
    // A reader that went away (`attacca tracks | head`) has what it wanted.
    if (error.fault() == Fault::cancelled && !stop.stop_requested()) return 0;
    sayError(error);
    return exitCode(error);
  } catch (const std::bad_alloc&) {
    sayError(Error(Fault::io, "there is not enough memory"));
  } catch (const std::exception& error) {
    sayError(Error(Fault::io, error.what()));
  }
  return static_cast<int>(Exit::error);
}

}  // namespace attacca::cli
