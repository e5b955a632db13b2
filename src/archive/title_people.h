// People whom titles name: "César Franck: Violin Sonata", "Nana (Falla)", "Air (Bach-Wilhelmj)".
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "attacca/archive/people.h"

#include "known_works.h"

namespace attacca::archive {

// Who a title says made its music.
struct NamedInTitle {
  std::vector<Credit> credits;
  std::string rest;       // of a title that begins with the names; else ""
  std::string_view mark;  // what sets the names apart; "" if nothing does
};

// Whether a title's first word may be a name: it is no form, tempo, instrument or number.
bool mayBeginName(std::string_view word);

// Remembers what it was asked. Not for two threads at once.
class TitlePeople {
 public:
  TitlePeople(const NameAuthority& authority, const KnownWorks& known)
      : authority_(authority), known_(known) {}

  // Composers whom the authority knows and a title sets apart from the work, and their arrangers;
  // none where it is less than clear. `clearly`: only a name that the title begins with counts, in
  // full, or before what surely is a work.
  const NamedInTitle& composers(const std::string& title, bool clearly);
  // Somebody, known or not, where composers() found others' names in titles of the album. `usual`:
  // most of them have one there, so that it need not look like a name.
  NamedInTitle asOthers(const std::string& title, std::string_view mark, bool usual);
  // Those of `listed` with whose names the title begins, and their arrangers.
  NamedInTitle oneOf(const std::vector<Credit>& listed, const std::string& title);
  // Whether one of the composers is known to have made the work that `rest` of a title names.
  bool hasKnownWork(std::string_view rest, const std::vector<Credit>& composers) const;
  // "Schumann" of "(Schumann, arr. Liszt)"
  const std::vector<Credit>& makers(std::string_view said);
  // Whether brackets in the title of a work by `composer` hold nothing but his name or an
  // arranger's.
  bool isPeople(std::string_view inside, const std::string& composer);
  // Arrangers in what `isPeople` or a mark ("arr. X") found.
  std::vector<Credit> arrangers(std::string_view said, const std::string& composer);

 private:
  NamedInTitle find(std::string_view title, bool clearly);
  // "Bach: Chaconne", "Bach/Busoni - Chaconne"
  NamedInTitle headed(std::string_view text, bool clearly);
  // "BACH Chaconne"
  NamedInTitle inCapitals(std::string_view text, const std::vector<Token>& tokens);
  // The names before a mark; "Mozart (Wendt)" was arranged by Wendt.
  std::vector<Credit> head(std::string_view text, std::string_view rest);
  // The name that `mark` sets apart, and the rest of the title where it stands at its beginning.
  static std::pair<std::string_view, std::string_view> cutAt(std::string_view text,
                                                             std::string_view mark);
  bool looksLikeAPerson(std::string_view name, bool any_given) const;
  // Everybody in `text`, if it names only people who are known.
  const std::vector<Credit>& known(std::string_view text);
  // The same, if it is sure that they are meant: `rest` may be a work of theirs.
  const std::vector<Credit>& surely(std::string_view text, std::string_view rest = {});
  bool namesWork(std::string_view rest, const std::vector<Credit>& composers, bool clearly) const;

  const NameAuthority& authority_;
  const KnownWorks& known_;
  std::unordered_map<std::string, std::vector<Credit>> names_;
  std::unordered_map<std::string, NamedInTitle> titles_;
};

}  // namespace attacca::archive
