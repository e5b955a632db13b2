#include "audio_hash.h"

#include <span>
#include <string_view>

namespace attacca::audio {
namespace {

std::string_view textOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A comment header of Ogg: "\x03vorbis..." or "OpusTags...".
bool isComment(AVCodecID codec, std::string_view packet) {
  return (codec == AV_CODEC_ID_VORBIS && packet.starts_with("\x03vorbis")) ||
         (codec == AV_CODEC_ID_OPUS && packet.starts_with("OpusTags"));
}

// Splits libav's Vorbis setup, which is three packets behind a count byte and Xiph lacing, or three
// packets each behind 16 bits of length, and gives all but the comment.
template <class Take>
void eachVorbisHeader(std::string_view setup, Take take) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(setup[i]); };
  if (setup.size() > 3 && byte(0) == 2) {
    std::size_t at = 1;
    std::size_t lengths[2] = {0, 0};
    for (auto& length : lengths) {
      while (at < setup.size() && byte(at) == 255) length += byte(at++);
      if (at < setup.size()) length += byte(at++);
    }
    for (const auto length : lengths) {
      if (length > setup.size() - at) return;
      take(setup.substr(at, length));
      at += length;
    }
    take(setup.substr(at));
    return;
  }
  for (std::size_t at = 0; at + 2 <= setup.size();) {
    const std::size_t length = std::size_t{byte(at)} << 8 | byte(at + 1);
    take(setup.substr(at + 2, length));
    at += 2 + length;
  }
}

void addSized(Sha256& hash, std::string_view bytes) {
  hash.updateLittleEndian(bytes.size());
  hash.update(bytes);
}

}  // namespace

AudioHasher::AudioHasher(Container container, const AVCodecParameters& parameters)
    : codec_(parameters.codec_id), with_skips_(container != Container::mp4) {
  addSized(parameters_, "attacca audio 1");
  addSized(parameters_, avcodec_get_name(parameters.codec_id));
  parameters_.updateLittleEndian(static_cast<std::uint64_t>(parameters.sample_rate));
  parameters_.updateLittleEndian(static_cast<std::uint64_t>(parameters.ch_layout.nb_channels));
  const auto setup =
      textOf(parameters.extradata, static_cast<std::size_t>(parameters.extradata_size));
  if (codec_ != AV_CODEC_ID_VORBIS) {
    addSized(parameters_, setup);
    return;
  }
  eachVorbisHeader(setup, [&](std::string_view header) {
    if (!isComment(codec_, header)) addSized(parameters_, header);
  });
}

void AudioHasher::add(const AVPacket& packet) {
  const auto bytes = textOf(packet.data, static_cast<std::size_t>(packet.size));
  if (isComment(codec_, bytes)) return;
  std::size_t size = 0;
  const auto* side = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  if (with_skips_ && side != nullptr && size >= 8) {
    skips_.updateLittleEndian(byte_count_);
    skips_.update(textOf(side, 8));  // two u32: from the start, from the end
  }
  byte_count_ += bytes.size();
  bytes_.update(bytes);
}

AudioHash AudioHasher::finish() {
  for (auto* part : {&bytes_, &skips_}) {
    const Sha256Digest digest = part->finish();
    parameters_.update(std::as_bytes(std::span(digest.bytes)));
  }
  return {parameters_.finish()};
}

}  // namespace attacca::audio
