// How the pool's processes start, are shared, and end.

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/error.h"

#include "hear_pool_fixture.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

int openDescriptors() {
  return static_cast<int>(std::distance(fs::directory_iterator("/proc/self/fd"), {}));
}

bool comesTrue(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
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
  pool.hear(recording_.get(), {"slow music", {0}, false}, outputs, [&](Seconds) {
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
    pool.hear(recording_.get(), {"slow music", {0}, false}, outputs,
              [&](Seconds) { ::kill(children().at(0), SIGKILL); });
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::refused);
    EXPECT_THAT(fault.problem(), HasSubstr("killed"));
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
    pool.hear(recording_.get(), {"x", {0}, false}, outputs);
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
