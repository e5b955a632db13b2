// Dates and durations as tables write them.
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "attacca/archive/row_reader.h"
#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::optional<int> wholeNumber(std::string_view text) {
  constexpr std::size_t kMost = 8;
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text.size() > kMost || fault != std::errc{} ||
      end != text.data() + text.size() || !isDigit(text.front())) {
    return std::nullopt;
  }
  return number;
}

// 1 to 12 for an English name of a month of at least three letters.
std::optional<int> monthCalled(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (word.size() >= 3 && kMonths[i].substr(0, word.size()) == word) {
      return static_cast<int>(i) + 1;
    }
  }
  return word == "sept" ? std::optional(9) : std::nullopt;
}

std::optional<int> yearOf(std::string_view digits) {
  const auto number = wholeNumber(digits);
  constexpr int kPivot = 30;
  if (number && digits.size() == 2) return *number + (*number < kPivot ? 2000 : 1900);
  if (number && digits.size() == 4 && *number >= 1000) return number;
  return std::nullopt;
}

std::optional<std::string> dateOf(std::optional<int> year, std::optional<int> month,
                                  std::optional<int> day) {
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 ||
      *day > kDays[static_cast<std::size_t>(*month) - 1]) {
    return std::nullopt;
  }
  return fmt::format("{:04}-{:02}-{:02}", *year, *month, *day);
}

// The parts of a date between '/', '-', '.', ',' and spaces.
std::vector<std::string> partsOf(std::string_view text) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text) {
    if (c == '/' || c == '-' || c == '.' || c == ',' || c == ' ') {
      if (!part.empty()) parts.push_back(std::exchange(part, {}));
    } else {
      part += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  if (!part.empty()) parts.push_back(std::move(part));
  return parts;
}

std::optional<std::string> readOneDate(std::string_view text, std::optional<bool> month_first) {
  // The time of day of "2008-07-26 00:00:00" says nothing.
  if (text.find(':') != std::string_view::npos) {
    const std::size_t time = text.find_first_of("T ");
    if (time != 10) return std::nullopt;
    text = text.substr(0, time);
  }
  const bool dots = text.find('.') != std::string_view::npos;
  const auto parts = partsOf(text);
  if (parts.size() == 1) {
    const auto year = parts[0].size() == 4 ? yearOf(parts[0]) : std::nullopt;
    return year ? std::optional(fmt::format("{:04}", *year)) : std::nullopt;
  }
  if (parts.size() == 2) {  // "2008-07", "July 2008"
    const bool year_first = parts[0].size() == 4 && yearOf(parts[0]);
    const auto year = yearOf(parts[year_first ? 0 : 1]);
    const std::string& word = parts[year_first ? 1 : 0];
    const auto month = monthCalled(word) ? monthCalled(word) : wholeNumber(word);
    if (!year || parts[year_first ? 0 : 1].size() != 4 || !month || *month < 1 || *month > 12) {
      return std::nullopt;
    }
    return fmt::format("{:04}-{:02}", *year, *month);
  }
  if (parts.size() != 3) return std::nullopt;
  if (parts[0].size() == 4 && yearOf(parts[0])) {
    return dateOf(yearOf(parts[0]), wholeNumber(parts[1]), wholeNumber(parts[2]));
  }
  if (const auto month = monthCalled(parts[1])) {
    return dateOf(yearOf(parts[2]), month, wholeNumber(parts[0]));
  }
  if (const auto month = monthCalled(parts[0])) {
    return dateOf(yearOf(parts[2]), month, wholeNumber(parts[1]));
  }
  auto as_month_first = dateOf(yearOf(parts[2]), wholeNumber(parts[0]), wholeNumber(parts[1]));
  auto as_day_first = dateOf(yearOf(parts[2]), wholeNumber(parts[1]), wholeNumber(parts[0]));
  if (dots || !as_month_first || as_month_first == as_day_first) return as_day_first;
  if (!as_day_first) return as_month_first;
  if (!month_first) return std::nullopt;
  return *month_first ? as_month_first : as_day_first;
}

// Where a range is parted: " to ", " - ", an en dash, or the dash of "1997-2006".
std::optional<std::pair<std::string_view, std::string_view>> rangeOf(std::string_view text) {
  for (const std::string_view dash : {" to ", " - ", " \u2013 ", "\u2013"}) {
    const std::size_t at = text.find(dash);
    if (at != std::string_view::npos) return {{text.substr(0, at), text.substr(at + dash.size())}};
  }
  constexpr std::size_t kTwoYears = 9;
  if (text.size() == kTwoYears && text[4] == '-') return {{text.substr(0, 4), text.substr(5)}};
  return std::nullopt;
}

}  // namespace

void DateOrder::see(std::string_view date) {
  if (const auto range = rangeOf(date)) {
    see(range->first);
    see(range->second);
    return;
  }
  if (date.find('/') == std::string_view::npos && date.find('-') == std::string_view::npos) return;
  const auto parts = partsOf(date);
  if (parts.size() != 3 || parts[0].size() == 4) return;
  const auto first = wholeNumber(parts[0]);
  const auto second = wholeNumber(parts[1]);
  if (!first || !second || !yearOf(parts[2])) return;
  constexpr int kMonths = 12;
  if (*first > kMonths && *second <= kMonths) day_first_ = true;
  if (*second > kMonths && *first <= kMonths) month_first_ = true;
}

std::optional<bool> DateOrder::monthFirst() const {
  if (month_first_ == day_first_) return std::nullopt;
  return month_first_;
}

std::optional<std::string> readDate(std::string_view text, std::optional<bool> month_first) {
  if (auto date = readOneDate(text, month_first)) return date;
  const auto range = rangeOf(text);
  if (!range) return std::nullopt;
  const auto from = readOneDate(range->first, month_first);
  const auto to = readOneDate(range->second, month_first);
  if (!from || !to) return std::nullopt;
  return *from == *to ? *from : *from + '/' + *to;
}

std::optional<Seconds> readDuration(std::string_view text) {
  double unit = 1;
  for (const auto& [suffix, seconds] :
       {std::pair<std::string_view, double>{"ms", 0.001}, {"sec", 1}, {"s", 1}}) {
    if (text.size() > suffix.size() && text.substr(text.size() - suffix.size()) == suffix) {
      text.remove_suffix(suffix.size());
      while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
      unit = seconds;
      break;
    }
  }
  double sum = 0;
  for (int part = 0; part < 3; ++part) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view digits = text.substr(0, colon);
    const bool last = colon == text.size();
    double value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                              std::chars_format::fixed);
    if (digits.empty() || !isDigit(digits.front()) || fault != std::errc{} ||
        end != digits.data() + digits.size() || !std::isfinite(value)) {
      return std::nullopt;
    }
    constexpr double kSixty = 60;
    if ((part > 0 && value >= kSixty) || (!last && value != std::floor(value))) return std::nullopt;
    sum = sum * kSixty + value;
    if (last) {
      constexpr double kLongest = 7 * 24 * 3600;
      sum *= unit;
      return sum > 0 && sum <= kLongest ? std::optional(Seconds(sum)) : std::nullopt;
    }
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

}  // namespace attacca::archive
