// Titles of tracks that are no music.
#include "no_music.h"

#include "title_parts.h"

namespace attacca::archive {
namespace {

// "Applause", "Introduction by the director", "Tuning": somebody talks or claps.
bool saysTalk(const std::vector<Token>& tokens) {
  const auto is = [&](std::size_t i, std::initializer_list<std::string_view> words) {
    return i < tokens.size() && isOneOf(tokens[i].text, words);
  };
  if (is(0, {"applause",      "applaus",      "applaudissements", "applausi",     "aplausos",
             "aplauso",       "applader",     "potlesk",          "brawa",        "oklaski",
             "beifall",       "aplaudiments", "aplodismenty",     "ovation",      "tuning",
             "stimmen",       "silence",      "stille",           "intermission", "announcement",
             "announcements", "ansage",       "ansagen",          "annonce",      "anuncio",
             "annuncio",      "speech",       "ansprache",        "discours",     "discurso",
             "discorso",      "begrussung",   "welcome",          "greeting",     "greetings",
             "grusswort",     "interview",    "remarks",          "spoken",       "moderation",
             "conversation",  "gesprach",     "werkeinfuhrung",   "talk"})) {
    // "Welcome to the Jungle" and "Silence and Music" are music.
    if (!is(0, {"silence", "stille", "welcome", "greeting", "conversation", "talk"})) return true;
    return tokens.size() == 1 ||
           is(1, {"by", "from", "and", "speech", "address", "remarks", "von", "with", "the"});
  }
  if (is(0, {"introduction", "einfuhrung", "presentation", "presentacion", "presentazione",
             "introduzione", "introduccion", "commentary", "opening", "closing"}) &&
      is(1, {"by", "durch", "von", "par", "por", "to", "remarks", "speech", "announcement", "words",
             "spoken"}))
    return true;
  if (tokens.size() > 1 &&
      isOneOf(tokens.back().text, {"talk", "announcement", "announcements", "remarks", "applause",
                                   "interview", "speech", "tuning", "introduction"}) &&
      is(tokens.size() - 2, {"concert",   "artist",    "artists",    "encore", "stage",  "opening",
                             "closing",   "orchestra", "audience",   "final",  "spoken", "composer",
                             "composers", "conductor", "conductors", "radio",  "verbal", "welcome",
                             "end",       "pre",       "post",       "and"}))
    return true;
  return false;
}

}  // namespace

bool namesTalk(std::string_view title) { return saysTalk(tokensOf(title)); }

bool namesNoMusic(std::string_view title) {
  const std::vector<Token> tokens = tokensOf(title);
  if (tokens.empty() || saysTalk(tokens)) return true;
  if (tokens.size() > 2) return false;
  const bool numbered = tokens.size() == 2 && plainNumber(tokens[1].text) > 0;
  return isOneOf(tokens[0].text, {"track", "untitled", "unknown", "nan", "titel", "piste"}) &&
         (tokens.size() == 1 || numbered);
}

}  // namespace attacca::archive
