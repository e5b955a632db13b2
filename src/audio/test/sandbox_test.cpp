// After warmUp(), hearing works in a process that may neither open files nor start threads.
#include <cerrno>

#include <gtest/gtest.h>
#include <seccomp.h>
#include <sys/wait.h>

#include "attacca/audio/fingerprinter.h"
#include "attacca/audio/peaks.h"
#include "attacca/audio/tags.h"

#include "audio_test_support.h"

namespace attacca::audio {
namespace {

constexpr int kNoSandbox = 77;

bool lockIn() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return false;
  bool done = true;
  for (const char* name : {"open", "openat", "openat2", "creat", "socket", "connect", "clone",
                           "clone3", "fork", "vfork", "execve", "execveat", "readlink", "access"}) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call < 0) continue;
    done = done && seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0) == 0;
  }
  done = done && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return done;
}

// In a child, so that nothing another test did has warmed anything up.
void hearAllLockedIn() {
  std::vector<UniqueFd> files;
  files.push_back(openToRead(golden("melody.mp3")));  // the others are too short for a fingerprint
  for (const auto& name : recordings()) files.push_back(openToRead(golden(name)));
  const TempFolder folder;
  const UniqueFd peaks_file(::open(folder.write("peaks", "").c_str(), O_RDWR | O_CLOEXEC));
  warmUp();
  if (!lockIn()) ::_exit(kNoSandbox);
  for (const auto& file : files) {
    readTags(file.get());
    PeaksWriter peaks(peaks_file.get());
    DecodePlan plan;
    Fingerprinter fingerprinter;
    plan.outputs.push_back({Fingerprinter::kRateHz, [&](auto mono) { fingerprinter.hear(mono); }});
    plan.peaks = &peaks;
    Recording(file.get()).decode(plan);
    fingerprinter.finish();
  }
  ::_exit(0);
}

TEST(Sandbox, NothingIsOpenedAndNoThreadStartedAfterWarmUp) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer opens files of its own";
#endif
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      hearAllLockedIn();
    } catch (const std::exception&) {
    }
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoSandbox) {
    GTEST_SKIP() << "this kernel offers no seccomp filter";
  }
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace attacca::audio
