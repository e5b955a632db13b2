// What becomes of a recording whose process misbehaves.

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "hear_pool_fixture.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

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

// While models are loaded the wall has a gate; before the first recording it is closed.
TEST_F(HearPoolTest, AProcessThatLoadedOnnxModelsIsLockedInAsAnyOther) {
  HearPool pool = onnxPool("well behaved");
  const UniqueFd rows = output("rows");
  const auto reason = [&](const std::string& name) -> std::string {
    try {
      pool.hear(recording_.get(), {name, {0}, false}, std::array{rows.get()});
      return "it was heard";
    } catch (const Error& fault) {
      return fault.problem();
    }
  };
  EXPECT_EQ(reason("well behaved"), "it was heard");
  if (pool.sandbox().find("seccomp") != 0) GTEST_SKIP() << "this kernel has no seccomp filter";
  for (const char* call : {"open a file", "make a socket", "fork", "execute", "make code",
                           "make memory code", "raise a limit", "look up a path"}) {
    if (kSanitized && std::string(call) == "raise a limit") continue;
    EXPECT_THAT(reason(call), HasSubstr("blocked system call")) << call;
  }
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
    pool.hear(recording_.get(), {"full disk", {0}, false}, outputs);
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
  EXPECT_THROW(one.hear(recording_.get(), {"wrong number of rows", {0}, false}, outputs), Error);
}

TEST_F(HearPoolTest, MusicThatGoesOnIsASignOfLife) {
  HearPool pool = this->pool({.stall_seconds = 1}, 1);
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  std::vector<double> paces;
  const Heard heard = pool.hear(recording_.get(), {"slow music", {0}, false}, outputs,
                                [&](Seconds music) { paces.push_back(music.count()); });
  EXPECT_EQ(heard.clips.size(), 1u);
  EXPECT_GE(paces.size(), 5u);
  EXPECT_TRUE(std::is_sorted(paces.begin(), paces.end()));
}

TEST_F(HearPoolTest, WhatThePaceThrowsEndsTheHearing) {
  HearPool pool = this->pool({}, 1);
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  EXPECT_THROW(pool.hear(recording_.get(), {"slow music", {0}, false}, outputs,
                         [](Seconds) { throw std::runtime_error("enough"); }),
               std::runtime_error);
  EXPECT_TRUE(children().empty());
  EXPECT_NO_THROW(processOf(pool));
}

TEST_F(HearPoolTest, ABrokenModelIsNotTheRecordingsFault) {
  const UniqueFd rows = output("rows");
  const std::array outputs{rows.get()};
  HearPool pool = this->pool({}, 3);
  try {
    pool.hear(recording_.get(), {"x", {1}, false}, outputs);
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::corrupt);
    EXPECT_THAT(fault.problem(), HasSubstr("its checksum is wrong"));
    EXPECT_THAT(fault.remedy(), HasSubstr("attacca representation fetch msd-musicnn"));
  }
  try {
    pool.hear(recording_.get(), {"x", {2}, false}, outputs);
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::unsupported);
  }
}

TEST_F(HearPoolTest, WhileAModelIsLoadedLimitsAreReadAndNotChanged) {
  HearPool pool = onnxPool("limits");
  const Error fault = failure(pool);
  if (pool.sandbox().find("seccomp") != 0) GTEST_SKIP() << "this kernel has no seccomp filter";
  if (kSanitized) GTEST_SKIP() << "sanitizers read and change limits";
  EXPECT_THAT(fault.problem(),
              HasSubstr("reads its own: yes, changes its own: no, reads another's: no"));
}

// One fault, of the model: no recording is marked as refused for it.
TEST_F(HearPoolTest, AnOnnxModelThatCannotBeLoadedIsNotTheRecordingsFault) {
  HearPool broken(MISBEHAVING_HEAR, {}, {onnxModel("well behaved"), onnxModel("x"), onnxModel("x")},
                  folder_ / ".");
  const Error refused = failure(broken, 1);
  EXPECT_EQ(refused.fault(), Fault::corrupt);
  EXPECT_THAT(refused.problem(), HasSubstr("its checksum is wrong"));
  const Error crashed = failure(broken, 2);
  EXPECT_EQ(crashed.fault(), Fault::corrupt);
  EXPECT_THAT(crashed.problem(), HasSubstr("recording cannot be used: it made the decoder crash"));
}

TEST_F(HearPoolTest, AnOnnxModelForWhichMemoryDoesNotSufficeIsNotTheRecordingsFault) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's memory has no limit";
  HearPool pool = onnxPool("memory", {.memory_mb = 128});
  const Error fault = failure(pool);
  EXPECT_EQ(fault.fault(), Fault::unsupported);
  EXPECT_THAT(fault.problem(), HasSubstr("needs more memory"));
  EXPECT_THAT(fault.remedy(), HasSubstr("hear-memory-mb"));
}

TEST_F(HearPoolTest, LoadingAModelHasALimitOfItsOwn) {
  HearPool patient = onnxPool("2 s of cpu", {.seconds = 1});
  const UniqueFd rows = output("rows");
  EXPECT_NO_THROW(patient.hear(recording_.get(), {"x", {0}, false}, std::array{rows.get()}));
  HearPool strict = onnxPool("cpu", {.load_seconds = 1});
  const Error fault = failure(strict);
  EXPECT_EQ(fault.fault(), Fault::corrupt);
  EXPECT_THAT(fault.problem(), HasSubstr("more than 1 s of processor time"));
  EXPECT_THAT(fault.remedy(), HasSubstr("hear-load-seconds"));
}

}  // namespace
}  // namespace attacca::app
