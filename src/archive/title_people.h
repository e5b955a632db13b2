// People whom titles name: "César Franck: Violin Sonata", "Nana (Falla)", "Air (Bach-Wilhelmj)".
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "attacca/archive/people.h"

#include "known_works.h"

namespace attacca::archive {

// Remembers what it was asked. Not for two threads at once.
class TitlePeople {
 public:
  TitlePeople(const NameAuthority& authority, const KnownWorks& known)
      : authority_(authority), known_(known) {}

  // Composers whom the authority knows and a title sets apart from the work, and their arrangers;
  // none where it is less than clear. `clearly`: only a name before ":" or a dash counts, and only
  // before what surely is a work.
  const std::vector<Credit>& composers(const std::string& title, bool clearly);
  // Whether brackets in the title of a work by `composer` hold nothing but his name or an
  // arranger's.
  bool isPeople(std::string_view inside, const std::string& composer);
  // Arrangers in what `isPeople` or a mark ("arr. X") found.
  std::vector<Credit> arrangers(std::string_view said, const std::string& composer);

 private:
  std::vector<Credit> find(std::string_view title, bool clearly);
  // Everybody in `text`, if it names only people who are known.
  const std::vector<Credit>& known(std::string_view text);
  // The same, if it is sure that they are meant: `rest` may be a work of theirs.
  const std::vector<Credit>& surely(std::string_view text, std::string_view rest = {});
  bool namesWork(std::string_view rest, const std::vector<Credit>& composers, bool clearly) const;

  const NameAuthority& authority_;
  const KnownWorks& known_;
  std::unordered_map<std::string, std::vector<Credit>> names_;
  std::unordered_map<std::string, std::vector<Credit>> titles_;
};

}  // namespace attacca::archive
