// How titles of movements begin.
#include <algorithm>
#include <cctype>
#include <utility>

#include "title_parts.h"

namespace attacca::archive {
namespace {

bool isUpperRoman(std::string_view text, const Token& token) {
  return romanNumber(token.text) > 0 &&
         std::isupper(static_cast<unsigned char>(text[token.begin])) != 0 &&
         std::isupper(static_cast<unsigned char>(text[token.end - 1])) != 0;
}

}  // namespace

bool isMovementNoun(std::string_view word) {
  return isOneOf(word, {"satz",       "mvt",       "movement", "mov",   "mouvement", "mouv",
                        "movimento",  "tempo",     "mvmt",     "mvmnt", "movt",      "movim",
                        "movimiento", "andamento", "chast",    "sats",  "deel",      "czesc",
                        "cz",         "veta",      "tetel",    "osa",   "temps",     "moviment"});
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kEdges = " ,;:-.";
  while (!text.empty() && kEdges.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == ',' || text.back() == ':' ||
                           text.back() == ';' || text.back() == '-')) {
    text.remove_suffix(1);
  }
  return text;
}

Numbered takeNumber(std::string_view text) {
  const std::size_t quote = text.find_first_not_of(" \"'(");
  if (quote == std::string_view::npos || quote > 1) return {};
  constexpr std::size_t kHead = 24;
  const std::vector<Token> tokens = tokensOf(text.substr(0, std::min(text.size(), kHead)));
  if (tokens.empty()) return {};
  const auto after = [&](const Token& token) {
    return token.end < text.size() ? text[token.end] : '\0';
  };
  const std::string& first = tokens[0].text;
  if (tokens.size() > 1 && isOneOf(first, {"no", "nr", "n"})) {
    int number = plainNumber(tokens[1].text);
    if (number == 0 && isUpperRoman(text, tokens[1])) number = romanNumber(tokens[1].text);
    if (number > 0) return {number, true, tokens[1].end};
  }
  constexpr int kMostSmall = 12;
  if (tokens.size() > 1 && isMovementNoun(first) && first != "tempo") {
    int number = plainNumber(tokens[1].text);
    if (number == 0) number = romanNumber(tokens[1].text);
    if (number > 0) return {number, false, tokens[1].end};
  }
  const Word& word = wordOf(first);
  if (tokens.size() > 1 && isMovementNoun(tokens[1].text) && tokens[1].text != "tempo") {
    int number = word.ordinal ? word.number : plainNumber(first);
    if (number == 0 && isUpperRoman(text, tokens[0])) number = romanNumber(first);
    if (number > 0) return {number, false, tokens[1].end};
  }
  // "ii. Contour lines": small numerals need a mark.
  const bool small_roman = romanNumber(first) > 0 && romanNumber(first) <= kMostSmall &&
                           !isUpperRoman(text, tokens[0]) &&
                           (after(tokens[0]) == '.' || after(tokens[0]) == ')') &&
                           text[tokens[0].begin] >= 'a';
  const bool roman = isUpperRoman(text, tokens[0]) || small_roman;
  const int number = roman ? romanNumber(first) : plainNumber(first);
  constexpr int kMostMovements = 60;
  if (number == 0 || number > kMostMovements) return {};
  const char mark = after(tokens[0]);
  if (mark == '.' || mark == ')' || mark == ':' || (mark == '-' && roman) || mark == '\0') {
    // "1.5"
    if (mark == '.' && tokens[0].end + 1 < text.size() &&
        std::isdigit(static_cast<unsigned char>(text[tokens[0].end + 1])) != 0) {
      return {};
    }
    return {number, false, tokens[0].end + (mark == '\0' ? 0 : 1)};
  }
  if (mark == ' ' && tokens.size() > 1) {
    const bool dash = text[tokens[0].end + 1] == '-';
    // "24 Bagatelles" counts pieces.
    const Word& next = wordOf(tokens[1].text);
    if (dash || (roman ? next.movement : next.tempo)) return {number, false, tokens[0].end};
  }
  return {};
}

bool saysMovementNumber(std::string_view text) {
  constexpr std::size_t kHead = 20;  // "second movement"
  const std::vector<Token> tokens = tokensOf(text.substr(0, std::min(text.size(), kHead)));
  if (tokens.empty() || tokens[0].text == "tempo") return false;
  // "mvt 2", "4. Satz", "first movement"
  const bool noun =
      isMovementNoun(tokens[0].text) ||
      (tokens.size() > 1 && isMovementNoun(tokens[1].text) && tokens[1].text != "tempo");
  return noun && takeNumber(text).number > 0;
}

bool beginsMovement(std::string_view text) {
  if (takeNumber(text).number > 0) return true;
  constexpr std::size_t kHead = 30;
  const std::vector<Token> tokens = tokensOf(text.substr(0, std::min(text.size(), kHead)));
  return !tokens.empty() && wordOf(tokens[0].text).movement;
}

bool onlyMovement(std::string_view text) {
  // Fillers that stand in the name of a work.
  const auto isOfWork = [](const Token& token) {
    return isOneOf(token.text, {"for", "fur", "pour", "major", "minor", "op", "no", "dur", "moll"});
  };
  bool any = false;
  for (const Token& token : tokensOf(text)) {
    const Word& word = wordOf(token.text);
    if (word.movement) {
      any = true;
    } else if (word.filler ? isOfWork(token) : word.number == 0) {
      return false;
    }
  }
  return any;
}

}  // namespace attacca::archive
