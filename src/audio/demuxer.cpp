#include "demuxer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "byte_reader.h"

namespace attacca::audio {
namespace {

constexpr int kIoBufferBytes = 64 * 1024;
// A file that gives so many bytes without a packet of sound has no more of it (a sparse tail, a
// video without end): the recording ends there.
constexpr std::int64_t kMaxHunger = std::int64_t{256} << 20;
constexpr std::size_t kMaxAllocation = std::size_t{64} << 20;
constexpr int kMaxStreams = 64;
constexpr int kMaxErrorsInARow = 16;
constexpr int kMaxChannels = 64;
constexpr int kLeastRate = 1000;
constexpr int kMostRate = 768000;

constexpr const char* kDemuxers =
    "mp3,aac,flac,ogg,wav,w64,aiff,caf,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,flv";
// Decoders by name: where libav has several for one codec, the one that is its own.
constexpr std::array<std::pair<AVCodecID, const char*>, 30> kDecoders{{
    {AV_CODEC_ID_MP3, "mp3float"},
    {AV_CODEC_ID_MP2, "mp2float"},
    {AV_CODEC_ID_MP1, "mp1float"},
    {AV_CODEC_ID_AAC, "aac"},
    {AV_CODEC_ID_ALAC, "alac"},
    {AV_CODEC_ID_FLAC, "flac"},
    {AV_CODEC_ID_VORBIS, "vorbis"},
    {AV_CODEC_ID_OPUS, "opus"},
    {AV_CODEC_ID_AC3, "ac3"},
    {AV_CODEC_ID_EAC3, "eac3"},
    {AV_CODEC_ID_PCM_U8, "pcm_u8"},
    {AV_CODEC_ID_PCM_S8, "pcm_s8"},
    {AV_CODEC_ID_PCM_S16LE, "pcm_s16le"},
    {AV_CODEC_ID_PCM_S16BE, "pcm_s16be"},
    {AV_CODEC_ID_PCM_S24LE, "pcm_s24le"},
    {AV_CODEC_ID_PCM_S24BE, "pcm_s24be"},
    {AV_CODEC_ID_PCM_S32LE, "pcm_s32le"},
    {AV_CODEC_ID_PCM_S32BE, "pcm_s32be"},
    {AV_CODEC_ID_PCM_F32LE, "pcm_f32le"},
    {AV_CODEC_ID_PCM_F32BE, "pcm_f32be"},
    {AV_CODEC_ID_PCM_F64LE, "pcm_f64le"},
    {AV_CODEC_ID_PCM_F64BE, "pcm_f64be"},
    {AV_CODEC_ID_PCM_ALAW, "pcm_alaw"},
    {AV_CODEC_ID_PCM_MULAW, "pcm_mulaw"},
    {AV_CODEC_ID_PCM_BLURAY, "pcm_bluray"},
    {AV_CODEC_ID_PCM_DVD, "pcm_dvd"},
    {AV_CODEC_ID_ADPCM_MS, "adpcm_ms"},
    {AV_CODEC_ID_ADPCM_IMA_WAV, "adpcm_ima_wav"},
    {AV_CODEC_ID_ADPCM_IMA_QT, "adpcm_ima_qt"},
    {AV_CODEC_ID_DTS, "dca"},
}};

const std::string& decoderNames() {
  static const std::string names = [] {
    std::string list;
    for (const auto& decoder : kDecoders) list.append(decoder.second).append(",");
    list.pop_back();
    return list;
  }();
  return names;
}

const AVCodec* findDecoder(AVCodecID id) {
  const auto* row = std::find_if(kDecoders.begin(), kDecoders.end(),
                                 [&](const auto& decoder) { return decoder.first == id; });
  return row == kDecoders.end() ? nullptr : avcodec_find_decoder_by_name(row->second);
}

int refuseToOpen(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EACCES);
}

class Options {
 public:
  Options() = default;
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options() { av_dict_free(&entries_); }
  void set(const char* key, const char* value) { av_dict_set(&entries_, key, value, 0); }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

char* copyForAv(std::string_view text) {
  char* copy = av_strndup(text.data(), text.size());
  if (copy == nullptr) throw std::bad_alloc();
  return copy;
}

}  // namespace

void setUpLibav() {
  av_log_set_level(AV_LOG_QUIET);
  av_max_alloc(kMaxAllocation);
}

Demuxer::Demuxer(int fd, const Window& window, std::stop_token stop)
    : fd_(fd), window_(window), stop_(std::move(stop)), packet_(av_packet_alloc()) {
  setUpLibav();
  open();
  chooseStream();
}

Demuxer::~Demuxer() = default;

void Demuxer::open() {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBufferBytes));
  io_.reset(buffer == nullptr ? nullptr
                              : avio_alloc_context(buffer, kIoBufferBytes, 0, this, readBytes,
                                                   nullptr, seekBytes));
  AVFormatContext* format = avformat_alloc_context();
  if (!io_ || format == nullptr || !packet_) throw std::bad_alloc();
  format->pb = io_.get();
  format->flags |= AVFMT_FLAG_CUSTOM_IO;
  format->interrupt_callback = {isStopped, this};
  format->io_open = refuseToOpen;
  format->probesize = 1 << 20;
  format->max_analyze_duration = 5 * AV_TIME_BASE;
  format->max_streams = kMaxStreams;
  format->format_whitelist = copyForAv(kDemuxers);
  format->codec_whitelist = copyForAv(decoderNames());
  format->protocol_whitelist = copyForAv("");

  Options options;
  if (window_.container == Container::mp4) {
    options.set("enable_drefs", "0");
    options.set("use_absolute_path", "0");
  }
  const AVInputFormat* demuxer = av_find_input_format(traits(window_.container).demuxer);
  if (demuxer == nullptr) {
    avformat_free_context(format);
    throw Error(Fault::refused, "this build of FFmpeg cannot read its container");
  }
  // On failure it frees the context.
  if (avformat_open_input(&format, "", demuxer, options.get()) < 0) {
    throw Error(Fault::refused, "its header is damaged, or it is not what it says it is");
  }
  format_.reset(format);
}

void Demuxer::chooseStream() {
  // What is no sound is neither read nor probed.
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    AVStream* stream = format_->streams[i];
    const auto type = stream->codecpar->codec_type;
    if (type != AVMEDIA_TYPE_AUDIO && type != AVMEDIA_TYPE_UNKNOWN) stream->discard = AVDISCARD_ALL;
  }
  avformat_find_stream_info(format_.get(), nullptr);
  if (stop_.stop_requested()) throw Error(Fault::cancelled, "stopped");

  bool has_sound = false;
  std::string codec_name;
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    AVStream* stream = format_->streams[i];
    stream->discard = AVDISCARD_ALL;
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) continue;
    has_sound = true;
    codec_name = avcodec_get_name(stream->codecpar->codec_id);
    const AVCodec* codec = findDecoder(stream->codecpar->codec_id);
    if (codec == nullptr) continue;
    const bool better =
        stream_ == nullptr || ((stream->disposition & AV_DISPOSITION_DEFAULT) != 0 &&
                               (stream_->disposition & AV_DISPOSITION_DEFAULT) == 0);
    if (!better) continue;
    stream_ = stream;
    codec_ = codec;
  }
  if (!has_sound) {
    throw Error(Fault::refused, format_->nb_streams > 0 ? "it holds no sound, only pictures or text"
                                                        : "it holds no sound");
  }
  if (stream_ == nullptr) {
    throw Error(Fault::refused,
                fmt::format("its sound is coded as {}, which Attacca cannot read", codec_name));
  }
  const int channels = stream_->codecpar->ch_layout.nb_channels;
  const int rate = stream_->codecpar->sample_rate;
  if (channels > kMaxChannels) {
    throw Error(Fault::refused, fmt::format("it claims {} channels", channels));
  }
  if (rate != 0 && (rate < kLeastRate || rate > kMostRate)) {
    throw Error(Fault::refused, fmt::format("it claims {} samples a second", rate));
  }
  stream_->discard = AVDISCARD_DEFAULT;
}

double Demuxer::claimedSeconds() const {
  if (format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return 0;
  if (stream_->duration != AV_NOPTS_VALUE) {
    return static_cast<double>(stream_->duration) * av_q2d(stream_->time_base);
  }
  // The whole file's duration is the sound's only where there is nothing else: pictures may be
  // longer.
  if (format_->nb_streams > 1 || format_->duration == AV_NOPTS_VALUE) return 0;
  return static_cast<double>(format_->duration) / AV_TIME_BASE;
}

std::vector<std::pair<std::string, std::string>> Demuxer::metadata() const {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const AVDictionary* dictionary : {format_->metadata, stream_->metadata}) {
    const AVDictionaryEntry* entry = nullptr;
    while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
      entries.emplace_back(entry->key, entry->value);
    }
  }
  return entries;
}

AVPacket* Demuxer::next() {
  for (int errors = 0; errors < kMaxErrorsInARow;) {
    if (stop_.stop_requested()) throw Error(Fault::cancelled, "stopped");
    av_packet_unref(packet_.get());
    const int result = av_read_frame(format_.get(), packet_.get());
    if (result == AVERROR_EOF) {
      ended_badly_ = ended_badly_ || errors > 0 || hunger_ > kMaxHunger;
      return nullptr;
    }
    if (result < 0) {
      ++errors;
      continue;
    }
    if (packet_->stream_index != stream_->index) continue;
    hunger_ = 0;
    return packet_.get();
  }
  ended_badly_ = true;
  if (stop_.stop_requested()) throw Error(Fault::cancelled, "stopped");
  return nullptr;
}

int Demuxer::readBytes(void* self, std::uint8_t* buffer, int count) {
  auto& demuxer = *static_cast<Demuxer*>(self);
  const std::int64_t left = demuxer.window_.end - demuxer.window_.begin - demuxer.offset_;
  if (left <= 0 || demuxer.hunger_ > kMaxHunger) return AVERROR_EOF;
  const std::int64_t got = readAt(demuxer.fd_, demuxer.window_.begin + demuxer.offset_, buffer,
                                  std::min<std::int64_t>(count, left));
  if (got < 0) return AVERROR(EIO);
  if (got == 0) return AVERROR_EOF;
  demuxer.offset_ += got;
  demuxer.hunger_ += got;
  return static_cast<int>(got);
}

std::int64_t Demuxer::seekBytes(void* self, std::int64_t offset, int whence) {
  auto& demuxer = *static_cast<Demuxer*>(self);
  const std::int64_t size = demuxer.window_.end - demuxer.window_.begin;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return size;
    case SEEK_SET:
      break;
    case SEEK_CUR:
      offset += demuxer.offset_;
      break;
    case SEEK_END:
      offset += size;
      break;
    default:
      return AVERROR(EINVAL);
  }
  if (offset < 0) return AVERROR(EINVAL);
  demuxer.offset_ = offset;
  return offset;
}

int Demuxer::isStopped(void* self) {
  return static_cast<Demuxer*>(self)->stop_.stop_requested() ? 1 : 0;
}

}  // namespace attacca::audio
