#include "samples.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace attacca::audio {
namespace {

// Four lanes, so that comparisons vectorise without telling the compiler that NaN does not exist.
using Float4 = float __attribute__((vector_size(16)));
using Int4 = std::int32_t __attribute__((vector_size(16)));

template <class Vector>
Vector load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

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
  Int4 bad = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) bad |= (load<Int4>(samples + i) & 0x7fffffff) > most;
  if ((bad[0] | bad[1] | bad[2] | bad[3]) != 0) return false;
  return std::all_of(samples + i, samples + count, isUsable);
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
  Range range{planes.channels[0][first], planes.channels[0][first]};
  for (const float* plane : planes.channels) {
    const float* samples = plane + first;
    std::size_t i = 0;
    if (count >= 4) {
      Float4 least = load<Float4>(samples);
      Float4 largest = least;
      for (; i + 4 <= count; i += 4) {
        const auto value = load<Float4>(samples + i);
        least = value < least ? value : least;
        largest = value > largest ? value : largest;
      }
      for (int lane = 0; lane < 4; ++lane) {
        range.least = std::min(range.least, least[lane]);
        range.largest = std::max(range.largest, largest[lane]);
      }
    }
    for (; i < count; ++i) {
      range.least = std::min(range.least, samples[i]);
      range.largest = std::max(range.largest, samples[i]);
    }
  }
  return range;
}

}  // namespace attacca::audio
