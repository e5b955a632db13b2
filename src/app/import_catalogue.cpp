#include "attacca/app/import_catalogue.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/in_parts.h"
#include "attacca/base/text.h"

#include "table_rows.h"

namespace attacca::app {
namespace {

using archive::Cells;
using archive::RowField;

struct TrackTable {
  std::string name;
  Table table;
};

const std::string* valueOf(const archive::RowReader& reader, const Cells& cells, RowField field) {
  for (const auto& [column, value] : cells) {
    if (reader.fieldOf(column) == field) return &value;
  }
  return nullptr;
}

// In a table of albums, "id" and "title" are the album's.
std::string albumColumn(const std::string& column) {
  const std::string folded = foldText(column);
  if (folded == "id") return "album_id";
  if (folded == "title" || folded == "name") return "album";
  if (folded == "artist" || folded == "artists") return "album_artist";
  return column;
}

class Import {
 public:
  Import(archive::Catalogue& catalogue, const ImportOptions& options, Progress& progress,
         const std::stop_token& stop)
      : catalogue_(catalogue),
        options_(options),
        progress_(progress),
        stop_(stop),
        reader_(folded(options.columns)) {}

  CatalogueImport run(std::span<const std::filesystem::path> files) {
    progress_.begin("reading", 0, "");
    for (const auto& file : files) readFileOf(file);
    checkColumns();
    for (auto& [name, table] : tables_) {
      for (auto& row : table.rows) joinAlbum(row);
      for (const auto& row : table.rows) reader_.see(row.cells);
    }
    for (const auto& [name, table] : tables_) {
      std::vector<archive::RowReading> readings(table.rows.size());
      constexpr std::size_t kWorthAThread = 5000;
      inParts(readings.size(), kWorthAThread,
              [&, &rows = table.rows](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i) {
                  if (rows[i].fault.empty()) readings[i] = reader_.read(rows[i].cells);
                }
              });
      for (std::size_t i = 0; i < readings.size(); ++i) {
        take(name, table.rows[i], std::move(readings[i]));
      }
    }
    if (stop_.stop_requested()) throw Error(Fault::cancelled, "stopped; nothing was imported");
    progress_.begin(options_.dry_run ? "trying" : "importing", 0, "");
    result_.entered = catalogue_.enterRows(rows_, options_.dry_run, stop_);
    progress_.end();
    for (const std::size_t i : result_.entered.changed_rows) {
      result_.changes.push_back(rows_[i].written.title);
    }
    return std::move(result_);
  }

 private:
  static std::map<std::string, RowField> folded(const std::map<std::string, RowField>& columns) {
    std::map<std::string, RowField> result;
    for (const auto& [column, field] : columns) result.emplace(foldText(column), field);
    return result;
  }

  void readFileOf(const std::filesystem::path& file) {
    const std::string name = file.filename().native();
    Table table = readTable(readFile(file), name);
    for (const auto& note : table.notes) result_.notes.push_back({name, 0, note});
    takeAlbums(name, std::exchange(table.albums, {}));
    const bool albums = isOfAlbums(file, table);
    for (const auto& column : table.columns) columns_.insert(albums ? albumColumn(column) : column);
    if (albums) {
      takeAlbums(name, std::move(table.rows));
    } else {
      tables_.push_back({name, std::move(table)});
    }
  }

  bool isOfAlbums(const std::filesystem::path& file, const Table& table) const {
    const std::string stem = foldText(file.stem().native());
    const auto has = [&](RowField field) {
      return std::any_of(table.columns.begin(), table.columns.end(),
                         [&](const auto& column) { return reader_.fieldOf(column) == field; });
    };
    if (has(RowField::track) || has(RowField::duration)) return false;
    return stem == "albums" || stem == "album" ||
           (has(RowField::album_id) && !has(RowField::title) && !has(RowField::track_id));
  }

  void takeAlbums(const std::string& name, std::vector<TableRow> rows) {
    for (auto& row : rows) {
      if (!row.fault.empty()) {
        result_.refused.push_back({name, row.line, std::move(row.fault)});
        continue;
      }
      for (auto& cell : row.cells) cell.first = albumColumn(cell.first);
      const std::string* id = valueOf(reader_, row.cells, RowField::album_id);
      if (id == nullptr || archive::saysNothing(*id)) {
        result_.refused.push_back({name, row.line, "it is an album without an id"});
        continue;
      }
      std::string key = *id;
      if (!albums_.emplace(std::move(key), std::move(row.cells)).second) {
        result_.refused.push_back({name, row.line, "an album of this id stands above"});
      }
    }
  }

  void checkColumns() const {
    std::set<std::string> known;
    bool titles = false;
    for (const auto& column : columns_) {
      known.insert(foldText(column));
      titles = titles || reader_.fieldOf(column) == RowField::title;
    }
    for (const auto& [column, field] : options_.columns) {
      if (known.contains(foldText(column))) continue;
      throw Error(Fault::usage, fmt::format("there is no column \"{}\"", column),
                  fmt::format("there are: {}", fmt::join(columns_, ", ")));
    }
    const bool any = std::any_of(tables_.begin(), tables_.end(),
                                 [](const auto& one) { return !one.table.rows.empty(); });
    if (any && titles) return;
    if (any) {
      throw Error(
          Fault::usage, "no column holds the titles of the tracks",
          fmt::format("name it with --map title=COLUMN; there are: {}", fmt::join(columns_, ", ")));
    }
    throw Error(Fault::usage, "there is no table of tracks",
                "give a JSON file, or a CSV file whose first line names its columns");
  }

  // What the album's row says goes for its tracks, where they say nothing else.
  void joinAlbum(TableRow& row) const {
    if (albums_.empty()) return;
    const std::string* id = valueOf(reader_, row.cells, RowField::album_id);
    const auto album = id == nullptr ? albums_.end() : albums_.find(*id);
    if (album == albums_.end()) return;
    for (const auto& [column, value] : album->second) {
      const auto field = reader_.fieldOf(column);
      const std::string* own = field ? valueOf(reader_, row.cells, *field) : nullptr;
      if (own == nullptr || archive::saysNothing(*own)) row.cells.emplace_back(column, value);
    }
  }

  void take(const std::string& file, const TableRow& row, archive::RowReading&& reading) {
    ++result_.rows;
    const auto refuse = [&](std::string why) {
      result_.refused.push_back({file, row.line, std::move(why)});
    };
    if (!row.fault.empty()) return refuse(row.fault);
    if (!reading.row) return refuse(std::move(reading.refusal));
    const auto [known, is_new] = lines_.try_emplace(reading.row->key, row.line);
    if (!is_new) {
      return refuse(reading.row->external_id.empty()
                        ? fmt::format("it is the same track as line {}", known->second)
                        : fmt::format("line {} has the id {} already", known->second,
                                      reading.row->external_id));
    }
    for (auto& note : reading.notes) result_.notes.push_back({file, row.line, std::move(note)});
    for (const auto& [column, value] : reading.row->extra) {
      if (reader_.fieldOf(column) || !not_fields_.insert(column).second) continue;
      result_.not_fields.push_back(column);
    }
    rows_.push_back(std::move(*reading.row));
  }

  archive::Catalogue& catalogue_;
  const ImportOptions& options_;
  Progress& progress_;
  const std::stop_token& stop_;
  archive::RowReader reader_;
  std::vector<TrackTable> tables_;
  std::set<std::string> columns_;
  std::set<std::string> not_fields_;
  std::unordered_map<std::string, Cells> albums_;
  std::unordered_map<std::string, std::int64_t> lines_;  // by key
  std::vector<archive::CatalogueRow> rows_;
  CatalogueImport result_;
};

}  // namespace

std::pair<std::string, RowField> readMapping(const std::string& text) {
  const std::size_t at = text.find('=');
  const auto field = archive::fieldCalled(text.substr(0, at));
  if (at != std::string::npos && field && at + 1 < text.size())
    return {text.substr(at + 1), *field};
  std::string fields;
  for (int i = 0; i <= static_cast<int>(RowField::file); ++i) {
    fields += (i == 0 ? "" : ", ") + std::string(name(static_cast<RowField>(i)));
  }
  throw Error(Fault::usage, fmt::format("--map cannot be \"{}\"", text),
              fmt::format("give FIELD=COLUMN; the fields are: {}", fields));
}

CatalogueImport importCatalogue(archive::Catalogue& catalogue,
                                std::span<const std::filesystem::path> files,
                                const ImportOptions& options, Progress& progress,
                                const std::stop_token& stop) {
  return Import(catalogue, options, progress, stop).run(files);
}

}  // namespace attacca::app
