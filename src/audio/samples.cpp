#include "samples.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace attacca::audio {
namespace {

// Explicit lanes, so that comparisons vectorise without telling the compiler that there is no NaN.
constexpr std::size_t kLanes = 4;
using Floats = float __attribute__((vector_size(sizeof(float) * kLanes)));
using Ints = std::int32_t __attribute__((vector_size(sizeof(float) * kLanes)));

// Every `stride`th sample from `from`, scaled.
template <class Sample>
void convert(const std::uint8_t* from, std::size_t stride, std::size_t count, double zero,
             double scale, float* to) {
  const auto* samples = reinterpret_cast<const Sample*>(from);
  const auto f_zero = static_cast<float>(zero);
  const auto f_scale = static_cast<float>(scale);
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = (static_cast<float>(samples[i * stride]) - f_zero) * f_scale;
  }
}

bool isUsable(float sample) { return std::fabs(sample) <= SampleReader::kMostSample; }

bool allUsable(const float* samples, std::size_t count) {
  // As integers, |x| compares like x, and NaN and infinity are larger than all numbers.
  std::int32_t most = 0;
  std::memcpy(&most, &SampleReader::kMostSample, sizeof most);
  Ints bad{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Ints bits;
    std::memcpy(&bits, samples + i, sizeof bits);
    bad |= (bits & 0x7fffffff) > most;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (bad[lane] != 0) return false;
  }
  return std::all_of(samples + i, samples + count, isUsable);
}

Range rangeOfPlane(const float* samples, std::size_t count) {
  Range range{samples[0], samples[0]};
  std::size_t i = 0;
  if (count >= kLanes) {
    Floats least;
    std::memcpy(&least, samples, sizeof least);
    Floats largest = least;
    for (i = kLanes; i + kLanes <= count; i += kLanes) {
      Floats value;
      std::memcpy(&value, samples + i, sizeof value);
      least = value < least ? value : least;
      largest = value > largest ? value : largest;
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      range.least = std::min<float>(range.least, least[lane]);
      range.largest = std::max<float>(range.largest, largest[lane]);
    }
  }
  for (; i < count; ++i) {
    range.least = std::min(range.least, samples[i]);
    range.largest = std::max(range.largest, samples[i]);
  }
  return range;
}

}  // namespace

bool SampleReader::knows(AVSampleFormat format) {
  return format > AV_SAMPLE_FMT_NONE && format < AV_SAMPLE_FMT_NB;
}

float* SampleReader::own(std::size_t channel) {
  while (own_.size() <= channel) own_.emplace_back(kPiece);
  return own_[channel].data();
}

void SampleReader::replaceUnusable(std::size_t channel, std::size_t count) {
  if (allUsable(planes_[channel], count)) return;
  float* clean = own(channel);
  if (planes_[channel] != clean) std::copy_n(planes_[channel], count, clean);
  for (std::size_t i = 0; i < count; ++i) {
    if (isUsable(clean[i])) continue;
    clean[i] = 0;
    ++unusable_;
  }
  planes_[channel] = clean;
}

Planes SampleReader::read(const AVFrame& frame, std::size_t first, std::size_t count) {
  assert(count <= kPiece);
  const auto format = static_cast<AVSampleFormat>(frame.format);
  const auto channels = static_cast<std::size_t>(frame.ch_layout.nb_channels);
  const bool planar = av_sample_fmt_is_planar(format) != 0;
  const auto width = static_cast<std::size_t>(av_get_bytes_per_sample(format));
  const std::size_t stride = planar ? 1 : channels;
  planes_.resize(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::uint8_t* from =
        frame.extended_data[planar ? c : 0] + first * stride * width + (planar ? 0 : c * width);
    if (format == AV_SAMPLE_FMT_FLTP || (format == AV_SAMPLE_FMT_FLT && channels == 1)) {
      planes_[c] = reinterpret_cast<const float*>(from);
      replaceUnusable(c, count);
      continue;
    }
    float* to = own(c);
    planes_[c] = to;
    switch (av_get_packed_sample_fmt(format)) {
      case AV_SAMPLE_FMT_U8:
        convert<std::uint8_t>(from, stride, count, 128, 0x1p-7, to);
        break;
      case AV_SAMPLE_FMT_S16:
        convert<std::int16_t>(from, stride, count, 0, 0x1p-15, to);
        break;
      case AV_SAMPLE_FMT_S32:
        convert<std::int32_t>(from, stride, count, 0, 0x1p-31, to);
        break;
      case AV_SAMPLE_FMT_S64:
        convert<std::int64_t>(from, stride, count, 0, 0x1p-63, to);
        break;
      case AV_SAMPLE_FMT_DBL:
        convert<double>(from, stride, count, 0, 1, to);
        break;
      default:
        convert<float>(from, stride, count, 0, 1, to);
        break;
    }
    replaceUnusable(c, count);
  }
  return {planes_, count};
}

void meanOfChannels(const Planes& planes, std::span<float> mono) {
  const auto& channels = planes.channels;
  if (channels.size() == 2) {
    const float* left = channels[0];
    const float* right = channels[1];
    for (std::size_t i = 0; i < planes.frames; ++i) mono[i] = (left[i] + right[i]) * 0.5F;
    return;
  }
  std::copy_n(channels[0], planes.frames, mono.data());
  if (channels.size() == 1) return;
  for (std::size_t c = 1; c < channels.size(); ++c) {
    for (std::size_t i = 0; i < planes.frames; ++i) mono[i] += channels[c][i];
  }
  const float scale = 1.0F / static_cast<float>(channels.size());
  for (std::size_t i = 0; i < planes.frames; ++i) mono[i] *= scale;
}

Range rangeOf(const Planes& planes, std::size_t first, std::size_t count) {
  Range range = rangeOfPlane(planes.channels[0] + first, count);
  for (const float* plane : planes.channels.subspan(1)) {
    const Range other = rangeOfPlane(plane + first, count);
    range = {std::min(range.least, other.least), std::max(range.largest, other.largest)};
  }
  return range;
}

}  // namespace attacca::audio
