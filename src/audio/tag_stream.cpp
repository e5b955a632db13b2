#include "tag_stream.h"

#include <algorithm>

#include "byte_reader.h"

namespace attacca::audio {
namespace {

// A field larger than the first is cut there: no name is so long, and pictures are not wanted. The
// others are far beyond what real files need, pictures included.
constexpr std::int64_t kMostAtOnce = std::int64_t{16} << 20;
constexpr std::int64_t kMostBytes = std::int64_t{96} << 20;
constexpr int kMostReads = 1'000'000;

}  // namespace

TagLib::ByteVector TagStream::readBlock(unsigned long length) {
  const auto wanted = static_cast<std::int64_t>(std::min<unsigned long>(length, kMostAtOnce));
  const std::int64_t count = std::min(wanted, end_ - begin_ - offset_);
  if (++reads_ > kMostReads || bytes_ > kMostBytes) throw Exhausted();
  if (count <= 0 || offset_ < 0) return {};
  TagLib::ByteVector block(static_cast<unsigned>(count));
  const std::int64_t got =
      std::max<std::int64_t>(readAt(fd_, begin_ + offset_, block.data(), count), 0);
  block.resize(static_cast<unsigned>(got));
  offset_ += got;
  bytes_ += got;
  return block;
}

void TagStream::seek(long offset, Position from) {
  const long base = from == Beginning ? 0 : from == Current ? offset_ : length();
  offset_ = base + offset;
}

}  // namespace attacca::audio
