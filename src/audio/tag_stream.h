// A descriptor as TagLib's stream: read-only, and bounded, because tags are untrusted.
#pragma once

#include <exception>

#include <tiostream.h>

namespace attacca::audio {

class TagStream final : public TagLib::IOStream {
 public:
  // Thrown through TagLib when it reads so much that it must have lost its way.
  struct Exhausted : std::exception {
    const char* what() const noexcept override { return "too much tag"; }
  };

  // Bytes [begin, end) of the file. The descriptor stays the caller's.
  TagStream(int fd, std::int64_t begin, std::int64_t end) : fd_(fd), begin_(begin), end_(end) {}

  TagLib::FileName name() const override { return ""; }
  TagLib::ByteVector readBlock(unsigned long length) override;
  void writeBlock(const TagLib::ByteVector&) override {}
  void insert(const TagLib::ByteVector&, unsigned long, unsigned long) override {}
  void removeBlock(unsigned long, unsigned long) override {}
  bool readOnly() const override { return true; }
  bool isOpen() const override { return true; }
  void seek(long offset, Position from) override;
  long tell() const override { return offset_; }
  long length() override { return end_ - begin_; }
  void truncate(long) override {}

 private:
  int fd_;
  std::int64_t begin_;
  std::int64_t end_;
  long offset_ = 0;
  std::int64_t bytes_ = 0;
  int reads_ = 0;
};

}  // namespace attacca::audio
