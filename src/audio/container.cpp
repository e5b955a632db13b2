#include "container.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "attacca/base/error.h"

#include "byte_reader.h"

namespace attacca::audio {
namespace {

// Real files begin within this many bytes, after their tags.
constexpr std::size_t kSearched = 64 * 1024;
// Frames in a row that tell MPEG audio from noise.
constexpr int kFramesInARow = 4;
// A hole of this size was never recorded: it is where a download or a disk stopped. Silence saved
// sparsely has smaller ones.
constexpr std::int64_t kLargeHole = std::int64_t{256} << 20;
constexpr int kMaxLeadingTags = 8;

constexpr std::array kTraits{
    ContainerTraits{Container::mp3, "mp3", "mp3", true},
    ContainerTraits{Container::adts, "aac", "aac", true},
    ContainerTraits{Container::flac, "flac", "flac", true},
    ContainerTraits{Container::ogg, "ogg", "ogg", false},
    ContainerTraits{Container::wav, "wav", "wav", false},
    ContainerTraits{Container::w64, "w64", "w64", false},
    ContainerTraits{Container::aiff, "aiff", "aiff", false},
    ContainerTraits{Container::caf, "caf", "caf", false},
    ContainerTraits{Container::mp4, "mp4", "mov", false},
    ContainerTraits{Container::matroska, "matroska", "matroska", false},
    ContainerTraits{Container::avi, "avi", "avi", false},
    ContainerTraits{Container::mpeg, "mpeg", "mpeg", false},
    ContainerTraits{Container::mpegts, "mpeg-ts", "mpegts", false},
    ContainerTraits{Container::flv, "flv", "flv", false},
};

std::uint8_t at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

bool has(std::string_view bytes, std::size_t offset, std::string_view magic) {
  return bytes.size() >= offset + magic.size() && bytes.substr(offset, magic.size()) == magic;
}

// Length of the MPEG-1/2/2.5 audio frame whose header is at `i` (ISO 11172-3, 13818-3), 0 if none.
// Free-format frames, which no encoder in use makes, count as none.
std::size_t mpegFrameLength(std::string_view bytes, std::size_t i) {
  if (i + 4 > bytes.size() || at(bytes, i) != 0xff || (at(bytes, i + 1) & 0xe0) != 0xe0) return 0;
  const int version = at(bytes, i + 1) >> 3 & 3;  // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const int layer = 4 - (at(bytes, i + 1) >> 1 & 3);
  const int bitrate_index = at(bytes, i + 2) >> 4;
  const int rate_index = at(bytes, i + 2) >> 2 & 3;
  if (version == 1 || layer == 4 || bitrate_index == 0 || bitrate_index == 15 || rate_index == 3) {
    return 0;
  }
  static constexpr int kKilobits[5][15] = {
      {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},  // MPEG-1 layer 1
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},     // layer 2
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},      // layer 3
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},     // MPEG-2 layer 1
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}};         // layers 2 and 3
  static constexpr int kRates[3] = {44100, 48000, 32000};
  const int row = version == 3 ? layer - 1 : layer == 1 ? 3 : 4;
  const int bits = kKilobits[row][bitrate_index] * 1000;
  const int rate = kRates[rate_index] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  const int padding = at(bytes, i + 2) >> 1 & 1;
  const int slots = layer == 1 ? 12 : layer == 3 && version != 3 ? 72 : 144;
  const int length = slots * bits / rate + padding;
  return static_cast<std::size_t>(layer == 1 ? 4 * length : length);
}

// Length of the ADTS frame whose header is at `i` (ISO 13818-7), 0 if none.
std::size_t adtsFrameLength(std::string_view bytes, std::size_t i) {
  if (i + 7 > bytes.size() || at(bytes, i) != 0xff || (at(bytes, i + 1) & 0xf6) != 0xf0) return 0;
  if ((at(bytes, i + 2) >> 2 & 15) > 12) return 0;
  const std::size_t length =
      (at(bytes, i + 3) & 3u) << 11 | at(bytes, i + 4) << 3u | at(bytes, i + 5) >> 5u;
  return length > 7 ? length : 0;
}

template <class FrameLength>
bool hasFrames(std::string_view bytes, FrameLength frameLength) {
  for (std::size_t start = 0; start < bytes.size() && start < kSearched; ++start) {
    std::size_t next = start;
    int frames = 0;
    while (frames < kFramesInARow) {
      const std::size_t length = frameLength(bytes, next);
      if (length == 0) break;
      ++frames;
      next += length;
      if (frames > 1 && next == bytes.size()) return true;  // a very short recording
    }
    if (frames == kFramesInARow) return true;
  }
  return false;
}

bool isTransportStream(std::string_view bytes, std::size_t packet, std::size_t sync) {
  for (std::size_t i = 0; i < 8; ++i) {
    if (!has(bytes, sync + i * packet, "G")) return false;
  }
  return true;
}

std::optional<Container> recognise(std::string_view bytes) {
  using enum Container;
  if (has(bytes, 0, "fLaC")) return flac;
  if (has(bytes, 0, "OggS")) return ogg;
  if ((has(bytes, 0, "RIFF") || has(bytes, 0, "RF64")) && has(bytes, 8, "WAVE")) return wav;
  if (has(bytes, 0, "RIFF") && has(bytes, 8, "AVI ")) return avi;
  if (has(bytes, 0, "riff\x2e\x91\xcf\x11")) return w64;
  if (has(bytes, 0, "FORM") && (has(bytes, 8, "AIFF") || has(bytes, 8, "AIFC"))) return aiff;
  if (has(bytes, 0, "caff")) return caf;
  if (has(bytes, 0, "\x1a\x45\xdf\xa3")) return matroska;
  if (has(bytes, 0, "FLV\x01")) return flv;
  for (const auto atom : {"ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"}) {
    if (has(bytes, 4, atom)) return mp4;
  }
  if (has(bytes, 0, std::string_view("\0\0\x01\xba", 4))) return mpeg;
  if (isTransportStream(bytes, 188, 0) || isTransportStream(bytes, 192, 4)) return mpegts;
  // The weakest evidence last. ADTS first: its layer bits are what MPEG audio reserves.
  if (hasFrames(bytes, adtsFrameLength)) return adts;
  if (hasFrames(bytes, mpegFrameLength)) return mp3;
  return std::nullopt;
}

// Length of the ID3v2 or APEv2 tag at `offset`, 0 if there is none.
std::int64_t leadingTagLength(const ByteReader& file, std::int64_t offset) {
  const std::string head = file.read(offset, 32);
  if (has(head, 0, "ID3") && head.size() >= 10 && at(head, 3) != 0xff && at(head, 4) != 0xff) {
    std::int64_t size = 0;
    for (std::size_t i = 6; i < 10; ++i) {
      if (at(head, i) >= 0x80) return 0;
      size = size << 7 | at(head, i);
    }
    return size + ((at(head, 5) & 0x10) != 0 ? 20 : 10);  // a footer repeats the header
  }
  if (has(head, 0, "APETAGEX") && head.size() == 32)
    return 32 + std::int64_t{littleEndian32(head, 12)};
  return 0;
}

// Length of the ID3v1, APE or Lyrics3v2 tag that ends at `end`, 0 if there is none.
std::int64_t trailingTagLength(const ByteReader& file, std::int64_t begin, std::int64_t end) {
  std::int64_t length = 0;
  if (end - begin >= 128 && file.read(end - 128, 3) == "TAG") {
    length = 128;
  } else if (end - begin >= 32) {
    const std::string foot = file.read(end - 32, 32);
    if (has(foot, 0, "APETAGEX")) {
      const bool has_header = (at(foot, 23) & 0x80) != 0;
      length = std::int64_t{littleEndian32(foot, 12)} + (has_header ? 32 : 0);
    } else if (has(foot, 23, "LYRICS200") &&
               std::all_of(foot.begin() + 17, foot.begin() + 23,
                           [](char c) { return c >= '0' && c <= '9'; })) {
      length = std::stol(foot.substr(17, 6)) + 15;
    }
  }
  return length <= end - begin ? length : 0;
}

// The length of the whole file by the header of a RIFF or IFF container. Programs that write to a
// pipe leave the greatest numbers there.
std::int64_t claimedLength(Container container, std::string_view head) {
  if (head.size() < 8 || !(head.starts_with("RIFF") || head.starts_with("FORM"))) return 0;
  std::uint32_t size = littleEndian32(head, 4);
  if (container == Container::aiff) size = __builtin_bswap32(size);
  return size >= 0x7fff0000U ? 0 : std::int64_t{size} + 8;
}

std::int64_t findLargeHole(int fd, std::int64_t size) {
  for (std::int64_t offset = 0; offset < size;) {
    const off_t hole = ::lseek(fd, offset, SEEK_HOLE);
    if (hole < 0 || hole >= size) return size;
    const off_t data = ::lseek(fd, hole, SEEK_DATA);
    const std::int64_t hole_end = data < 0 ? size : data;
    if (hole_end - hole >= kLargeHole) return hole;
    offset = hole_end;
  }
  return size;
}

bool isText(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<std::uint8_t>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

}  // namespace

const ContainerTraits& traits(Container container) {
  return *std::find_if(kTraits.begin(), kTraits.end(),
                       [&](const auto& row) { return row.container == container; });
}

Window findContainer(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) throwErrno("look at", "the recording");
  if (!S_ISREG(info.st_mode)) throw Error(Fault::refused, "it is not a regular file");
  if (info.st_size == 0) throw Error(Fault::refused, "it is empty");

  Window window;
  window.end = findLargeHole(fd, info.st_size);
  window.ends_in_hole = window.end != info.st_size;
  const ByteReader file(fd, window.end);
  for (int i = 0; i < kMaxLeadingTags; ++i) {
    window.begin = std::min(window.begin + leadingTagLength(file, window.begin), window.end);
  }
  const std::string head = file.read(window.begin, 2 * kSearched);
  const auto container = recognise(head);
  if (!container) {
    if (window.begin == window.end && window.begin > 0) {
      throw Error(Fault::refused, "it holds tags but no sound");
    }
    if (head.find_first_not_of('\0') == std::string::npos) {
      throw Error(Fault::refused, "it holds nothing but zeros");
    }
    if (isText(head.substr(0, 4096))) {
      throw Error(Fault::refused, "it is text (a playlist?), not a recording");
    }
    throw Error(Fault::refused, "it is not a recording of a kind that Attacca can read");
  }
  window.container = *container;
  window.claimed = claimedLength(*container, head);
  if (!traits(*container).bare) return window;
  while (const auto length = trailingTagLength(file, window.begin, window.end))
    window.end -= length;
  return window;
}

}  // namespace attacca::audio
