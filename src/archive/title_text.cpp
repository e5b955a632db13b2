#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/text.h"

#include "name_text.h"
#include "title.h"

namespace attacca::archive {
namespace {

bool isAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
// Not those of <cctype>, which ask the locale.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool isLetter(char c) { return !isAscii(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Dashes, quotes and spaces outside ASCII are no letters.
std::size_t markLength(std::string_view text, std::size_t at) {
  if (text.compare(at, 2, "\xC2\xA0") == 0 || text.compare(at, 2, "\xC2\xAB") == 0 ||
      text.compare(at, 2, "\xC2\xBB") == 0 || text.compare(at, 2, "\xC2\xBA") == 0 ||
      text.compare(at, 2, "\xC2\xB0") == 0) {
    return 2;
  }
  if (text.compare(at, 2, "\xE2\x80") == 0 && at + 2 < text.size() &&
      text.substr(at, 3) != "\xE2\x80\x99") {
    return 3;
  }
  return 0;
}

std::string folded(std::string_view word) {
  std::string text(word);
  bool ascii = true;
  bool apostrophe = false;
  for (char& c : text) {
    ascii = ascii && isAscii(c);
    apostrophe = apostrophe || c == '\'';
    c = lower(c);
  }
  if (ascii) {
    if (apostrophe) std::erase(text, '\'');
    return text;
  }
  text = latinLetters(foldText(word));
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return text;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find(from, at), text.size());
    result += text.substr(at, next - at);
    if (next < text.size()) result += to;
    at = next + from.size();
  }
  return result;
}

}  // namespace

bool saysNumber(std::string_view word) {
  constexpr std::size_t kLongest = 6;
  if (word.empty() || word[0] != 'n' || word.size() > kLongest) return false;
  return word == "no" || word == "nr" || word == "n" || word == "num" || word == "nro" ||
         word == "nos" || word == "number" || word == "numero" || word == "nummer";
}

std::string plainText(std::string_view text) {
  constexpr std::size_t kLongestTitle = 1000;
  // Most titles need nothing.
  const auto needsCleaning = [&](std::size_t i) {
    const char c = text[i];
    return c < ' ' || c == '#' || c == '\x7F' || c == '\xE2' || c == '\xC2' ||
           (c == ' ' && (i == 0 || i + 1 == text.size() || text[i + 1] == ' '));
  };
  std::size_t clean = 0;
  while (clean < text.size() && !needsCleaning(clean)) ++clean;
  if (clean == text.size() && clean <= kLongestTitle) return std::string(text);
  std::string plain = cleanText(text, kLongestTitle);
  if (std::any_of(plain.begin(), plain.end(), [](char c) { return !isAscii(c); })) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kMarks = {
        {{"\xE2\x99\xAD", "-flat"},
         {"\xE2\x99\xAF", "-sharp"},
         {"\xE2\x80\x9C", "\""},
         {"\xE2\x80\x9D", "\""},
         {"\xE2\x80\x9E", "\""},
         {"\xC2\xAB", "\""},
         {"\xC2\xBB", "\""},
         {"\xE2\x80\x93", "-"},
         {"\xE2\x80\x94", "-"}}};
    for (const auto& [mark, usual] : kMarks) plain = replaced(plain, mark, usual);
  }
  std::string spelled;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    const bool after_letter = plain[at] == '#' && at > 0 && lower(plain[at - 1]) >= 'a' &&
                              lower(plain[at - 1]) <= 'g' && (at == 1 || plain[at - 2] == ' ');
    if (after_letter) {
      spelled += "-sharp";
    } else {
      spelled += plain[at];
    }
  }
  return spelled;
}

std::vector<Token> tokensOf(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '&') {
      tokens.push_back({"and", at, at + 1});
      ++at;
      continue;
    }
    const std::size_t mark = isAscii(text[at]) ? 0 : markLength(text, at);
    if (mark > 0 || !(isLetter(text[at]) || isDigit(text[at]))) {
      at += std::max<std::size_t>(mark, 1);
      continue;
    }
    const std::size_t begin = at;
    const bool digits = isDigit(text[at]);
    while (at < text.size()) {
      const char c = text[at];
      if (!isAscii(c) && markLength(text, at) > 0) break;
      const bool apostrophe =
          c == '\'' && at > begin && at + 1 < text.size() && isLetter(text[at + 1]);
      if (!(isLetter(c) || isDigit(c) || apostrophe)) break;
      if (!digits && isDigit(c)) break;
      ++at;
    }
    std::string word = folded(text.substr(begin, at - begin));
    if (word.empty()) continue;
    // "n° 5", "Nr. 5", "núm. 5", "č. 5": one word for all.
    // The Czech sign for it folds to a "c" that may be a key.
    if (digits && !tokens.empty() &&
        (saysNumber(tokens.back().text) ||
         (tokens.back().text == "c" && !isAscii(text[tokens.back().begin]))))
      tokens.back().text = "no";
    tokens.push_back({std::move(word), begin, at});
  }
  return tokens;
}

std::string CatalogueNumber::text() const {
  if (scheme.empty()) return number;
  if (part.empty()) return fmt::format("{} {}", scheme, number);
  const bool spelled = scheme == "Op." || scheme == "WoO" || scheme == "D.";
  return fmt::format("{} {}{}{}", scheme, number, spelled ? " No. " : "/", part);
}

bool CatalogueNumber::sameNumber(const CatalogueNumber& other) const {
  return scheme == other.scheme &&
         std::equal(number.begin(), number.end(), other.number.begin(), other.number.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string CatalogueNumber::key() const {
  std::string key = folded(scheme);
  key.erase(std::remove(key.begin(), key.end(), '.'), key.end());
  key += ' ';
  for (const char c : number) key += lower(c);
  if (!part.empty()) {
    key += '/';
    key += part;
  }
  return key;
}

std::string MusicKey::text() const {
  if (tonic == 0) return {};
  return fmt::format("{}{} {}", tonic,
                     alteration < 0   ? "-flat"
                     : alteration > 0 ? "-sharp"
                                      : "",
                     mode == Mode::minor ? "minor" : "major");
}

bool differ(const MusicKey& a, const MusicKey& b) {
  if (!a || !b) return false;
  if (a.tonic != b.tonic || a.alteration != b.alteration) return true;
  return a.mode != b.mode && a.mode != MusicKey::Mode::unknown && b.mode != MusicKey::Mode::unknown;
}

}  // namespace attacca::archive
