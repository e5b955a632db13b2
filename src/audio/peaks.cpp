#include "attacca/audio/peaks.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <limits>
#include <string>

#include <unistd.h>

#include "attacca/base/error.h"

#include "byte_reader.h"

namespace attacca::audio {
namespace {

constexpr std::string_view kMagic = "ATTPEAKS";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kBinBytes = 4;
constexpr std::size_t kBufferBytes = kBinBytes * kPeakLevelFactor * 1024;

template <class Unsigned>
void put(std::string& bytes, Unsigned value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    bytes += static_cast<char>(value >> (8 * i) & 0xff);
  }
}

template <class Unsigned>
Unsigned get(std::string_view bytes, std::size_t offset) {
  Unsigned value = 0;
  for (std::size_t i = sizeof value; i-- > 0;) {
    value = static_cast<Unsigned>(value << 8 | static_cast<std::uint8_t>(bytes[offset + i]));
  }
  return value;
}

void putDouble(std::string& bytes, std::optional<double> value) {
  put(bytes,
      std::bit_cast<std::uint64_t>(value.value_or(std::numeric_limits<double>::quiet_NaN())));
}

std::optional<double> getDouble(std::string_view bytes, std::size_t offset) {
  const auto value = std::bit_cast<double>(get<std::uint64_t>(bytes, offset));
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

void putBin(std::string& bytes, PeakBin bin) {
  put(bytes, static_cast<std::uint16_t>(bin.least));
  put(bytes, static_cast<std::uint16_t>(bin.largest));
}

PeakBin getBin(std::string_view bytes, std::size_t offset) {
  return {static_cast<std::int16_t>(get<std::uint16_t>(bytes, offset)),
          static_cast<std::int16_t>(get<std::uint16_t>(bytes, offset + 2))};
}

std::uint64_t coarser(std::uint64_t bins) {
  return (bins + kPeakLevelFactor - 1) / kPeakLevelFactor;
}

void writeAt(int fd, std::int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throwErrno("write", "the waveform");
    bytes.remove_prefix(static_cast<std::size_t>(n));
    offset += n;
  }
}

}  // namespace

struct PeaksWriter::State {
  int fd;
  std::int64_t offset = kHeaderBytes;  // where `buffer` belongs
  std::uint64_t bins = 0;              // of level 0
  std::string buffer;

  void put(PeakBin bin) {
    putBin(buffer, bin);
    if (buffer.size() >= kBufferBytes) flush();
  }

  void flush() {
    writeAt(fd, offset, buffer);
    offset += static_cast<std::int64_t>(buffer.size());
    buffer.clear();
  }

  // Makes one level from the one that lies at `from`.
  void reduce(std::int64_t from, std::uint64_t count) {
    const std::int64_t end = from + static_cast<std::int64_t>(count * kBinBytes);
    const ByteReader finer(fd, end);
    while (from < end) {
      const std::string bytes = finer.read(from, kBufferBytes);
      if (bytes.empty()) throwErrno("read back", "the waveform");
      from += static_cast<std::int64_t>(bytes.size());
      for (std::size_t at = 0; at < bytes.size();) {
        PeakBin bin = getBin(bytes, at);
        for (int i = 0; i < kPeakLevelFactor && at < bytes.size(); ++i, at += kBinBytes) {
          const PeakBin part = getBin(bytes, at);
          bin = {std::min(bin.least, part.least), std::max(bin.largest, part.largest)};
        }
        put(bin);
      }
    }
    flush();
  }
};

PeaksWriter::PeaksWriter(int fd) : state_(new State{.fd = fd, .buffer = {}}) {
  state_->buffer.reserve(kBufferBytes);
}
PeaksWriter::~PeaksWriter() = default;

void PeaksWriter::add(PeakBin bin) {
  state_->put(bin);
  ++state_->bins;
}

void PeaksWriter::finish(Seconds duration, const Loudness& loudness) {
  state_->flush();
  std::int64_t level = kHeaderBytes;
  std::uint64_t bins = state_->bins;
  for (int i = 1; i < kPeakLevels; ++i) {
    const std::int64_t next = state_->offset;
    state_->reduce(level, bins);
    level = next;
    bins = coarser(bins);
  }
  std::string header{kMagic};
  put(header, kVersion);
  put(header, std::uint32_t{kPeakLevels});
  put(header, std::uint32_t{kPeakBinsPerSecond});
  put(header, std::uint32_t{kPeakLevelFactor});
  put(header, state_->bins);
  putDouble(header, duration.count());
  putDouble(header, loudness.integrated_lufs);
  putDouble(header, loudness.range_lu);
  putDouble(header, loudness.sample_peak);
  writeAt(state_->fd, 0, header);
}

Peaks readPeaks(std::span<const std::byte> file, std::string_view name) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  const auto corrupt = [&](std::string_view what) {
    return Error(Fault::corrupt, "the waveform " + std::string(name) + " " + std::string(what),
                 "Delete it and add the recording again");
  };
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) {
    throw corrupt("is not a waveform file");
  }
  if (get<std::uint32_t>(bytes, 8) != kVersion) throw corrupt("is of another version");
  if (get<std::uint32_t>(bytes, 12) != kPeakLevels ||
      get<std::uint32_t>(bytes, 16) != kPeakBinsPerSecond ||
      get<std::uint32_t>(bytes, 20) != kPeakLevelFactor) {
    throw corrupt("has other resolutions than version 1");
  }
  Peaks peaks;
  peaks.duration = Seconds(getDouble(bytes, 32).value_or(0));
  peaks.loudness = {getDouble(bytes, 40), getDouble(bytes, 48), getDouble(bytes, 56).value_or(0)};
  std::size_t at = kHeaderBytes;
  auto bins = get<std::uint64_t>(bytes, 24);
  for (int i = 0; i < kPeakLevels; ++i, bins = coarser(bins)) {
    if (bins > (bytes.size() - at) / kBinBytes) throw corrupt("ends early");
    auto& level = peaks.levels.emplace_back(static_cast<std::size_t>(bins));
    for (auto& bin : level) {
      bin = getBin(bytes, at);
      at += kBinBytes;
    }
  }
  if (at != bytes.size()) throw corrupt("is longer than it should be");
  return peaks;
}

}  // namespace attacca::audio
