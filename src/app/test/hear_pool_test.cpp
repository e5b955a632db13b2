#include "attacca/app/hear_pool.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/error.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// Everything that a failed test may leave behind goes with it.
class HearPoolTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = (fs::temp_directory_path() / "attacca-pool-XXXXXX").native();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    std::ofstream(folder_ / "recording") << "not music";
    recording_ = UniqueFd(::open((folder_ / "recording").c_str(), O_RDWR | O_CLOEXEC));
  }
  void TearDown() override { fs::remove_all(folder_); }

  HearPool pool(HearLimits limits = {}, int models = 0) const {
    return {MISBEHAVING_HEAR, limits, someModels(models)};
  }

  std::vector<HearModel> someModels(int count) const {
    std::vector<HearModel> models;
    models.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      models.push_back({shippedManifest("msd-musicnn"), folder_ / "recording"});
    }
    return models;
  }

  UniqueFd output(const std::string& name) const {
    return UniqueFd(::open((folder_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  }

  // The reason for which a recording of this name is refused.
  std::string reason(HearPool& pool, const std::string& name) const {
    try {
      pool.identify(recording_.get(), name);
      return "it was not refused";
    } catch (const Error& fault) {
      EXPECT_EQ(fault.fault(), Fault::refused) << fault.what();
      return fault.problem();
    }
  }

  pid_t processOf(HearPool& pool) const {
    const Identity identity = pool.identify(recording_.get(), "well behaved");
    return std::stoi(identity.format.substr(identity.format.find(' ')));
  }

  fs::path folder_;
  UniqueFd recording_;
};

int openDescriptors() {
  return static_cast<int>(std::distance(fs::directory_iterator("/proc/self/fd"), {}));
}

// Children of this process that live, or that nobody has waited for.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& thread : fs::directory_iterator("/proc/self/task")) {
    std::ifstream list(thread.path() / "children");
    for (pid_t pid = 0; list >> pid;) found.push_back(pid);
  }
  return found;
}

bool comesTrue(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_F(HearPoolTest, AnswersComeFromOneProcessThatIsKept) {
  HearPool pool = this->pool();
  EXPECT_EQ(pool.sandbox(), "");
  const pid_t first = processOf(pool);
  EXPECT_NE(first, ::getpid());
  EXPECT_EQ(processOf(pool), first);
  EXPECT_THAT(pool.sandbox(), HasSubstr("rlimits"));
}

TEST_F(HearPoolTest, WhatIsNotOnTheListEndsTheProcess) {
  HearPool pool = this->pool();
  processOf(pool);
  if (pool.sandbox().find("seccomp") != 0) GTEST_SKIP() << "this kernel has no seccomp filter";
  for (const char* call :
       {"open a file", "make a file", "remove a file", "make a socket", "connect", "send elsewhere",
        "fork", "execute", "ask for the parent", "signal others", "signal itself", "trace",
        "make code", "make memory code", "raise a limit", "look up a path", "link a descriptor"}) {
    if (kSanitized && std::string(call) == "raise a limit") continue;  // sanitizers read theirs
    EXPECT_THAT(reason(pool, call), HasSubstr("blocked system call")) << call;
    EXPECT_FALSE(fs::exists("/tmp/made-by-a-hear-process"));
  }
  EXPECT_NO_THROW(processOf(pool));
}

TEST_F(HearPoolTest, AProcessInheritsNothing) {
  const UniqueFd secret(::open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  ASSERT_EQ(::setenv("ATTACCA_TEST_SECRET", "1", 1), 0);
  HearPool pool = this->pool();
  EXPECT_EQ(reason(pool, "inheritance"), "0 descriptors, 0 variables");
}

TEST_F(HearPoolTest, ACrashCostsOneFile) {
  HearPool pool = this->pool();
  EXPECT_EQ(reason(pool, "fault"), "it made the decoder crash");
  EXPECT_EQ(reason(pool, "abort"), "it made the decoder crash");
  EXPECT_EQ(reason(pool, "throw"), "it made the decoder crash");
  EXPECT_EQ(reason(pool, "exit"), "it made the decoder end");
  EXPECT_NO_THROW(processOf(pool));
  EXPECT_EQ(children().size(), 1u);
}

TEST_F(HearPoolTest, ARefusalKeepsTheProcess) {
  HearPool pool = this->pool();
  const pid_t process = processOf(pool);
  EXPECT_EQ(reason(pool, "unreadable"), "it holds no sound");
  EXPECT_EQ(processOf(pool), process);
}

TEST_F(HearPoolTest, AFullDiskIsNotTheRecordingsFault) {
  HearPool pool = this->pool({}, 1);
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  try {
    pool.hear(recording_.get(), {"full disk", {0}, false}, outputs, -1);
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::io);
    EXPECT_THAT(fault.problem(), HasSubstr("no space left"));
  }
}

TEST_F(HearPoolTest, AFullDiskIsNoExcuseWhereNothingIsWritten) {
  HearPool pool = this->pool();
  EXPECT_THAT(reason(pool, "full disk"), HasSubstr("no space left"));
}

TEST_F(HearPoolTest, AProcessThatHangsIsEnded) {
  HearPool pool = this->pool({.stall_seconds = 1});
  EXPECT_EQ(reason(pool, "hang"), "no progress for 1 s");
  EXPECT_EQ(reason(pool, "hang up"), "it made the decoder hang up");
}

TEST_F(HearPoolTest, AProcessThatCalculatesForEverIsEnded) {
  HearPool pool = this->pool({.seconds = 1});
  EXPECT_EQ(reason(pool, "cpu"), "it took more than 1 s of processor time");
}

TEST_F(HearPoolTest, AProcessThatTakesTooMuchMemoryIsRefusedIt) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's memory has no limit";
  HearPool pool = this->pool({.memory_mb = 128});
  EXPECT_EQ(reason(pool, "memory"), "it needs more memory than a hear process may take (128 MB)");
  EXPECT_NO_THROW(processOf(pool));
}

TEST_F(HearPoolTest, AProcessThatFillsTheDiskIsEnded) {
  HearPool pool = this->pool();
  EXPECT_THAT(reason(pool, "fill"), HasSubstr("write more than any recording needs"));
  EXPECT_LE(fs::file_size(folder_ / "recording"), 1u << 30);
}

TEST_F(HearPoolTest, AnswersThatMakeNoSenseAreRefused) {
  HearPool pool = this->pool();
  EXPECT_THAT(reason(pool, "garbage"), HasSubstr("make no sense"));
  EXPECT_THAT(reason(pool, "another answer"), HasSubstr("make no sense"));
  EXPECT_THAT(reason(pool, "chatter"), HasSubstr("make no sense"));
  EXPECT_THAT(reason(pool, "empty answer"), testing::Not(HasSubstr("not refused")));
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  HearPool one = this->pool({}, 1);
  EXPECT_THROW(one.hear(recording_.get(), {"wrong number of rows", {0}, false}, outputs, -1),
               Error);
}

TEST_F(HearPoolTest, MusicThatGoesOnIsASignOfLife) {
  HearPool pool = this->pool({.stall_seconds = 1}, 1);
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  std::vector<double> paces;
  const Heard heard = pool.hear(recording_.get(), {"slow music", {0}, false}, outputs, -1,
                                [&](Seconds music) { paces.push_back(music.count()); });
  EXPECT_EQ(heard.clips.size(), 1u);
  EXPECT_GE(paces.size(), 5u);
  EXPECT_TRUE(std::is_sorted(paces.begin(), paces.end()));
}

TEST_F(HearPoolTest, WhatThePaceThrowsEndsTheHearing) {
  HearPool pool = this->pool({}, 1);
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  EXPECT_THROW(pool.hear(recording_.get(), {"slow music", {0}, false}, outputs, -1,
                         [](Seconds) { throw std::runtime_error("enough"); }),
               std::runtime_error);
  EXPECT_TRUE(children().empty());
  EXPECT_NO_THROW(processOf(pool));
}

TEST_F(HearPoolTest, StoppingEndsTheProcessAtOnce) {
  HearPool pool = this->pool();
  std::stop_source source;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    source.request_stop();
  });
  try {
    pool.identify(recording_.get(), "hang", source.get_token());
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::cancelled);
  }
  EXPECT_TRUE(children().empty());
}

TEST_F(HearPoolTest, StoppingEndsTheWaitForAFreeProcess) {
  HearPool pool = this->pool({.processes = 1});
  std::stop_source source;
  std::atomic<int> cancelled = 0;
  {
    std::vector<std::jthread> threads(3);
    for (std::jthread& thread : threads) {
      thread = std::jthread([&] {
        try {
          pool.identify(recording_.get(), "hang", source.get_token());
        } catch (const Error& fault) {
          if (fault.fault() == Fault::cancelled) ++cancelled;
        }
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_LE(children().size(), 1u);
    source.request_stop();
  }
  EXPECT_EQ(cancelled, 3);
}

TEST_F(HearPoolTest, ManyThreadsShareFewProcesses) {
  HearPool pool = this->pool({.processes = 3});
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads(6);
    for (std::size_t thread = 0; thread < threads.size(); ++thread) {
      threads[thread] = std::jthread([&, thread] {
        for (int i = 0; i < 20; ++i) {
          const std::string name = fmt::format("{} of {}", i, thread);
          if (i % 7 == 3) {
            if (reason(pool, "fault") != "it made the decoder crash") ++wrong;
          } else if (pool.identify(recording_.get(), name).hash.digest != sha256(name)) {
            ++wrong;
          }
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(children().size(), 3u);
}

TEST_F(HearPoolTest, AProcessThatSomeoneKilledIsReplacedWithoutBlame) {
  HearPool pool = this->pool();
  const pid_t idle = processOf(pool);
  ::kill(idle, SIGKILL);
  EXPECT_NE(processOf(pool), idle);
}

TEST_F(HearPoolTest, ARecordingWhoseProcessWasKilledIsHeardAgainFromTheStart) {
  HearPool pool = this->pool({}, 1);
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  bool killed = false;
  pool.hear(recording_.get(), {"slow music", {0}, false}, outputs, -1, [&](Seconds) {
    if (killed) return;
    killed = true;
    const auto processes = children();
    ASSERT_EQ(processes.size(), 1u);
    ::kill(processes.front(), SIGKILL);
  });
  EXPECT_TRUE(killed);
  EXPECT_EQ(fs::file_size(folder_ / "rows"), 4u);  // "rows", once
}

TEST_F(HearPoolTest, ARecordingWhoseProcessIsKilledTwiceIsRefused) {
  HearPool pool = this->pool({}, 1);
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  try {
    pool.hear(recording_.get(), {"slow music", {0}, false}, outputs, -1,
              [&](Seconds) { ::kill(children().at(0), SIGKILL); });
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::refused);
    EXPECT_THAT(fault.problem(), HasSubstr("killed"));
  }
}

TEST_F(HearPoolTest, ABrokenModelIsNotTheRecordingsFault) {
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  HearPool pool = this->pool({}, 3);
  try {
    pool.hear(recording_.get(), {"x", {1}, false}, outputs, -1);
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::corrupt);
    EXPECT_THAT(fault.problem(), HasSubstr("its checksum is wrong"));
    EXPECT_THAT(fault.remedy(), HasSubstr("attacca representation fetch msd-musicnn"));
  }
  try {
    pool.hear(recording_.get(), {"x", {2}, false}, outputs, -1);
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::unsupported);
  }
}

TEST_F(HearPoolTest, AProgramThatIsNotThereIsSaidSo) {
  try {
    HearPool pool(folder_ / "attacca-hear", {}, {});
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::notFound);
  }
}

void expectNoStart(const fs::path& program, const std::string& why, int recording) {
  HearPool pool(program, {.stall_seconds = 5}, {});
  try {
    pool.identify(recording, "x");
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::unsupported) << fault.what();
    EXPECT_THAT(fault.problem(), HasSubstr(why));
    EXPECT_FALSE(fault.remedy().empty());
  }
  EXPECT_TRUE(children().empty());
}

TEST_F(HearPoolTest, AProgramThatCannotStartIsNotTriedForEver) {
  const auto script = [&](const std::string& text, fs::perms rights) {
    fs::path path = folder_ / fmt::format("hear-{}", text.size());
    std::ofstream(path) << text;
    fs::permissions(path, rights);
    return path;
  };
  const fs::path starts = folder_ / "starts";
  expectNoStart(script("text", fs::perms::owner_all), "cannot start", recording_.get());
  expectNoStart(script("#!/bin/sh\nexit 127\n", fs::perms::owner_all), "library", recording_.get());
  expectNoStart(script(fmt::format("#!/bin/sh\necho x >> {}\nkill -SEGV $$\n", starts.native()),
                       fs::perms::owner_all),
                "crash", recording_.get());
  EXPECT_EQ(fs::file_size(starts), 3 * 2u);
}

TEST_F(HearPoolTest, NeitherDescriptorsNorProcessesAreLeftBehind) {
  const int before = openDescriptors();
  {
    HearPool pool = this->pool({.processes = 2, .stall_seconds = 1}, 1);
    const UniqueFd rows = output("rows");
    const std::array outputs{rows.get()};
    pool.hear(recording_.get(), {"x", {0}, false}, outputs, -1);
    for (const char* name : {"fault", "hang", "garbage", "well", "unreadable", "exit"}) {
      try {
        pool.identify(recording_.get(), name);
      } catch (const Error&) {
      }
    }
  }
  EXPECT_EQ(openDescriptors(), before);
  EXPECT_TRUE(children().empty());
}

TEST_F(HearPoolTest, AProcessOutlivesTheThreadThatStartedIt) {
  HearPool pool = this->pool();
  pid_t first = 0;
  std::thread([&] { first = processOf(pool); }).join();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(processOf(pool), first);
}

TEST_F(HearPoolTest, InterruptsOfTheTerminalAreTheParentsToAnswer) {
  HearPool pool = this->pool();
  const pid_t process = processOf(pool);
  EXPECT_NE(::getpgid(process), ::getpgrp());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::kill(process, signal);
  EXPECT_EQ(processOf(pool), process);
}

TEST_F(HearPoolTest, ItsProcessesEndWhenTheParentIsKilled) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    HearPool pool = this->pool({.processes = 2, .seconds = 1000});
    // One hears for ever, one waits to be asked.
    std::jthread busy([&] { reason(pool, "cpu"); });
    comesTrue([&] { return processOf(pool) != 0 && children().size() == 2; });
    std::array<pid_t, 2> processes{children().at(0), children().at(1)};
    (void)!::write(pipe[1], processes.data(), sizeof processes);
    while (true) ::pause();
  }
  std::array<pid_t, 2> processes{};
  ASSERT_EQ(::read(pipe[0], processes.data(), sizeof processes),
            static_cast<ssize_t>(sizeof processes));
  EXPECT_NE(processes[0], processes[1]);
  EXPECT_EQ(::kill(processes[0], 0), 0);
  ::kill(parent, SIGKILL);
  ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);
  const auto ended = [](pid_t process) {
    // A zombie that the init of a container does not reap has ended, too.
    std::ifstream state(fmt::format("/proc/{}/stat", process));
    std::string number;
    std::string name;
    std::string letter;
    return !(state >> number >> name >> letter) || letter == "Z";
  };
  for (const pid_t process : processes) {
    EXPECT_TRUE(comesTrue([&] { return ended(process); })) << process;
  }
  ::close(pipe[0]);
  ::close(pipe[1]);
}

}  // namespace
}  // namespace attacca::app
