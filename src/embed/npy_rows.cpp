#include "attacca/embed/npy_rows.h"

#include <cassert>
#include <cerrno>
#include <utility>

#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/npy.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kFloatsAtOnce = 16384;

}  // namespace

NpyRows::NpyRows(int fd, std::size_t cols, std::string name)
    : fd_(fd), cols_(cols), name_(std::move(name)) {
  writeAll(fd_, npyHeader<float>(0, cols_), name_);
}

void NpyRows::append(std::span<const float> row) {
  assert(row.size() == cols_);
  waiting_.insert(waiting_.end(), row.begin(), row.end());
  ++rows_;
  if (waiting_.size() >= kFloatsAtOnce) flush();
}

void NpyRows::flush() {
  writeAll(fd_, std::as_bytes(std::span(waiting_)), name_);
  waiting_.clear();
}

void NpyRows::finish() {
  flush();
  const std::string header = npyHeader<float>(rows_, cols_);
  std::size_t done = 0;
  while (done < header.size()) {
    const ssize_t wrote =
        ::pwrite(fd_, header.data() + done, header.size() - done, static_cast<off_t>(done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throwErrno("write", name_);
    done += static_cast<std::size_t>(wrote);
  }
}

}  // namespace attacca::embed
