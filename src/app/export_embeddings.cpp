#include <algorithm>
#include <span>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "attacca/app/add.h"
#include "attacca/app/embeddings.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/npy.h"
#include "attacca/base/pooling.h"
#include "attacca/base/unfinished_folder.h"

#include "provenance.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

// A new file, written in large pieces.
class Output {
 public:
  explicit Output(const fs::path& path) : name_(path.native()) {
    fd_ = UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!fd_) throwErrno("write", name_);
  }
  void write(std::string_view text) {
    waiting_ += text;
    if (waiting_.size() >= kPiece) flush();
  }
  // Over what is at the file's start.
  void rewriteStart(std::string_view text) {
    flush();
    if (::lseek(fd_.get(), 0, SEEK_SET) != 0) throwErrno("write", name_);
    writeAll(fd_.get(), std::as_bytes(std::span(text)), name_);
  }
  void finish() {
    flush();
    if (::fsync(fd_.get()) != 0) throwErrno("write", name_);
  }

 private:
  static constexpr std::size_t kPiece = 1 << 20;

  void flush() {
    writeAll(fd_.get(), std::as_bytes(std::span(waiting_)), name_);
    waiting_.clear();
  }

  std::string name_;
  UniqueFd fd_;
  std::string waiting_;
};

std::string_view bytesOf(std::span<const float> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

// A field of ids.csv; catalogue ids are whatever their catalogue has.
std::string csvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

class Export {
 public:
  Export(const fs::path& folder, std::size_t dimension, bool clips)
      : matrix_(folder / "embeddings.npy"),
        ids_(folder / "ids.csv"),
        dimension_(dimension),
        clips_(clips) {
    matrix_.write(npyHeader<float>(0, dimension_));
    ids_.write(clips_ ? "audio_hash,track_id,catalogue_id,clip\n"
                      : "audio_hash,track_id,catalogue_id\n");
  }

  void add(const archive::Track& track, MatrixView<float> clips) {
    const std::string ids =
        fmt::format("{},{},{}", track.hash.hex(), track.id.value, csvField(track.external_id));
    if (clips_) {
      matrix_.write(bytesOf(clips.all()));
      for (std::size_t i = 0; i < clips.rows; ++i) ids_.write(fmt::format("{},{}\n", ids, i));
      rows_ += clips.rows;
    } else {
      const auto mean = meanRows(clips);
      matrix_.write(bytesOf(mean));
      ids_.write(ids + "\n");
      ++rows_;
    }
  }

  std::size_t rows() const { return rows_; }
  void finish() {
    matrix_.rewriteStart(npyHeader<float>(rows_, dimension_));
    matrix_.finish();
    ids_.finish();
  }

 private:
  Output matrix_;
  Output ids_;
  std::size_t dimension_;
  bool clips_;
  std::size_t rows_ = 0;
};

void checkOutput(const fs::path& output) {
  std::error_code fault;
  if (!fs::exists(output, fault)) return;
  if (!fs::is_directory(output, fault) || !fs::is_empty(output, fault)) {
    throw Error(Fault::usage, fmt::format("{} is there already", output.native()),
                "name a new or empty folder");
  }
}

}  // namespace

EmbeddingsExported exportEmbeddings(const archive::Catalogue& catalogue, const Blobs& blobs,
                                    const InstalledRepresentation& representation,
                                    const fs::path& output, const ExportedAs& as,
                                    const Clock& clock, Progress& progress,
                                    const std::stop_token& stop) {
  fs::path target = fs::absolute(output).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  checkOutput(target);
  auto tracks = catalogue.tracks(archive::TrackFilter{});
  std::sort(tracks.begin(), tracks.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  UnfinishedFolder folder(target.parent_path());
  const auto dimension = static_cast<std::size_t>(representation.manifest.dimension);
  Export writer(folder.path(), dimension, as.clips);
  EmbeddingsExported result;
  progress.begin("exporting", static_cast<double>(tracks.size()), "tracks");
  double done = 0;
  for (const auto& track : tracks) {
    if (stop.stop_requested()) throw Error(Fault::cancelled, "stopped while exporting");
    progress.advanceTo(++done);
    if (!track.heard()) continue;
    const std::string key = embeddingKey(representation.versioned_name, track.hash);
    if (!blobs.exists(key)) {
      ++result.missing;
      continue;
    }
    try {
      const FileBytes file = blobs.read(key);
      const auto clips = npyView<float>(file, key);
      if (clips.rows == 0 || clips.cols != dimension) {
        throw Error(Fault::corrupt, fmt::format("{} has the shape {} x {}, not clips x {}", key,
                                                clips.rows, clips.cols, dimension));
      }
      writer.add(track, clips);
      ++result.tracks;
    } catch (const Error& fault) {
      if (fault.fault() != Fault::corrupt) throw;
      result.problems.push_back(fmt::format("\"{}\": {}", track.title, fault.problem()));
    }
  }
  progress.end();
  if (result.tracks == 0) {
    throw Error(Fault::notFound,
                fmt::format("no track has an embedding of {}", representation.versioned_name),
                fmt::format("`attacca embed --all --representation {}` makes them",
                            representation.manifest.name));
  }
  result.rows = writer.rows();
  writer.finish();
  writeFileAtomically(
      folder.path() / "provenance.json",
      encodeProvenance({representation.versioned_name, representation.manifest, as.clips,
                        result.rows, result.tracks, as.program, clock.now()}));
  folder.publishAs(target);
  return result;
}

}  // namespace attacca::app
