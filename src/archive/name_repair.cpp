// Text whose encoding was mistaken on its way into a catalogue.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "attacca/base/text.h"

#include "name_text.h"

namespace attacca::archive {
namespace {

constexpr std::size_t kMaxFieldBytes = 4096;

// Windows-1252, 0x80 to 0x9F; 0: not assigned.
constexpr std::array<char32_t, 32> kWindows = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

void append(std::string& text, char32_t point) {
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0 | (point >> 6));
    text += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | (point >> 12));
    text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (point & 0x3F));
  }
}

std::string fromWindows(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append(text, byte >= 0x80 && byte < 0xA0 ? kWindows[byte - 0x80] : byte);
  }
  return text;
}

// The bytes that Windows-1252 text stands for; nullopt when some character is not of that set.
std::optional<std::string> toWindows(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 4 || at + length > text.size()) return std::nullopt;
    char32_t point = length == 1 ? lead : lead & (0xFF >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
      point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    at += length;
    if (point < 0x100) {
      bytes += static_cast<char>(point);
      continue;
    }
    std::size_t byte = 0;
    while (byte < kWindows.size() && kWindows[byte] != point) ++byte;
    if (byte == kWindows.size()) return std::nullopt;
    bytes += static_cast<char>(0x80 + byte);
  }
  return bytes;
}

}  // namespace

std::string repairText(std::string_view text) {
  text = text.substr(0, kMaxFieldBytes);
  if (text.find_first_not_of(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                             "abcdefghijklmnopqrstuvwxyz{|}~") == std::string_view::npos &&
      text.find("  ") == std::string_view::npos && text.find("&amp;") == std::string_view::npos) {
    return std::string(trimmed(text));
  }
  std::string whole = isValidUtf8(text) ? std::string(text) : fromWindows(text);
  // Every character of UTF-8 read as Windows-1252 begins with one of these.
  if (whole.find("Ã") != std::string::npos || whole.find("Å") != std::string::npos ||
      whole.find("Ä") != std::string::npos || whole.find("Ð") != std::string::npos ||
      whole.find("Ñ") != std::string::npos) {
    if (const auto bytes = toWindows(whole); bytes && isValidUtf8(*bytes)) whole = *bytes;
  }
  for (std::size_t at = 0; (at = whole.find("&amp;", at)) != std::string::npos; ++at)
    whole.erase(at + 1, 4);
  return cleanText(whole, kMaxFieldBytes);
}

namespace {

bool isRomanNumber(std::string_view word) {
  return word.find_first_not_of("IVX") == std::string_view::npos;
}

std::size_t lettersOf(std::string_view word) {
  return static_cast<std::size_t>(std::count_if(word.begin(), word.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// Each part of "SAINT-SAËNS" and "O'BRIEN" begins with its capital.
std::string withCapitals(std::string_view word) {
  std::string text;
  while (!word.empty()) {
    const std::size_t end = std::min(word.find_first_of("-'"), word.size() - 1) + 1;
    text += withCapital(word.substr(0, end));
    word.remove_prefix(end);
  }
  return text;
}

}  // namespace

std::string inUsualCase(std::string_view name) {
  const bool all = isInCapitals(name);
  const std::vector<std::string> words = splitWords(name);
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::string small = foldText(word);
    const std::size_t letters = lettersOf(word);
    const bool last = i + 1 == words.size();
    const bool abbreviated = word.find_first_of(".0123456789") != std::string::npos ||
                             small.find_first_of("aeiouy") == std::string::npos ||
                             isRomanNumber(word) || letters < 3;
    constexpr std::size_t kLong = 5;
    const bool is_name = letters >= kLong || (last && i > 0) || (all && words.size() > 1);
    if (i > 0) text += ' ';
    if (all && i > 0 && !last && isParticle(small)) {
      text += small;
    } else if (isInCapitals(word) && !abbreviated && is_name) {
      text += withCapitals(word);
    } else {
      text += word;
    }
  }
  return text;
}

}  // namespace attacca::archive
