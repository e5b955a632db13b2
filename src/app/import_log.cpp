#include "attacca/app/import_log.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"

namespace attacca::app {
namespace {

constexpr std::size_t kBatch = 5000;

class Importer {
 public:
  Importer(const archive::Catalogue& catalogue, archive::ListeningLog& log)
      : catalogue_(catalogue), log_(log) {}

  void take(const archive::LogRow& row) {
    try {
      const TrackId heard = track(row.track);
      batch_.push_back({user(row.user), heard, row.at, row.fraction});
    } catch (const Error& fault) {
      if (fault.fault() != Fault::usage && fault.fault() != Fault::notFound) throw;
      result_.refused.push_back({row.line, fault.problem()});
    }
    if (batch_.size() >= kBatch) flush();
  }

  void flush() {
    const std::int64_t added = log_.record(batch_);
    result_.added += added;
    result_.known += static_cast<std::int64_t>(batch_.size()) - added;
    batch_.clear();
  }

  // What became of the rows that were taken, and of those that `file` did not give.
  LogImport finish(const archive::LogFile& file) {
    flush();
    result_.rows = file.rows();
    result_.repeated = file.repeated();
    result_.refused.insert(result_.refused.end(), file.refused().begin(), file.refused().end());
    std::sort(result_.refused.begin(), result_.refused.end(),
              [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(result_);
  }

 private:
  TrackId track(const std::string& text) {
    const auto [entry, is_new] = tracks_.try_emplace(text);
    if (is_new) {
      try {
        entry->second = {resolveTrack(catalogue_, text).id, {}};
      } catch (const Error& fault) {
        if (fault.fault() != Fault::usage && fault.fault() != Fault::notFound) throw;
        entry->second = {{}, fault.problem()};
      }
    }
    if (!entry->second.first) throw Error(Fault::notFound, entry->second.second);
    return entry->second.first;
  }

  UserId user(const std::string& name) {
    const auto [entry, is_new] = users_.try_emplace(name);
    if (is_new) entry->second = log_.user(name);
    return entry->second;
  }

  const archive::Catalogue& catalogue_;
  archive::ListeningLog& log_;
  std::unordered_map<std::string, std::pair<TrackId, std::string>> tracks_;  // or why not
  std::unordered_map<std::string, UserId> users_;
  std::vector<archive::Interaction> batch_;
  LogImport result_;
};

}  // namespace

LogImport importLog(const archive::Catalogue& catalogue, archive::ListeningLog& log,
                    const std::filesystem::path& path, UnixTime now, Progress& progress,
                    const std::stop_token& stop) {
  const std::string text = readFile(path);
  archive::LogFile file(text, path.native(), now);
  Importer importer(catalogue, log);
  progress.begin("importing", static_cast<double>(text.size()), "bytes");
  while (const auto row = file.next()) {
    if (stop.stop_requested()) {
      importer.finish(file);
      throw Error(Fault::cancelled, "stopped while importing",
                  "run it again: rows that are there already change nothing");
    }
    importer.take(*row);
    progress.advanceTo(static_cast<double>(file.position()));
  }
  progress.end();
  return importer.finish(file);
}

}  // namespace attacca::app
