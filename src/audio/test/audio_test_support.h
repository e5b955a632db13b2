// What the tests of this room share: fixtures, a folder to write in, made-up wav files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "attacca/audio/decoder.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::audio {

namespace fs = std::filesystem;

inline fs::path golden(std::string_view name) {
  return fs::path(ATTACCA_SOURCE_DIR) / "src/audio/test/golden" / name;
}

// Every recording with sound among the fixtures.
inline std::vector<std::string> recordings() {
  return {"tone.mp3",  "vbr.mp3",   "tone.ogg", "tone.opus",  "flac.oga",  "tone.flac", "tone.m4a",
          "alac.m4a",  "tone.aac",  "tone.wav", "tone.w64",   "tone.aiff", "tone.caf",  "video.mp4",
          "video.avi", "video.mpg", "video.ts", "video.webm", "video.flv"};
}

class TempFolder : public test::TempFolder {
 public:
  fs::path write(std::string_view name, std::string_view content) const {
    std::ofstream(*this / name, std::ios::binary) << content;
    return *this / name;
  }
  fs::path copy(std::string_view fixture) const {
    fs::copy_file(golden(fixture), *this / fixture, fs::copy_options::overwrite_existing);
    return *this / fixture;
  }
};

struct HeardFile {
  Sound sound;
  std::string format;
  int rate_hz = 0;
  int channels = 0;
  std::vector<float> mono;  // at the rate asked for
};

inline HeardFile hear(const fs::path& path, int rate_hz = 16000) {
  const UniqueFd fd = openToRead(path);
  Recording recording(fd.get());
  HeardFile heard;
  heard.format = recording.format();
  heard.rate_hz = recording.rateHz();
  heard.channels = recording.channels();
  DecodePlan plan;
  plan.outputs.push_back({rate_hz, [&](std::span<const float> block) {
                            EXPECT_LE(block.size(), kLongestBlock);
                            heard.mono.insert(heard.mono.end(), block.begin(), block.end());
                          }});
  heard.sound = recording.decode(plan);
  return heard;
}

// The reason for which a file is refused, empty when it is heard.
inline std::string refusal(const fs::path& path) {
  try {
    hear(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused) << error.what();
    return error.problem();
  }
  return {};
}

inline void append(std::string& bytes, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

struct WavFormat {
  std::uint32_t rate_hz = 44100;
  std::uint16_t channels = 2;
  std::uint16_t bits = 16;
  std::uint16_t tag = 1;  // 1: integers, 3: floats
  std::optional<std::uint32_t> claimed_bytes = std::nullopt;
};

// A wav file around interleaved samples that are already bytes.
inline std::string wavFile(const WavFormat& format, std::string_view samples) {
  const auto claimed = format.claimed_bytes.value_or(static_cast<std::uint32_t>(samples.size()));
  const std::uint32_t block = format.channels * format.bits / 8u;
  std::string bytes = "RIFF";
  append(bytes, std::uint64_t{claimed} + 36, 4);
  bytes += "WAVEfmt ";
  append(bytes, 16, 4);
  append(bytes, format.tag, 2);
  append(bytes, format.channels, 2);
  append(bytes, format.rate_hz, 4);
  append(bytes, std::uint64_t{format.rate_hz} * block, 4);
  append(bytes, block, 2);
  append(bytes, format.bits, 2);
  bytes += "data";
  append(bytes, claimed, 4);
  return bytes += samples;
}

template <class Sample>
std::string asBytes(const std::vector<Sample>& samples) {
  return {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(Sample)};
}

}  // namespace attacca::audio
