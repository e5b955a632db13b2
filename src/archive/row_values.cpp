// Dates and durations as tables write them.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "attacca/archive/row_reader.h"
#include "attacca/base/text.h"

#include "name_text.h"

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

// 1 to 12 for a month's name, or its beginning of at least three letters, in the languages of many
// archives, and for a roman numeral. Takes folded text.
std::optional<int> monthCalled(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "january januar janvier gennaio enero janeiro januari stycznia styczen leden ledna yanvarya",
      "february februar fevrier febbraio febrero fevereiro februari luty lutego unor unora "
      "fevralya",
      "march marz maerz mars marzo marco maart marzec marca brezen brezna marta marcius",
      "april avril aprile abril kwiecien kwietnia duben dubna aprelya aprilis",
      "may mai maggio mayo maio mei maj maja kveten kvetna maya majus",
      "june juni juin giugno junio junho czerwiec czerwca cerven cervna iyunya junius",
      "july juli juillet luglio julio julho lipiec lipca cervenec cervence iyulya julius",
      "august aout agosto augustus augusti sierpien sierpnia srpen srpna avgusta augusztus",
      "september septembre settembre septiembre setembro wrzesien wrzesnia zari sentyabrya",
      "october oktober octobre ottobre octubre outubro pazdziernik pazdziernika rijen oktyabrya",
      "november novembre noviembre novembro listopad listopada noyabrya",
      "december dezember decembre dicembre diciembre dezembro grudzien grudnia prosinec dekabrya"};
  constexpr std::size_t kShortest = 3;
  std::optional<int> found;
  for (std::size_t i = 0; i < kMonths.size() && word.size() >= kShortest; ++i) {
    for (const std::string& name : splitWords(kMonths[i])) {
      if (name == word) return static_cast<int>(i) + 1;
      // "Mar" is March in all of them, "jui" may be June or July.
      if (!std::string_view(name).starts_with(word)) continue;
      if (found && *found != static_cast<int>(i) + 1) return std::nullopt;
      found = static_cast<int>(i) + 1;
    }
  }
  if (found) return found;
  static constexpr std::array<std::string_view, 12> kRoman = {
      "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"};
  for (std::size_t i = 0; i < kRoman.size(); ++i) {
    if (kRoman[i] == word) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
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

// "12th", "1er", "3." of a day; else as it is.
std::string_view withoutEnding(std::string_view word) {
  std::size_t digits = 0;
  while (digits < word.size() && isDigit(word[digits])) ++digits;
  constexpr std::size_t kDay = 2;
  if (digits == 0 || digits > kDay) return word;
  static constexpr std::array<std::string_view, 8> kEndings = {"st", "nd", "rd", "th",
                                                               "er", "re", "o",  "e"};
  const bool ending =
      std::find(kEndings.begin(), kEndings.end(), word.substr(digits)) != kEndings.end();
  return ending ? word.substr(0, digits) : word;
}

// The parts of a date between '/', '-', '.', ',' and spaces, folded; without words that say nothing
// ("12 de mayo de 1994", "Sunday, 14 December").
std::vector<std::string> partsOf(std::string_view text) {
  static constexpr std::array<std::string_view, 60> kSilent = {
      "de",        "del",        "le",       "the",     "of",       "den",      "am",
      "el",        "il",         "di",       "em",      "on",       "g",        "r",
      "god",       "year",       "mon",      "monday",  "tue",      "tues",     "tuesday",
      "wed",       "wednesday",  "thu",      "thur",    "thurs",    "thursday", "fri",
      "friday",    "sat",        "saturday", "sun",     "sunday",   "montag",   "dienstag",
      "mittwoch",  "donnerstag", "freitag",  "samstag", "sonntag",  "lundi",    "mardi",
      "mercredi",  "jeudi",      "vendredi", "samedi",  "dimanche", "lunes",    "martes",
      "miercoles", "jueves",     "viernes",  "sabato",  "sabado",   "domingo",  "domenica",
      "lunedi",    "martedi",    "venerdi",  "giovedi"};
  std::vector<std::string> parts;
  for (const std::string& word : splitWords(latinLetters(foldText(text)))) {
    if (std::find(kSilent.begin(), kSilent.end(), word) == kSilent.end())
      parts.emplace_back(withoutEnding(word));
  }
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
    // Of two digits, a year must say that it is one: "Nov. '97".
    const bool short_year = parts[year_first ? 0 : 1].size() != 4;
    const bool said =
        text.find('\'') != std::string_view::npos || text.find("\u2019") != std::string_view::npos;
    if (!year || (short_year && !(said && monthCalled(word))) || !month || *month < 1 ||
        *month > 12) {
      return std::nullopt;
    }
    return fmt::format("{:04}-{:02}", *year, *month);
  }
  if (parts.size() != 3) return std::nullopt;
  if (parts[0].size() == 4 && yearOf(parts[0])) {
    const auto month = monthCalled(parts[1]);
    return dateOf(yearOf(parts[0]), month ? month : wholeNumber(parts[1]), wholeNumber(parts[2]));
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

namespace {

// "5'49\"", "5m04s", "1h02m", "PT7M19S", "5 min 3 sec": amounts with their units, from the largest.
std::optional<Seconds> readUnits(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != ' ') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  std::string_view rest = plain;
  if (rest.starts_with("pt")) rest.remove_prefix(2);
  struct Unit {
    std::string_view name;
    int rank;
    double seconds;
  };
  constexpr double kMinute = 60;
  constexpr double kHour = 3600;
  static constexpr auto kUnits = std::to_array<Unit>({{"hours", 0, kHour},
                                                      {"hour", 0, kHour},
                                                      {"hrs", 0, kHour},
                                                      {"hr", 0, kHour},
                                                      {"std", 0, kHour},
                                                      {"h", 0, kHour},
                                                      {"minutes", 1, kMinute},
                                                      {"minuten", 1, kMinute},
                                                      {"minute", 1, kMinute},
                                                      {"mins", 1, kMinute},
                                                      {"min", 1, kMinute},
                                                      {"mn", 1, kMinute},
                                                      {"\u2032", 1, kMinute},
                                                      {"\u2019", 1, kMinute},
                                                      {"''", 2, 1},
                                                      {"'", 1, kMinute},
                                                      {"seconds", 2, 1},
                                                      {"sekunden", 2, 1},
                                                      {"second", 2, 1},
                                                      {"secs", 2, 1},
                                                      {"sec", 2, 1},
                                                      {"sek", 2, 1},
                                                      {"\u2033", 2, 1},
                                                      {"\u201d", 2, 1},
                                                      {"\"", 2, 1},
                                                      {"m", 1, kMinute},
                                                      {"s", 2, 1}});
  double sum = 0;
  int last = -1;
  while (!rest.empty()) {
    double value = 0;
    const auto [end, fault] =
        std::from_chars(rest.data(), rest.data() + rest.size(), value, std::chars_format::fixed);
    if (!isDigit(rest.front()) || fault != std::errc{} || !std::isfinite(value))
      return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.starts_with('.')) rest.remove_prefix(1);
    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                    [&](const Unit& one) { return rest.starts_with(one.name); });
    // "5m04" and "5'49" leave the seconds' unit out.
    const bool seconds = unit == kUnits.end() && rest.empty() && last == 1;
    if (unit == kUnits.end() && !seconds) return std::nullopt;
    const int rank = seconds ? 2 : unit->rank;
    if (rank <= last || (last >= 0 && value >= kMinute)) return std::nullopt;
    last = rank;
    sum += value * (seconds ? 1 : unit->seconds);
    if (!seconds) rest.remove_prefix(unit->name.size());
    if (rest.starts_with('.')) rest.remove_prefix(1);
  }
  constexpr double kLongest = 7 * 24 * 3600;
  return sum > 0 && sum <= kLongest ? std::optional(Seconds(sum)) : std::nullopt;
}

}  // namespace

std::optional<Seconds> readDuration(std::string_view text) {
  // "2.49" may be seconds, or minutes and seconds.
  const std::size_t point = text.find_first_of(".,");
  constexpr std::size_t kMinutes = 2;
  if (point != std::string_view::npos && point <= kMinutes && text.size() == point + 3 &&
      text.find_first_not_of("0123456789.,") == std::string_view::npos)
    return std::nullopt;
  if (text.find_first_of("'\"hHmM") != std::string_view::npos ||
      text.find("\u2032") != std::string_view::npos ||
      text.find("\u2019") != std::string_view::npos || text.starts_with("PT")) {
    if (const auto said = readUnits(text)) return said;
  }
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
