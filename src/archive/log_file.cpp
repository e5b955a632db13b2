#include "attacca/archive/log_file.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "attacca/base/csv.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kNameBytes = 4096;

struct Columns {
  std::size_t user = kNone;
  std::size_t track = kNone;
  std::size_t timestamp = kNone;
  std::size_t fraction = kNone;
};

std::string_view firstLine(std::string_view text) { return text.substr(0, text.find('\n')); }

// Of RecBole's: its columns have types, and tabs between them.
bool isInter(std::string_view text) {
  const std::string_view header = firstLine(text);
  return header.find('\t') != std::string_view::npos && header.find(':') != std::string_view::npos;
}

Columns readHeader(CsvReader& reader, std::string_view name, bool inter) {
  const char* const user = inter ? "user_id" : "user";
  const char* const track = inter ? "item_id" : "track";
  Columns columns;
  if (const auto header = reader.next()) {
    for (std::size_t i = 0; i < header->fields.size(); ++i) {
      std::string_view written = header->fields[i];
      if (inter) written = written.substr(0, written.find(':'));
      const std::string field = inter ? std::string(written) : foldText(written);
      if (field == user) columns.user = i;
      if (field == track) columns.track = i;
      if (field == "timestamp") columns.timestamp = i;
      if (field == "fraction") columns.fraction = i;
    }
  }
  for (const auto& [column, called] :
       {std::pair{columns.user, user}, std::pair{columns.track, track},
        std::pair{columns.timestamp, "timestamp"}}) {
    if (column != kNone) continue;
    throw Error(Fault::usage, fmt::format("{} has no column \"{}\"", name, called),
                inter ? "its first line must name the columns: user_id:token, item_id:token and "
                        "timestamp:float, with tabs between them"
                      : "its first line must name the columns: user,track,timestamp,fraction");
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

}  // namespace

struct LogFile::State {
  State(std::string_view text, std::string_view name, UnixTime now, bool inter)
      : reader(text, inter ? '\t' : ',', !inter),
        columns(readHeader(reader, name, inter)),
        latest(now + std::chrono::hours(24)) {}

  CsvReader reader;
  Columns columns;
  UnixTime latest;
  std::int64_t rows = 0;
  std::vector<RefusedRow> refused;
  std::vector<RepeatedRow> repeated;
  // Users and tracks by number, and the line of each row.
  std::unordered_map<std::string, std::size_t> users;
  std::unordered_map<std::string, std::size_t> tracks;
  std::map<std::tuple<std::size_t, std::size_t, UnixTime>, std::int64_t> lines;

  // Throws Fault::usage for a row that makes no sense.
  LogRow read(const CsvRow& row) const {
    const auto field = [&](std::size_t column) -> std::string {
      return column < row.fields.size() ? cleanText(row.fields[column], kNameBytes) : "";
    };
    if (row.unterminated) throw Error(Fault::usage, "a quotation mark is never closed");
    if (row.fields.size() <= std::max({columns.user, columns.track, columns.timestamp})) {
      throw Error(Fault::usage, fmt::format("it has only {} fields", row.fields.size()));
    }
    LogRow result{row.line, field(columns.user), row.fields[columns.track], {}, 1};
    if (result.user.empty()) throw Error(Fault::usage, "it names no user");
    if (result.track.empty()) throw Error(Fault::usage, "it names no track");
    result.at = parseTime(field(columns.timestamp));
    if (result.at > latest) {
      throw Error(Fault::usage, fmt::format("{} lies in the future", formatTime(result.at)));
    }
    result.fraction = parseFraction(field(columns.fraction));
    return result;
  }

  // The line of an equal row before it, which is its own where there is none.
  std::int64_t firstLineOf(const LogRow& row) {
    const std::size_t user = users.try_emplace(row.user, users.size()).first->second;
    const std::size_t track = tracks.try_emplace(row.track, tracks.size()).first->second;
    return lines.try_emplace({user, track, row.at}, row.line).first->second;
  }
};

LogFile::LogFile(std::string_view text, std::string_view name, UnixTime now)
    : state_(std::make_unique<State>(text, name, now, isInter(text))) {}

LogFile::~LogFile() = default;
LogFile::LogFile(LogFile&&) noexcept = default;

std::optional<LogRow> LogFile::next() {
  while (const auto row = state_->reader.next()) {
    ++state_->rows;
    try {
      LogRow read = state_->read(*row);
      const std::int64_t first = state_->firstLineOf(read);
      if (first == read.line) return read;
      state_->repeated.push_back({read.line, first});
    } catch (const Error& fault) {
      if (fault.fault() != Fault::usage) throw;
      state_->refused.push_back({row->line, fault.problem()});
    }
  }
  return std::nullopt;
}

std::size_t LogFile::position() const { return state_->reader.position(); }
std::int64_t LogFile::rows() const { return state_->rows; }
const std::vector<RefusedRow>& LogFile::refused() const { return state_->refused; }
const std::vector<RepeatedRow>& LogFile::repeated() const { return state_->repeated; }

}  // namespace attacca::archive
