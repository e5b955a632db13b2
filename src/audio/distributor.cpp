#include "distributor.h"

#include <algorithm>

namespace attacca::audio {
namespace {

constexpr int kMaxChannels = 64;
constexpr int kMostRate = 768000;

}  // namespace

Distributor::Distributor(const DecodePlan& plan)
    : plan_(plan), wave_(plan.peaks), mono_(SampleReader::kPiece) {
  std::map<int, std::vector<const MonoOutput*>> outputs;
  for (const auto& output : plan.outputs) outputs[output.rate_hz].push_back(&output);
  for (const auto& [rate_hz, same_rate] : outputs) {
    takes_[rate_hz] = [receivers = same_rate](std::span<const float> block) {
      for (const auto* receiver : receivers) receiver->take(block);
    };
  }
}

bool Distributor::accepts(const AVFrame& frame) {
  return frame.nb_samples > 0 && frame.sample_rate > 0 && frame.sample_rate <= kMostRate &&
         frame.ch_layout.nb_channels > 0 && frame.ch_layout.nb_channels <= kMaxChannels &&
         SampleReader::knows(static_cast<AVSampleFormat>(frame.format));
}

void Distributor::add(const AVFrame& frame) {
  if (frame.sample_rate != rate_hz_ || frame.ch_layout.nb_channels != channels_) begin(frame);
  const auto count = static_cast<std::size_t>(frame.nb_samples);
  for (std::size_t done = 0; done < count;) {
    const auto piece = std::min(count - done, SampleReader::kPiece);
    const Planes planes = reader_.read(frame, done, piece);
    wave_.add(planes);
    loudness_.add(planes);
    if (!resamplers_.empty()) {
      const std::span<float> mono(mono_.data(), piece);
      meanOfChannels(planes, mono);
      for (auto& resampler : resamplers_) resampler.add(mono);
    }
    done += piece;
  }
  frames_ += frame.nb_samples;
  samples_ += std::int64_t{frame.nb_samples} * channels_;
  if (plan_.progress && duration().count() >= next_progress_) {
    plan_.progress(duration());
    next_progress_ = duration().count() + 1;
  }
}

void Distributor::begin(const AVFrame& frame) {
  if (frame.sample_rate != rate_hz_) {
    endFormat();
    rate_hz_ = frame.sample_rate;
    wave_.begin(rate_hz_);
    for (const auto& [rate_hz, take] : takes_) resamplers_.emplace_back(rate_hz_, rate_hz, take);
  }
  channels_ = frame.ch_layout.nb_channels;
  loudness_.begin(rate_hz_, channelWeights(frame.ch_layout));
}

void Distributor::endFormat() {
  for (auto& resampler : resamplers_) resampler.finish();
  resamplers_.clear();
  seconds_before_ = duration().count();
  frames_ = 0;
}

void Distributor::finish() {
  endFormat();
  wave_.finish();
}

Seconds Distributor::duration() const {
  const double running =
      rate_hz_ == 0 ? 0 : static_cast<double>(frames_) / static_cast<double>(rate_hz_);
  return Seconds(seconds_before_ + running);
}

Loudness Distributor::loudness() const {
  return {loudness_.integratedLufs(), loudness_.rangeLu(), wave_.peak()};
}

}  // namespace attacca::audio
