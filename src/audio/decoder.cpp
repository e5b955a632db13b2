#include "attacca/audio/decoder.h"

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "attacca/audio/peaks.h"
#include "attacca/base/error.h"

#include "audio_hash.h"
#include "demuxer.h"
#include "distributor.h"

namespace attacca::audio {
namespace {

constexpr int kMostFrameSamples = 1 << 20;
// Softer than the last bit of 20-bit audio: digital silence, and what lossy coders make of it.
constexpr double kSilentPeak = 1e-6;
// With a larger share of values that are not numbers, what is left means nothing.
constexpr double kMostUnusable = 0.1;

std::string describeFormat(Container container, AVCodecID codec) {
  const std::string_view name = traits(container).name;
  std::string_view coding = avcodec_get_name(codec);
  if (coding.starts_with("pcm_")) coding = "pcm";
  return name == coding ? std::string(name) : fmt::format("{} {}", name, coding);
}

class Decoder {
 public:
  explicit Decoder(const Demuxer& demuxer)
      : codec_(avcodec_alloc_context3(&demuxer.codec())), frame_(av_frame_alloc()) {
    if (!codec_ || !frame_) throw std::bad_alloc();
    const AVStream& stream = demuxer.stream();
    if (avcodec_parameters_to_context(codec_.get(), stream.codecpar) < 0) throw std::bad_alloc();
    codec_->pkt_timebase = stream.time_base;  // samples to skip are given in it
    codec_->thread_count = 1;
    codec_->max_samples = kMostFrameSamples;
    if (avcodec_open2(codec_.get(), &demuxer.codec(), nullptr) < 0) {
      throw Error(Fault::refused, "the description of its sound is damaged");
    }
  }

  // A null packet asks for what the decoder still holds.
  void decode(const AVPacket* packet, Distributor& distributor) {
    bool damaged = avcodec_send_packet(codec_.get(), packet) < 0;
    while (true) {
      const int result = avcodec_receive_frame(codec_.get(), frame_.get());
      if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) break;
      if (result < 0 || !Distributor::accepts(*frame_)) {
        damaged = true;
        if (result < 0) break;
        continue;
      }
      distributor.add(*frame_);
    }
    damaged_ += damaged ? 1 : 0;
  }

  int damaged() const { return damaged_; }  // packets

 private:
  Av<AVCodecContext> codec_;
  Av<AVFrame> frame_;
  int damaged_ = 0;
};

void refuseUseless(const Distributor& heard, const Decoder& decoder) {
  if (heard.samples() == 0) {
    throw Error(Fault::refused,
                decoder.damaged() > 0 ? "nothing in it can be decoded" : "it holds no sound");
  }
  if (static_cast<double>(heard.unusable()) >
      kMostUnusable * static_cast<double>(heard.samples())) {
    throw Error(Fault::refused, "it holds values that are not numbers");
  }
  if (heard.duration() < kShortestSound) {
    throw Error(Fault::refused,
                fmt::format("it holds only {:.2g} s of sound; at least {:.2g} s are needed",
                            heard.duration().count(), kShortestSound.count()));
  }
  if (heard.loudness().sample_peak < kSilentPeak) throw Error(Fault::refused, "it is silent");
}

// What the recording claims to last, 0 when it says nothing.
double claimedSeconds(const Window& window, const Demuxer& demuxer, double heard) {
  const std::int64_t present = window.end - window.begin;
  if (window.claimed > present) {
    return heard * static_cast<double>(window.claimed) / static_cast<double>(present);
  }
  return demuxer.claimedSeconds();
}

std::vector<std::string> damageNotes(const Window& window, const Demuxer& demuxer,
                                     const Decoder& decoder, const Distributor& heard) {
  std::vector<std::string> notes;
  if (decoder.damaged() > 0) {
    notes.push_back(decoder.damaged() == 1
                        ? std::string("one damaged place was left out")
                        : fmt::format("{} damaged places were left out", decoder.damaged()));
  }
  const double claimed = claimedSeconds(window, demuxer, heard.duration().count());
  if (claimed - heard.duration().count() > std::max(1.0, 0.01 * claimed)) {
    notes.push_back(fmt::format("it ends early: {} of {} could be heard",
                                formatDuration(heard.duration()),
                                formatDuration(Seconds(claimed))));
  } else if (demuxer.endedBadly() || window.ends_in_hole) {
    notes.push_back(
        fmt::format("what comes after {} could not be read", formatDuration(heard.duration())));
  }
  if (heard.unusable() > 0) {
    notes.push_back(
        fmt::format("{} values that are not numbers were taken as silence", heard.unusable()));
  }
  return notes;
}

}  // namespace

class Recording::State {
 public:
  explicit State(int recording)
      : fd(recording), window(findContainer(fd)), opened(openDemuxer({})) {
    const AVCodecParameters& parameters = *opened->stream().codecpar;
    format = describeFormat(window.container, parameters.codec_id);
    rate_hz = parameters.sample_rate;
    channels = parameters.ch_layout.nb_channels;
  }

  std::unique_ptr<Demuxer> openDemuxer(std::stop_token stop) const {
    return std::make_unique<Demuxer>(fd, window, std::move(stop));
  }

  // At the first packet.
  std::unique_ptr<Demuxer> takeDemuxer(std::stop_token stop) {
    if (!opened) return openDemuxer(std::move(stop));
    opened->setStop(std::move(stop));
    return std::move(opened);
  }

  int fd;
  Window window;
  std::unique_ptr<Demuxer> opened;  // until someone reads from it
  std::string format;
  int rate_hz = 0;
  int channels = 0;
};

Recording::Recording(int fd) : state_(std::make_unique<State>(fd)) {}
Recording::Recording(Recording&&) noexcept = default;
Recording::~Recording() = default;

const std::string& Recording::format() const { return state_->format; }
int Recording::rateHz() const { return state_->rate_hz; }
int Recording::channels() const { return state_->channels; }

AudioHash Recording::readHash(std::stop_token stop) {
  const auto demuxer = state_->takeDemuxer(std::move(stop));
  AudioHasher hasher(state_->window.container, *demuxer->stream().codecpar);
  while (const AVPacket* packet = demuxer->next()) hasher.add(*packet);
  return hasher.finish();
}

Sound Recording::decode(const DecodePlan& plan) {
  const auto demuxer = state_->takeDemuxer(plan.stop);
  AudioHasher hasher(state_->window.container, *demuxer->stream().codecpar);
  Decoder decoder(*demuxer);
  Distributor distributor(plan);
  while (const AVPacket* packet = demuxer->next()) {
    hasher.add(*packet);
    decoder.decode(packet, distributor);
  }
  decoder.decode(nullptr, distributor);
  distributor.finish();
  refuseUseless(distributor, decoder);

  Sound sound;
  sound.hash = hasher.finish();
  sound.duration = distributor.duration();
  sound.loudness = distributor.loudness();
  sound.notes = damageNotes(state_->window, *demuxer, decoder, distributor);
  if (plan.peaks != nullptr) plan.peaks->finish(sound.duration, sound.loudness);
  return sound;
}

}  // namespace attacca::audio
