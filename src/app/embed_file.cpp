#include "attacca/app/embed_file.h"

#include <array>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/pooling.h"
#include "attacca/base/text.h"

namespace attacca::app {
namespace {

// A file beside the one that is wanted, gone with the object unless it took its place.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(const std::filesystem::path& wanted)
      : wanted_(wanted), name_(wanted.native() + ".tmp-XXXXXX") {
    fd_ = UniqueFd(::mkostemp(name_.data(), O_CLOEXEC));
    if (!fd_) throwErrno("write", wanted.native());
  }
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;
  ~UnfinishedFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  int fd() const { return fd_.get(); }
  void publish() {
    if (::fchmod(fd_.get(), 0644) != 0 || ::fsync(fd_.get()) != 0 ||
        ::rename(name_.c_str(), wanted_.c_str()) != 0) {
      throwErrno("write", wanted_.native());
    }
    name_.clear();
  }

 private:
  std::filesystem::path wanted_;
  std::string name_;
  UniqueFd fd_;
};

}  // namespace

Embedded embedFile(HearPool& pool, int dimension, const std::filesystem::path& recording,
                   const std::filesystem::path& output, const EmbedOptions& options,
                   Progress& progress, const std::stop_token& stop) {
  std::error_code fault;
  const auto resolved = std::filesystem::canonical(recording, fault);  // a link that was named
  if (fault) throwSystemError("open", recording.native(), fault.value());
  const UniqueFd input = openRegularFile(resolved);
  UnfinishedFile clips_file(output);
  HearRequest request;
  request.name = cleanText(recording.filename().native(), 255);
  request.slots = {0};
  progress.begin("hearing", 0, "s of music");
  const std::array outputs{clips_file.fd()};
  Embedded result;
  result.heard = pool.hear(
      input.get(), request, outputs, [&](Seconds heard) { progress.advanceTo(heard.count()); },
      stop);
  progress.end();
  const FileBytes bytes = FileBytes::map(clips_file.fd(), output.native());
  const auto clips = npyView<float>(bytes, output.native());
  if (clips.rows == 0 || clips.cols != static_cast<std::size_t>(dimension)) {
    throw Error(Fault::corrupt,
                fmt::format("{} gave an embedding of the wrong shape", recording.native()));
  }
  result.dimension = dimension;
  if (options.clips) {
    result.rows = static_cast<std::int64_t>(clips.rows);
    clips_file.publish();
  } else {
    const auto mean = meanRows(clips);
    writeFileAtomically(output, npyBytes<float>({mean.data(), mean.size(), 1}, true));
  }
  return result;
}

}  // namespace attacca::app
