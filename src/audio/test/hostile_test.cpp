// Files that are damaged, absurd, or made to do harm: refused with a reason, or heard as far as it
// goes; never a crash, a hang, much memory, or another file opened.
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "attacca/audio/tags.h"

#include "audio_test_support.h"

namespace attacca::audio {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// Peak resident memory of this process, bytes.
std::int64_t peakMemory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

std::vector<std::int16_t> tone(std::size_t samples) {
  std::vector<std::int16_t> values(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    values[i] = static_cast<std::int16_t>(8000 * std::sin(0.05 * static_cast<double>(i)));
  }
  return values;
}

fs::path makeSparse(const fs::path& path, std::uintmax_t size) {
  fs::resize_file(path, size);
  return path;
}

TEST(Hostile, AnEmptyFileIsRefused) {
  const TempFolder folder;
  EXPECT_EQ(refusal(folder.write("a.mp3", "")), "it is empty");
}

TEST(Hostile, AFifoIsRefusedWithoutWaiting) {
  const TempFolder folder;
  const fs::path path = folder.path() / "a.mp3";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  EXPECT_THROW(Recording{fd.get()}, Error);
}

TEST(Hostile, PlaylistsAreNotFollowed) {
  const TempFolder folder;
  const std::string target = golden("tone.wav").string();
  for (const std::string& content :
       {target + "\n", "#EXTM3U\n#EXTINF:1,x\n" + target + "\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile://" + target +
            "\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '" + target + "'\n", "[playlist]\nFile1=" + target + "\n",
        "<?xml version=\"1.0\"?><MPD><BaseURL>file://" + target + "</BaseURL></MPD>"}) {
    EXPECT_THAT(refusal(folder.write("a.mp3", content)), HasSubstr("playlist")) << content;
  }
}

TEST(Hostile, OtherFilesNamedLikeRecordingsAreRefused) {
  const TempFolder folder;
  std::mt19937 random(1);
  std::string noise(200'000, '\0');
  for (auto& byte : noise) byte = static_cast<char>(random());
  EXPECT_THAT(refusal(folder.write("a.wav", noise)), HasSubstr("not a recording"));
  EXPECT_THAT(refusal(folder.write("a.wav", std::string(100'000, '\0'))), HasSubstr("zeros"));
  EXPECT_THAT(refusal(folder.write("a.jpg", "\xff\xd8\xff\xe0 JFIF" + std::string(500, '\x01'))),
              HasSubstr("not a recording"));
}

TEST(Hostile, AMislabelledFileIsHeardForWhatItIs) {
  const TempFolder folder;
  EXPECT_EQ(hear(folder.write("a.mp3", readFile(golden("tone.flac")))).format, "flac");
}

TEST(Hostile, AVideoWithoutSoundIsRefused) {
  EXPECT_THAT(refusal(golden("no-sound.mp4")), HasSubstr("no sound"));
}

TEST(Hostile, SilenceIsRefused) {
  const TempFolder folder;
  EXPECT_EQ(refusal(folder.write("a.wav", wavFile({}, std::string(400'000, '\0')))),
            "it is silent");
}

TEST(Hostile, TooLittleSoundIsRefused) {
  const TempFolder folder;
  EXPECT_EQ(refusal(folder.write("a.wav", wavFile({.channels = 1}, asBytes(tone(8820))))),
            "it holds only 0.2 s of sound; at least 0.5 s are needed");
  EXPECT_EQ(refusal(folder.write("b.wav", wavFile({.channels = 1}, asBytes(tone(22050))))), "");
}

TEST(Hostile, ValuesThatAreNotNumbersAreSilenceIfFewAndRefusedIfMany) {
  const TempFolder folder;
  std::vector<float> samples(48000);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = std::sin(0.05F * static_cast<float>(i));
  samples[100] = std::numeric_limits<float>::quiet_NaN();
  samples[200] = std::numeric_limits<float>::infinity();
  samples[300] = -std::numeric_limits<float>::max();
  const WavFormat format{.rate_hz = 48000, .channels = 1, .bits = 32, .tag = 3};
  const HeardFile heard = hear(folder.write("few.wav", wavFile(format, asBytes(samples))), 48000);
  EXPECT_THAT(heard.sound.notes, Contains(HasSubstr("3 values")));
  EXPECT_EQ(heard.mono[100], 0);
  EXPECT_EQ(heard.mono[99], samples[99]);
  EXPECT_LE(heard.sound.loudness.sample_peak, 1);

  samples.assign(48000, std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(refusal(folder.write("all.wav", wavFile(format, asBytes(samples)))),
              HasSubstr("not numbers"));
}

TEST(Hostile, ATruncatedFileIsHeardAsFarAsItGoes) {
  const TempFolder folder;
  for (const auto* name : {"tone.mp3", "vbr.mp3", "tone.ogg", "tone.opus", "tone.flac", "tone.wav",
                           "tone.aiff", "tone.aac", "video.webm", "video.avi", "video.ts"}) {
    SCOPED_TRACE(name);
    const double whole = hear(golden(name)).sound.duration.count();
    const std::string bytes = readFile(golden(name));
    const HeardFile half = hear(folder.write(name, bytes.substr(0, bytes.size() * 9 / 10)));
    EXPECT_GT(half.sound.duration.count(), whole * 0.4);
    EXPECT_LT(half.sound.duration.count(), whole);
  }
}

TEST(Hostile, AFileThatEndsEarlySaysSo) {
  const TempFolder folder;
  std::string wav = wavFile({.rate_hz = 8000, .channels = 1}, asBytes(tone(80000)));
  wav.resize(wav.size() / 2);
  EXPECT_THAT(hear(folder.write("a.wav", wav)).sound.notes,
              Contains(HasSubstr("it ends early: 0:05 of 0:10")));
}

TEST(Hostile, DamageInTheMiddleCostsOnlyThatPlace) {
  const TempFolder folder;
  for (const auto* name : {"tone.mp3", "tone.aac", "tone.ogg", "tone.opus"}) {
    SCOPED_TRACE(name);
    const std::string one = readFile(golden(name));
    std::string bytes = one;
    bytes.append(one).append(one);
    for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 600; ++i) bytes[i] = '\x7e';
    EXPECT_GT(hear(folder.write(name, bytes)).sound.duration, Seconds(3.9));
    EXPECT_LT(hear(folder.path() / name).sound.duration, Seconds(6.2));
  }
}

TEST(Hostile, AnMp4WithoutItsIndexIsRefused) {
  const TempFolder folder;
  const std::string bytes = readFile(golden("tone.m4a"));
  EXPECT_THAT(refusal(folder.write("a.m4a", bytes.substr(0, bytes.size() / 2))), Not(IsEmpty()));
}

TEST(Hostile, AbsurdWavHeadersAreRefusedOrHeardForWhatIsThere) {
  const TempFolder folder;
  const std::string samples = asBytes(tone(80000));
  const auto write = [&](const WavFormat& format) {
    return folder.write("a.wav", wavFile(format, samples));
  };
  EXPECT_NEAR(hear(write({.claimed_bytes = 0xffffffffU})).sound.duration.count(), 40000 / 44100.0,
              1e-9);
  EXPECT_THAT(refusal(write({.channels = 0})), Not(IsEmpty()));
  EXPECT_THAT(refusal(write({.channels = 65535})), HasSubstr("65535 channels"));
  EXPECT_THAT(refusal(write({.rate_hz = 0})), Not(IsEmpty()));
  EXPECT_THAT(refusal(write({.rate_hz = 1U << 31})), Not(IsEmpty()));
  EXPECT_THAT(refusal(write({.rate_hz = 0xffffffffU})), Not(IsEmpty()));
  EXPECT_THAT(refusal(write({.rate_hz = 900'000})), HasSubstr("900000 samples a second"));
  EXPECT_THAT(refusal(write({.bits = 0})), Not(IsEmpty()));
  EXPECT_THAT(refusal(write({.bits = 65535})), Not(IsEmpty()));
  EXPECT_THAT(refusal(write({.tag = 0x1234})), Not(IsEmpty()));
}

TEST(Hostile, AGiantTagIsSteppedOver) {
  const TempFolder folder;
  // 200 MB of ID3v2, sparse, whose one frame claims to be a title of that size.
  const std::string sound = readFile(golden("tone.mp3"));
  const std::int64_t size = 200 << 20;
  std::string tag = "ID3";
  tag += std::string("\x04\0\0", 3);
  for (int shift = 21; shift >= 0; shift -= 7) tag += static_cast<char>(size >> shift & 0x7f);
  tag += "TIT2";
  for (int shift = 21; shift >= 0; shift -= 7)
    tag += static_cast<char>((size - 20) >> shift & 0x7f);
  tag += std::string("\0\0\x03Serenade", 11);
  const fs::path path =
      makeSparse(folder.write("a.mp3", tag), static_cast<std::uintmax_t>(size) + 10);
  std::ofstream(path, std::ios::binary | std::ios::app) << sound;
  const std::int64_t before = peakMemory();
  EXPECT_EQ(hear(path).mono, hear(golden("tone.mp3")).mono);
  const UniqueFd fd = openToRead(path);
  readTags(fd.get());
  EXPECT_LT(peakMemory() - before, 100 << 20);
}

TEST(Hostile, SparseGigabytesAreRefusedOrEndWhereTheSoundEnds) {
  const TempFolder folder;
  constexpr std::uintmax_t kHuge = std::uintmax_t{40} << 30;
  const std::int64_t before = peakMemory();
  EXPECT_THAT(refusal(makeSparse(folder.write("zeros.wav", ""), kHuge)), HasSubstr("zeros"));
  for (const auto* name :
       {"tone.mp3", "tone.ogg", "tone.flac", "tone.aac", "video.ts", "video.webm"}) {
    SCOPED_TRACE(name);
    const HeardFile heard = hear(makeSparse(folder.copy(name), kHuge));
    EXPECT_NEAR(heard.sound.duration.count(), hear(golden(name)).sound.duration.count(), 0.1);
    EXPECT_THAT(heard.sound.notes, Not(IsEmpty()));
  }
  const auto wav =
      wavFile({.rate_hz = 8000, .channels = 1, .claimed_bytes = 0xfffffff0U}, asBytes(tone(16000)));
  EXPECT_LT(hear(makeSparse(folder.write("a.wav", wav), kHuge)).sound.duration, Seconds(10));
  EXPECT_LT(peakMemory() - before, 100 << 20);
}

TEST(Hostile, AnMp4ThatPointsToAnotherFileDoesNotOpenIt) {
  const TempFolder folder;
  // The data reference's "self-contained" flag is cleared and an alias put in its place.
  std::string bytes = readFile(golden("alac.m4a"));
  const auto url = bytes.find(std::string("\0\0\0\x0curl \0\0\0\x01", 12));
  ASSERT_NE(url, std::string::npos);
  folder.copy("tone.wav");
  bytes.replace(url, 12, std::string("\0\0\0\x0c", 4) + "alis" + std::string(4, '\0'));
  const std::string reason = refusal(folder.write("a.m4a", bytes));
  if (reason.empty()) {
    // Then what was heard is the file's own sound.
    EXPECT_EQ(hear(folder.path() / "a.m4a").mono, hear(golden("alac.m4a")).mono);
  }
}

TEST(Hostile, MutatedFilesNeitherCrashNorHang) {
  const TempFolder folder;
  int heard = 0;
  int refused = 0;
  std::mt19937 random(42);
  for (const auto& name : recordings()) {
    const std::string original = readFile(golden(name));
    for (int round = 0; round < 24; ++round) {
      std::string bytes = original;
      // Headers and the rest get an equal share.
      const std::size_t reach =
          round % 2 == 0 ? std::min<std::size_t>(bytes.size(), 1024) : bytes.size();
      const int changes = 1 << (random() % 6);
      for (int i = 0; i < changes; ++i) {
        const std::size_t at = random() % std::min(reach, bytes.size());
        switch (random() % 4) {
          case 0:
            bytes[at] = static_cast<char>(random());
            break;
          case 1:
            bytes[at] = static_cast<char>(0xff);
            break;
          case 2:
            bytes.erase(at, random() % 64);
            break;
          default:
            bytes.insert(at, original.substr(random() % reach, random() % 64));
            break;
        }
      }
      const fs::path path = folder.write("mutant", bytes);
      const UniqueFd fd = openToRead(path);
      const Tags tags = readTags(fd.get());
      EXPECT_LE(tags.title.size(), 4096U);
      const bool is_heard = refusal(path).empty();
      (is_heard ? heard : refused) += 1;
    }
  }
  EXPECT_GT(heard, 50);
  EXPECT_GT(refused, 5);
}

}  // namespace
}  // namespace attacca::audio
