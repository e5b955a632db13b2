// The packets of a recording's sound, in order.
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "av.h"
#include "container.h"

namespace attacca::audio {

class Demuxer {
 public:
  // `fd` must outlive the demuxer. Throws Fault::refused when there is no sound that can be
  // decoded.
  Demuxer(int fd, const Window& window, std::stop_token stop);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  const AVStream& stream() const { return *stream_; }
  const AVCodec& codec() const { return *codec_; }
  // What the header claims, in seconds; 0 when it says nothing that deserves belief.
  double claimedSeconds() const;
  // Names and values that the container holds about itself and its sound.
  std::vector<std::pair<std::string, std::string>> metadata() const;

  void setStop(std::stop_token stop) { stop_ = std::move(stop); }
  // The next packet of the sound, or null at the end. The packet is the demuxer's until the next
  // call. Throws Fault::cancelled when a stop was asked for.
  AVPacket* next();
  // After the end: whether it came by an error rather than by the end of the file.
  bool endedBadly() const { return ended_badly_; }

 private:
  static int readBytes(void* self, std::uint8_t* buffer, int count);
  static std::int64_t seekBytes(void* self, std::int64_t offset, int whence);
  static int isStopped(void* self);
  void open();
  void chooseStream();

  int fd_;
  Window window_;
  std::int64_t offset_ = 0;  // in the window
  std::int64_t hunger_ = 0;  // bytes read since the last packet of the sound
  std::stop_token stop_;
  bool ended_badly_ = false;
  Av<AVIOContext> io_;
  Av<AVFormatContext> format_;  // closed before io_
  Av<AVPacket> packet_;
  AVStream* stream_ = nullptr;
  const AVCodec* codec_ = nullptr;
};

}  // namespace attacca::audio
