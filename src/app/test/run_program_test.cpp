#include "run_program.h"

#include <csignal>
#include <thread>

#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::app {
namespace {

TEST(RunProgram, GivesStatusAndWhatWasSaid) {
  const test::TempFolder folder;
  EXPECT_EQ(runProgram({"sh", "-c", "echo out; echo err >&2; exit 7"}, folder / "log", {}), 7);
  EXPECT_EQ(readFile(folder / "log"), "out\nerr\n");
}

TEST(RunProgram, UsesNoShell) {
  const test::TempFolder folder;
  EXPECT_EQ(runProgram({"printf", "%s", "$HOME; `id`"}, folder / "log", {}), 0);
  EXPECT_EQ(readFile(folder / "log"), "$HOME; `id`");
}

TEST(RunProgram, KnowsWhenThereIsNone) {
  const test::TempFolder folder;
  EXPECT_EQ(runProgram({"no-such-program-anywhere"}, folder / "log", {}), std::nullopt);
}

TEST(RunProgram, SaysWhenASignalEndedIt) {
  const test::TempFolder folder;
  EXPECT_EQ(runProgram({"sh", "-c", "kill -9 $$"}, folder / "log", {}), 128 + SIGKILL);
}

TEST(RunProgram, EndsOnRequestEvenWhereSignalsAreBlocked) {
  const test::TempFolder folder;
  sigset_t signals;
  sigset_t before;
  sigfillset(&signals);
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(runProgram({"sleep", "600"}, folder / "log", stop.get_token()), Error);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace attacca::app
