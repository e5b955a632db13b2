#include "attacca/app/import_log.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/text.h"

#include "csv.h"

namespace attacca::app {
namespace {

constexpr std::size_t kBatch = 5000;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Columns {
  std::size_t user = kNone;
  std::size_t track = kNone;
  std::size_t timestamp = kNone;
  std::size_t fraction = kNone;
};

Columns readHeader(CsvReader& reader, std::string_view name) {
  Columns columns;
  if (const auto header = reader.next()) {
    for (std::size_t i = 0; i < header->fields.size(); ++i) {
      const std::string field = foldText(header->fields[i]);
      if (field == "user") columns.user = i;
      if (field == "track") columns.track = i;
      if (field == "timestamp") columns.timestamp = i;
      if (field == "fraction") columns.fraction = i;
    }
  }
  for (const auto& [column, called] :
       {std::pair{columns.user, "user"}, std::pair{columns.track, "track"},
        std::pair{columns.timestamp, "timestamp"}}) {
    if (column != kNone) continue;
    throw Error(Fault::usage, fmt::format("{} has no column \"{}\"", name, called),
                "its first line must name the columns: user,track,timestamp,fraction");
  }
  return columns;
}

double parseFraction(std::string_view text) {
  if (text.empty()) return 1;
  double value = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 1)) {
    throw Error(Fault::usage, fmt::format("\"{}\" is not a fraction from 0 to 1", text));
  }
  return value;
}

class Importer {
 public:
  Importer(const archive::Catalogue& catalogue, archive::ListeningLog& log)
      : catalogue_(catalogue), log_(log) {}

  void take(const CsvRow& row, const Columns& columns) {
    ++result_.rows;
    try {
      const auto field = [&](std::size_t column) -> std::string {
        return column < row.fields.size() ? cleanText(row.fields[column], 4096) : std::string();
      };
      if (row.unterminated) throw Error(Fault::usage, "a quotation mark is never closed");
      const std::size_t last = std::max({columns.user, columns.track, columns.timestamp});
      if (row.fields.size() <= last) {
        throw Error(Fault::usage, fmt::format("it has only {} fields", row.fields.size()));
      }
      const std::string name = field(columns.user);
      if (name.empty()) throw Error(Fault::usage, "it names no user");
      archive::Interaction interaction;
      interaction.at = parseTime(field(columns.timestamp));
      interaction.fraction = parseFraction(field(columns.fraction));
      // A path may hold any bytes: it is looked up as it was written.
      interaction.track = track(row.fields[columns.track]);
      interaction.user = user(name);
      batch_.push_back(interaction);
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

  LogImport finish() {
    flush();
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
                    const std::filesystem::path& csv, Progress& progress,
                    const std::stop_token& stop) {
  const std::string text = readFile(csv);
  CsvReader reader(text);
  const Columns columns = readHeader(reader, csv.native());
  Importer importer(catalogue, log);
  progress.begin("importing", static_cast<double>(text.size()), "bytes");
  while (const auto row = reader.next()) {
    if (stop.stop_requested()) {
      importer.finish();
      throw Error(Fault::cancelled, "stopped while importing",
                  "run it again: rows that are there already change nothing");
    }
    importer.take(*row, columns);
    progress.advanceTo(static_cast<double>(reader.position()));
  }
  progress.end();
  return importer.finish();
}

}  // namespace attacca::app
