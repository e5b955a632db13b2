// The real attacca-hear behind the real pool.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/app/hear_pool.h"
#include "attacca/base/acoustic_fingerprint.h"
#include "attacca/base/aspects.h"
#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca {
namespace {

namespace fs = std::filesystem;
using app::HearPool;
using testing::HasSubstr;

void putLittleEndian(std::string& file, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) file += static_cast<char>(value >> (8 * i));
}

// 16 bits, mono: two tones, so that it is neither silent nor constant.
std::string wav(int rate_hz, double seconds, double tone_hz = 440) {
  const auto samples = static_cast<std::uint32_t>(rate_hz * seconds);
  std::string file = "RIFF";
  putLittleEndian(file, 36 + 2 * samples, 4);
  file += "WAVEfmt ";
  putLittleEndian(file, 16, 4);
  putLittleEndian(file, 1, 2);
  putLittleEndian(file, 1, 2);
  putLittleEndian(file, static_cast<std::uint32_t>(rate_hz), 4);
  putLittleEndian(file, static_cast<std::uint32_t>(2 * rate_hz), 4);
  putLittleEndian(file, 2, 2);
  putLittleEndian(file, 16, 2);
  file += "data";
  putLittleEndian(file, 2 * samples, 4);
  for (std::uint32_t i = 0; i < samples; ++i) {
    const double turn = 2 * std::numbers::pi * i / rate_hz;
    const double value = 0.3 * std::sin(tone_hz * turn) + 0.2 * std::sin(3.1 * tone_hz * turn);
    putLittleEndian(file, static_cast<std::uint16_t>(std::lround(32767 * value)), 2);
  }
  return file;
}

class AttaccaHearTest : public testing::Test {
 protected:
  UniqueFd file(const std::string& name, std::string_view content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return UniqueFd(::open((folder_ / name).c_str(), O_RDWR | O_CLOEXEC));
  }

  std::string reason(const std::string& name, std::string_view content) {
    const UniqueFd recording = file(name, content);
    try {
      pool_.hear(recording.get(), {name, {}, false}, {});
      return "it was heard";
    } catch (const Error& fault) {
      EXPECT_EQ(fault.fault(), Fault::refused) << fault.what();
      return fault.problem();
    }
  }

  test::TempFolder folder_;
  HearPool pool_{ATTACCA_HEAR, {.processes = 2}, {}};
};

TEST_F(AttaccaHearTest, ARecordingIsIdentifiedAndHeardUnderTheSameName) {
  const UniqueFd recording = file("a.wav", wav(44100, 5));
  const UniqueFd peaks = file("peaks", "what was there before");
  const UniqueFd fingerprint = file("fingerprint", "what was there before");
  const Identity identity = pool_.identify(recording.get(), "a.wav");
  EXPECT_EQ(identity.rate_hz, 44100);
  EXPECT_EQ(identity.channels, 1);
  EXPECT_THAT(identity.format, HasSubstr("wav"));
  const Heard heard = pool_.hear(recording.get(), {"a.wav", {}, true, true},
                                 std::array{peaks.get(), fingerprint.get()});
  EXPECT_EQ(heard.hash, identity.hash);
  EXPECT_NEAR(heard.duration.count(), 5, 1e-6);
  EXPECT_NEAR(heard.loudness.sample_peak, 0.5, 0.02);
  EXPECT_TRUE(heard.loudness.integrated_lufs);
  EXPECT_EQ(readFile(folder_ / "peaks").substr(0, 8), "ATTPEAKS");
  const std::string written = readFile(folder_ / "fingerprint");
  EXPECT_FALSE(readFingerprint(std::as_bytes(std::span(written)), "it").empty());
}

TEST_F(AttaccaHearTest, ManyRecordingsAtOnceAreHeardEachAsItself) {
  std::vector<AudioHash> hashes(12);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      threads.emplace_back([&, i] {
        const std::string name = fmt::format("{}.wav", i);
        const UniqueFd recording = file(name, wav(22050, 3, 200 + 10 * static_cast<double>(i)));
        hashes[i] = pool_.identify(recording.get(), name).hash;
        EXPECT_EQ(pool_.hear(recording.get(), {name, {}, false}, {}).hash, hashes[i]);
      });
    }
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

TEST_F(AttaccaHearTest, WhatIsNotMusicIsRefusedWithAReason) {
  const std::string sound = wav(16000, 2);
  EXPECT_THAT(reason("empty.mp3", ""), testing::Not(HasSubstr("crash")));
  EXPECT_THAT(reason("list.mp3", "#EXTM3U\n/etc/passwd\n"), testing::Not(HasSubstr("crash")));
  EXPECT_THAT(reason("zero.wav", std::string(100'000, '\0')), testing::Not(HasSubstr("crash")));
  EXPECT_THAT(reason("header.wav", sound.substr(0, 44)), testing::Not(HasSubstr("crash")));
  EXPECT_THAT(reason("short.wav", wav(16000, 0.2)), HasSubstr("only 0.2 s"));
  EXPECT_EQ(reason("good.wav", sound), "it was heard");
}

// Every kind of container that is tried needs its own system calls, if any.
TEST_F(AttaccaHearTest, DamagedRecordingsOfEveryKindNeverMeetTheWall) {
  const std::string sound = wav(16000, 2);
  for (const char* magic :
       {"ID3\x04", "OggS", "fLaC", "FORM", "caff", "\x1A\x45\xDF\xA3", "FLV\x01"}) {
    std::string broken = magic + sound.substr(4);
    const std::string why = reason("broken", broken);
    EXPECT_THAT(why, testing::Not(testing::AnyOf(HasSubstr("blocked"), HasSubstr("crash"))))
        << magic;
  }
}

TEST_F(AttaccaHearTest, ThePackageOfAnotherModelIsRefused) {
  const UniqueFd package = file("package.whl", "PK\x03\x04 not the package");
  const UniqueFd output = file("model", "");
  try {
    pool_.importModel(shippedManifest("msd-musicnn"), package.get(), output.get());
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::refused) << fault.what();
  }
}

// Import, and one decode for two representations, all in locked-in processes.
TEST_F(AttaccaHearTest, OfficialWeightsAreImportedAndHearRecordingsToTheSameBytes) {
  const Manifest all = shippedManifest("msd-musicnn");
  const Manifest first = shippedManifest("msd-musicnn-first3s");
  const fs::path package = fs::path(ATTACCA_TEST_WEIGHTS) / all.source.file;
  if (!fs::exists(package)) GTEST_SKIP() << package << " is missing";
  const UniqueFd model = file("model", "");
  pool_.importModel(all, openToRead(package).get(), model.get());

  HearPool pool(ATTACCA_HEAR, {}, {{all, folder_ / "model"}, {first, folder_ / "model"}});
  const UniqueFd recording = file("a.wav", wav(16000, 10));
  const auto hear = [&](const std::string& name) {
    const UniqueFd rows = file(name, "left over from before");
    const UniqueFd one_row = file(name + "-first", "");
    const std::array outputs{one_row.get(), rows.get()};
    const Heard heard = pool.hear(recording.get(), {name, {1, 0}, false}, outputs);
    EXPECT_THAT(heard.clips, testing::ElementsAre(1, 3));
    return readFile(folder_ / name);
  };
  const std::string once = hear("once");
  EXPECT_EQ(hear("twice"), once);
  const FileBytes file = FileBytes::hold(once);
  const auto rows = npyView<float>(file, "once");
  EXPECT_EQ(rows.rows, 3u);
  EXPECT_EQ(rows.cols, static_cast<std::size_t>(all.dimension));
  const FileBytes first_file = FileBytes::map(folder_ / "once-first");
  EXPECT_TRUE(std::ranges::equal(npyView<float>(first_file, "first").row(0), rows.row(0)));
}

TEST_F(AttaccaHearTest, WhatIsBuiltInNeedsNoModelFileAndKnowsTheLoudness) {
  HearPool pool(ATTACCA_HEAR, {},
                {{shippedManifest("mfcc"), {}},
                 {shippedManifest("chroma"), {}},
                 {shippedManifest("aspects"), {}}});
  const UniqueFd recording = file("a.wav", wav(44100, 5));
  const UniqueFd mfcc = file("mfcc", "");
  const UniqueFd chroma = file("chroma", "");
  const UniqueFd aspects = file("aspects", "");
  const std::array outputs{mfcc.get(), chroma.get(), aspects.get()};
  const Heard heard = pool.hear(recording.get(), {"a.wav", {0, 1, 2}, false}, outputs);
  EXPECT_THAT(heard.clips, testing::ElementsAre(5, 10, 1));
  for (const std::string name : {"mfcc", "chroma", "aspects"}) {
    const FileBytes bytes = FileBytes::map(folder_ / name);
    const auto rows = npyView<float>(bytes, name);
    EXPECT_EQ(rows.cols, static_cast<std::size_t>(shippedManifest(name).dimension));
    EXPECT_TRUE(std::ranges::all_of(rows.all(), [](float value) { return std::isfinite(value); }));
  }
  const FileBytes bytes = FileBytes::map(folder_ / "aspects");
  const Aspects said = aspectsOf(npyView<float>(bytes, "aspects").row(0));
  ASSERT_TRUE(heard.loudness.integrated_lufs);
  EXPECT_EQ(said.loudness_lufs, static_cast<float>(*heard.loudness.integrated_lufs));
}

TEST_F(AttaccaHearTest, TheSandboxIsNamed) {
  const UniqueFd recording = file("a.wav", wav(16000, 1));
  pool_.identify(recording.get(), "a.wav");
  EXPECT_THAT(pool_.sandbox(), HasSubstr("rlimits"));
}

TEST_F(AttaccaHearTest, RunByHandItSaysWhoStartsIt) {
  std::FILE* pipe = ::popen(ATTACCA_HEAR " 2>&1 3<&-", "r");
  ASSERT_NE(pipe, nullptr);
  std::array<char, 512> line{};
  EXPECT_NE(std::fgets(line.data(), line.size(), pipe), nullptr);
  EXPECT_THAT(line.data(), HasSubstr("attacca, which starts it"));
  const int status = ::pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 2);
}

}  // namespace
}  // namespace attacca
