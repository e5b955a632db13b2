#include <algorithm>
#include <cmath>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/archive_folder.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/memory_blobs.h"
#include "attacca/base/npy.h"
#include "attacca/base/sha256.h"

#include "material.h"

namespace attacca::cli {
namespace {

constexpr std::string_view kKey = "plain-files";
constexpr std::size_t kNamed = 5;

// Names by line; which line each has.
class Names {
 public:
  // The number of a name, from 1; 0 where it is not known.
  std::int64_t find(const std::string& name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? 0 : found->second;
  }
  std::int64_t add(const std::string& name) {
    const auto [entry, is_new] =
        numbers_.try_emplace(name, static_cast<std::int64_t>(all_.size()) + 1);
    if (is_new) all_.push_back(name);
    return entry->second;
  }
  std::vector<std::string>& all() { return all_; }

 private:
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::vector<std::string> all_;
};

Names namesIn(const std::string& path) {
  const std::string text = readFile(path);
  Names names;
  for (std::size_t at = 0, line = 1; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string name = text.substr(at, end - at);
    if (name.ends_with('\r')) name.pop_back();
    at = end + 1;
    if (name.empty()) {
      throw Error(Fault::usage, fmt::format("{}, line {} is empty", path, line),
                  "it names what each row of the embeddings is, one a line");
    }
    if (names.find(name) != 0) {
      throw Error(Fault::usage, fmt::format("{}, line {} says \"{}\" again", path, line, name),
                  "each row of the embeddings is another track");
    }
    names.add(name);
  }
  return names;
}

void checkFinite(MatrixView<float> rows, const std::vector<std::string>& names,
                 const std::string& path) {
  std::string bad;
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    bool finite = true;
    for (const float value : rows.row(i)) finite &= std::isfinite(value);
    if (finite || ++count > kNamed) continue;
    bad += fmt::format("{}{} (row {})", bad.empty() ? "" : ", ", names[i], i + 1);
  }
  if (count == 0) return;
  if (count > kNamed) bad += fmt::format(" and {} more", count - kNamed);
  throw Error(Fault::refused, fmt::format("{} holds numbers that are not finite: {}", path, bad),
              "leave these rows and their ids out");
}

std::shared_ptr<const index::Snapshot> snapshotOf(MatrixView<float> rows,
                                                  std::string_view representation, unsigned jobs) {
  std::vector<index::SnapshotTrack> tracks;
  for (std::size_t i = 1; i <= rows.rows; ++i) {
    const auto id = static_cast<std::int64_t>(i);
    tracks.push_back({{id}, {{id}, {0}, {id}}, "{}"});
  }
  MemoryBlobs blobs;
  index::publishSnapshot(blobs, kKey, representation, tracks, rows, UnixTime{}, jobs);
  return index::Snapshot::openCurrent(blobs, kKey);
}

}  // namespace

bool fromPlainFiles(const LabContext& context, const TrainArgs& args) {
  if (!args.embeddings.empty()) return true;
  if (args.items != "ids" || args.log.empty()) return false;
  // Of a log alone ids can be learned; where there is an archive, its tracks are meant.
  return !args.output.empty() && !app::ArchiveFolder(context.settings.archive).exists();
}

Material plainMaterial(const LabContext& context, const TrainArgs& args) {
  if (args.output.empty()) {
    throw Error(Fault::usage, "a model of plain files belongs to no archive",
                "--output names a folder for it");
  }
  Material material;
  material.models = args.output;
  const bool rows_given = !args.embeddings.empty();
  material.lesson.without_sound = !rows_given;
  Names names;
  if (rows_given) names = namesIn(args.ids);

  const std::string text = readFile(args.log);
  archive::LogFile file(text, args.log, context.clock.now());
  std::unordered_map<std::string, std::int64_t> users;
  while (const auto row = file.next()) {
    const std::int64_t track = rows_given ? names.find(row->track) : names.add(row->track);
    if (track == 0) {
      ++material.left_out.plays;
      ++material.left_out.tracks[row->track];
      continue;
    }
    const auto user = users.try_emplace(row->user, static_cast<std::int64_t>(users.size()) + 1);
    material.lesson.log.push_back({user.first->second, {track}, row->at, row->fraction});
  }
  material.left_out.refused = file.refused();
  material.left_out.repeated = file.repeated();
  sortPlays(material.lesson.log);

  if (rows_given) {
    const FileBytes bytes = FileBytes::map(args.embeddings);
    const MatrixView<float> rows = npyView<float>(bytes, args.embeddings);
    if (rows.rows != names.all().size()) {
      throw Error(Fault::usage,
                  fmt::format("{} has {} rows, and {} names {}", args.embeddings, rows.rows,
                              args.ids, names.all().size()),
                  "each row needs a line");
    }
    checkFinite(rows, names.all(), args.embeddings);
    const std::string version = fmt::format("file@{}", sha256(bytes.bytes()).hex().substr(0, 16));
    material.lesson.snapshot = snapshotOf(rows, version, context.jobs());
  } else {
    const std::vector<float> nothing(names.all().size());
    material.lesson.snapshot = snapshotOf({nothing.data(), nothing.size(), 1}, "none@0", 1);
  }
  material.names = std::move(names.all());
  return material;
}

}  // namespace attacca::cli
