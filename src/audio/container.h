// Decides from a file's first bytes which container it is, without asking any of libav's probes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace attacca::audio {

enum class Container {
  mp3,
  adts,
  flac,
  ogg,
  wav,
  w64,
  aiff,
  caf,
  mp4,
  matroska,
  avi,
  mpeg,
  mpegts,
  flv
};

struct ContainerTraits {
  Container container;
  std::string_view name;  // for people
  const char* demuxer;    // libavformat's short name
  bool bare;              // ID3v2 may come before the sound, ID3v1, APE and Lyrics3 after it
};

const ContainerTraits& traits(Container container);

// Where in the file the container lies: without the foreign tags around it, which so never reach
// the demuxer or the audio hash.
struct Window {
  Container container{};
  std::int64_t begin = 0;  // bytes
  std::int64_t end = 0;
  std::int64_t claimed = 0;   // bytes that the header says there are, 0 if it says nothing
  bool ends_in_hole = false;  // the file goes on with a large hole that was never written
};

// Throws Fault::refused when the file is empty, not a regular file, or nothing of the allow-list.
Window findContainer(int fd);

}  // namespace attacca::audio
