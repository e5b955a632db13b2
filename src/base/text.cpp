#include "attacca/base/text.h"

#include <algorithm>
#include <cstdlib>

#include <utf8proc.h>

namespace attacca {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Decodes one code point at `at` and advances; -1 for a bad byte, which it steps over.
utf8proc_int32_t next(std::string_view text, std::size_t& at) {
  utf8proc_int32_t point = -1;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &point);
  if (length <= 0) {
    ++at;
    return -1;
  }
  at += static_cast<std::size_t>(length);
  return point;
}

void append(std::string& text, utf8proc_int32_t point) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(point, bytes);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

bool isSpaceOrControl(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool isValidUtf8(std::string_view text) {
  const auto plain = [](char c) { return static_cast<signed char>(c) >= 0; };
  if (std::all_of(text.begin(), text.end(), plain)) return true;
  for (std::size_t at = 0; at < text.size();) {
    if (next(text, at) < 0) return false;
  }
  return true;
}

namespace {

// Plain ASCII with single spaces between its words.
bool isCleanAscii(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) return false;
    before = c;
  }
  return before != ' ' || text.empty();
}

}  // namespace

std::string cleanText(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes && isCleanAscii(text)) return std::string(text);
  std::string clean;
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    const utf8proc_int32_t point = next(text, at);
    std::string piece;
    if (point < 0) {
      piece = kReplacement;
    } else if (isSpaceOrControl(point)) {
      gap = !clean.empty();
      continue;
    } else {
      append(piece, point);
    }
    if (clean.size() + piece.size() + (gap ? 1 : 0) > max_bytes) break;
    if (gap) clean += ' ';
    gap = false;
    clean += piece;
  }
  return clean;
}

namespace {

// What foldText makes of text that is all ASCII, without looking every character up.
std::string foldAscii(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  bool gap = false;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (c == '\'') continue;
    if (!upper && (c < 'a' || c > 'z') && (c < '0' || c > '9')) {
      gap = !folded.empty();
      continue;
    }
    if (gap) folded += ' ';
    gap = false;
    folded += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return folded;
}

}  // namespace

std::string foldText(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<signed char>(c) >= 0; });
  if (ascii) return foldAscii(text);
  const std::string valid = cleanText(text, text.size() * 3);
  utf8proc_uint8_t* raw = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                                      UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                                   static_cast<utf8proc_ssize_t>(valid.size()), &raw, options);
  const std::string_view mapped = length < 0 ? std::string_view()
                                             : std::string_view(reinterpret_cast<const char*>(raw),
                                                                static_cast<std::size_t>(length));
  std::string folded;
  bool gap = false;
  for (std::size_t at = 0; at < mapped.size();) {
    const utf8proc_int32_t point = next(mapped, at);
    // "Don't" and "Dont" are one word, and so are "Liliʻuokalani" and "Liliuokalani".
    if (point == '\'' || point == 0x2019 || (point >= 0x02b9 && point <= 0x02bc)) continue;
    const auto category = utf8proc_category(point);
    const bool word = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
                      category == UTF8PROC_CATEGORY_LT || category == UTF8PROC_CATEGORY_LM ||
                      category == UTF8PROC_CATEGORY_LO || category == UTF8PROC_CATEGORY_ND ||
                      category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
    if (!word) {
      gap = !folded.empty();
      continue;
    }
    if (gap) folded += ' ';
    gap = false;
    append(folded, point);
  }
  std::free(raw);
  return folded;
}

bool isInCapitals(std::string_view text) {
  bool capitals = false;
  for (std::size_t at = 0; at < text.size();) {
    const utf8proc_int32_t point = next(text, at);
    if (point < 0) continue;
    if (utf8proc_category(point) == UTF8PROC_CATEGORY_LL) return false;
    capitals = capitals || utf8proc_category(point) == UTF8PROC_CATEGORY_LU;
  }
  return capitals;
}

std::string withCapital(std::string_view word) {
  std::string text;
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t begin = at;
    const utf8proc_int32_t point = next(word, at);
    if (begin == 0 || point < 0) {
      text += word.substr(begin, at - begin);
    } else {
      append(text, utf8proc_tolower(point));
    }
  }
  return text;
}

std::vector<std::string> splitWords(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = text.find_first_not_of(' ', at);
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(text.find(' ', start), text.size());
    words.emplace_back(text.substr(start, end - start));
    at = end;
  }
  return words;
}

std::string enumerated(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace attacca
