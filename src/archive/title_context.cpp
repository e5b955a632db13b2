// What titles hold beside work and movement: arrangers, makers, where an excerpt is from.
#include <algorithm>
#include <utility>

#include "title_parts.h"

namespace attacca::archive {
namespace {

bool isArrangementWord(std::string_view word) {
  return isOneOf(
      word, {"arr", "arranged", "arrangement", "transcr", "transcribed", "transcription", "orch",
             "orchestrated", "orchestration", "bearb", "bearbeitung", "arrgt", "arrang"});
}
bool isRecordingWord(std::string_view word) {
  return isOneOf(word, {"live", "remastered", "remaster", "encore", "bonus", "mono", "stereo",
                        "premiere", "version", "recording", "zugabe", "bis"});
}
bool saysFrom(std::string_view word) {
  return isOneOf(word, {"from", "aus", "dal", "dalla", "extrait", "tire"});
}
// "Dichterliebe, Op. 48: 2. Aus meinen Tränen": the word begins the title of a song, after its
// number or after a work that is already named by its own.
bool beginsPart(std::string_view text, const Token& before, const Token& word) {
  const std::string_view gap = text.substr(before.end, word.begin - before.end);
  const std::string_view left = text.substr(0, before.end);
  const bool after_number = gap.find('.') != std::string_view::npos &&
                            (plainNumber(before.text) > 0 || romanNumber(before.text) > 0) &&
                            left.find_last_of(":-", before.begin) != std::string_view::npos;
  if (after_number) return true;
  return gap.find_first_of(":-") != std::string_view::npos && !readWork(left).numbers.empty();
}

}  // namespace

std::string withoutBrackets(std::string_view text, Title& title, std::string& source,
                            std::string& movement) {
  std::string kept;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find_first_of("([", at);
    const std::size_t close =
        open == std::string_view::npos ? open : text.find_first_of(")]", open);
    if (close == std::string_view::npos) break;
    kept += text.substr(at, open - at);
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    at = close + 1;
    const std::vector<Token> tokens = tokensOf(inside);
    const auto any = [&](auto&& is) {
      return std::any_of(tokens.begin(), tokens.end(),
                         [&](const Token& token) { return is(token.text); });
    };
    if (tokens.empty()) continue;
    if (any(isArrangementWord)) {
      if (title.arranger.empty()) title.arranger = std::string(inside);
    } else if (saysFrom(tokens[0].text) && tokens.size() > 1) {
      source = std::string(trimmed(inside.substr(tokens[0].end)));
    } else if (any(isRecordingWord)) {
      continue;
    } else if (readWork(inside).shape == Shape::cyclic && onlyMovement(kept)) {
      source = std::string(trimmed(inside));  // "Rigaudon (Holberg Suite)"
    } else if (trimmed(text.substr(at)).empty() &&
               (takeNumber(inside).number > 0 || onlyMovement(inside)) &&
               tokensOf(kept).size() > 1) {
      movement = std::string(inside);
    } else {
      kept += text.substr(open, close - open + 1);
    }
  }
  if (at < text.size()) kept += text.substr(at);
  return std::string(trimmed(kept));
}

std::string arrangerIn(std::string_view said) {
  const std::vector<Token> tokens = tokensOf(said);
  std::size_t begin = said.size();
  std::size_t end = said.size();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (begin == said.size() && (isArrangementWord(tokens[i].text) || tokens[i].text == "by")) {
      if (i + 1 < tokens.size() && tokens[i + 1].text != "by") begin = tokens[i + 1].begin;
    } else if (begin < said.size() &&
               isOneOf(tokens[i].text, {"for", "fur", "pour", "per", "para"})) {
      end = tokens[i].begin;
      break;
    }
  }
  return begin < end ? std::string(trimmed(said.substr(begin, end - begin))) : std::string();
}

bool dropArrangement(std::string& text, const std::vector<Token>& tokens, Title& title) {
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (!isArrangementWord(tokens[i].text)) continue;
    if (title.arranger.empty()) title.arranger = text.substr(tokens[i].begin);
    text = std::string(trimmed(std::string_view(text).substr(0, tokens[i].begin)));
    return true;
  }
  return false;
}

bool dropSurname(std::string& text, const std::vector<Token>& tokens,
                 std::span<const std::string> surnames) {
  std::size_t count = 0;
  while (count < tokens.size() && count < 4 &&
         (std::find(surnames.begin(), surnames.end(), tokens[count].text) != surnames.end() ||
          (count + 1 < tokens.size() && tokens[count].text.size() <= 2 &&
           text[tokens[count].end] == '.'))) {
    ++count;
  }
  if (count == 0 || count == tokens.size() ||
      std::find(surnames.begin(), surnames.end(), tokens[count - 1].text) == surnames.end()) {
    return false;
  }
  const std::string_view rest = std::string_view(text).substr(tokens[count - 1].end);
  const bool marked = rest.starts_with(":") || rest.starts_with(" -") || rest.starts_with(",");
  if (!marked && readWork(rest).form.empty()) return false;
  text = std::string(trimmed(rest));
  return true;
}

std::pair<std::size_t, std::size_t> fromIn(std::string_view text,
                                           const std::vector<Token>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const std::string& word = tokens[i].text;
    if (isOneOf(word, {"variations", "variationen", "fantasy", "fantasia", "fantasie", "fantaisie",
                       "paraphrase", "on", "uber", "medley", "suite", "music", "themes", "styles",
                       "reminiscences", "selections", "excerpts", "highlights"})) {
      break;
    }
    if (saysFrom(word) && !beginsPart(text, tokens[i - 1], tokens[i]))
      return {tokens[i].begin, tokens[i + (tokens[i + 1].text == "de" ? 1 : 0)].end};
  }
  return {text.size(), text.size()};
}

std::string original(const std::string& text, const std::vector<Token>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (!isOneOf(tokens[i].text, {"after", "nach"})) continue;
    std::string right = text.substr(tokens[i + 1].begin);
    const WorkName name = readWork(right);
    if (!name.numbers.empty() || name.shape == Shape::cyclic) return right;
  }
  return text;
}

}  // namespace attacca::archive
