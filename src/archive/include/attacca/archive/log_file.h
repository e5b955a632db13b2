// A listening history as a file, row by row: for the log of an archive, and for training without
// one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/units.h"

namespace attacca::archive {

struct LogRow {
  std::int64_t line = 0;  // where it begins, from 1
  std::string user;
  std::string track;  // as it is written: any bytes
  UnixTime at{};
  double fraction = 1;  // 0 to 1
};

struct RefusedRow {
  std::int64_t line = 0;
  std::string reason;
};

struct RepeatedRow {
  std::int64_t line = 0;
  std::int64_t first = 0;  // the line that it says again
};

// Two forms, told by the first line:
// - CSV (RFC 4180; a byte order mark and either kind of line end are fine) with a header that names
//   the columns user, track, timestamp and, if there is one, fraction (how much was heard, 0 to 1;
//   all of it where it is empty);
// - RecBole's atomic file (.inter): separated by tabs, no quotation marks, with a header of names
//   and types ("user_id:token"); its columns user_id, item_id and timestamp, and fraction if there
//   is one. A rating says nothing here.
// Other columns are passed over. Timestamps are seconds since 1970 or ISO 8601.
//
// What makes no sense is kept as refused, with its line: no user, track or time, a fraction outside
// 0 to 1, a time more than a day later than now (clocks differ). A row of the same user, track and
// time as an earlier one is kept as repeated.
class LogFile {
 public:
  // `text` outlives it; `name` is for messages. Throws Fault::usage where the header lacks a
  // column.
  LogFile(std::string_view text, std::string_view name, UnixTime now);
  ~LogFile();
  LogFile(LogFile&&) noexcept;

  // The next row of use.
  std::optional<LogRow> next();
  std::size_t position() const;  // bytes that were read

  // Of what was read so far.
  std::int64_t rows() const;  // but for the header and empty lines
  const std::vector<RefusedRow>& refused() const;
  const std::vector<RepeatedRow>& repeated() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::archive
