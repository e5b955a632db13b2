#include "attacca/base/units.h"

#include <cmath>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

// Reads up to `most` decimal digits at `at`; -1 when there are fewer than `least`.
int digits(std::string_view text, std::size_t& at, int least, int most) {
  int value = 0;
  int count = 0;
  while (count < most && at < text.size() && text[at] >= '0' && text[at] <= '9') {
    value = value * 10 + (text[at++] - '0');
    ++count;
  }
  return count < least ? -1 : value;
}

bool accept(std::string_view text, std::size_t& at, std::string_view any_of) {
  if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

bool parseIso(std::string_view text, UnixTime& time) {
  using namespace std::chrono;
  std::size_t at = 0;
  const int y = digits(text, at, 4, 4);
  if (y < 0 || !accept(text, at, "-")) return false;
  const int m = digits(text, at, 2, 2);
  if (m < 0 || !accept(text, at, "-")) return false;
  const int d = digits(text, at, 2, 2);
  if (d < 0) return false;
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return false;
  milliseconds of_day{0};
  minutes zone{0};
  if (at < text.size()) {
    if (!accept(text, at, "T ")) return false;
    const int hour = digits(text, at, 2, 2);
    if (hour < 0 || hour > 23 || !accept(text, at, ":")) return false;
    const int minute = digits(text, at, 2, 2);
    if (minute < 0 || minute > 59) return false;
    int second = 0;
    double fraction = 0;
    if (accept(text, at, ":")) {
      second = digits(text, at, 2, 2);
      if (second < 0 || second > 60) return false;
      if (accept(text, at, ".,")) {
        double place = 0.1;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
          fraction += place * (text[at++] - '0');
          place /= 10;
        }
      }
    }
    of_day = hours{hour} + minutes{minute} + seconds{second} +
             milliseconds{std::lround(fraction * 1000)};
    if (at < text.size()) {
      const bool minus = text[at] == '-';
      if (accept(text, at, "+-")) {
        const int zone_hours = digits(text, at, 2, 2);
        accept(text, at, ":");
        const int zone_minutes = at < text.size() ? digits(text, at, 2, 2) : 0;
        if (zone_hours < 0 || zone_hours > 23 || zone_minutes < 0 || zone_minutes > 59)
          return false;
        zone = (hours{zone_hours} + minutes{zone_minutes}) * (minus ? -1 : 1);
      } else if (!accept(text, at, "Zz")) {
        return false;
      }
    }
  }
  if (at != text.size()) return false;
  time = sys_days{date} + of_day - zone;
  return true;
}

}  // namespace

std::string formatDuration(Seconds duration) {
  const auto whole = std::llround(duration.count());
  if (whole >= 3600) {
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string formatTime(UnixTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss<milliseconds> clock{time - day};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:03}", clock.subseconds().count());
  return text + "Z";
}

UnixTime parseTime(std::string_view text) {
  UnixTime time;
  if (parseIso(text, time)) return time;
  const std::string copy(text);
  std::size_t used = 0;
  double seconds = std::numeric_limits<double>::quiet_NaN();
  if (!copy.empty() && copy.find_first_not_of("0123456789.-+eE") == std::string::npos) {
    try {
      seconds = std::stod(copy, &used);
    } catch (const std::exception&) {
      used = 0;
    }
  }
  // Beyond the year 9999 a number is surely not seconds (milliseconds, most likely).
  if (used == 0 || used != copy.size() || !(std::abs(seconds) < 253402300800.0)) {
    throw Error(Fault::usage, fmt::format("\"{}\" is not a time", text),
                "write seconds since 1970, or ISO 8601 such as 2026-11-24T08:13:16Z");
  }
  return UnixTime{std::chrono::milliseconds{std::llround(seconds * 1000)}};
}

std::string formatBytes(std::uint64_t bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(units)) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 || value >= 9.95 ? fmt::format("{:.0f} {}", value, units[unit])
                                    : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace attacca
