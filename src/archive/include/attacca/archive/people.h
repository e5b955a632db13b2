// Who is meant by a name as catalogues and tags write it.
//
// The authority is a file of facts (src/archive/data/people.txt) compiled into the program. Names
// are compared folded (Unicode NFKD, case, accents, Cyrillic and transliterations), with initials,
// in either order, and with the few typos that leave only one person possible. A person whom the
// authority does not know stays as written.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::archive {

struct Person {
  std::string name;               // usual English form, own diacritics: "Pyotr Ilyich Tchaikovsky"
  std::string sort_name;          // "Tchaikovsky, Pyotr Ilyich"
  std::optional<int> born, died;  // none: living, or not known; "about" when `circa`
  bool circa = false;
  bool mostly_arranges = false;  // known for arrangements of others' works: Stokowski, Barshai
};

enum class CreditRole { composer, arranger };

struct Credit {
  std::string name;     // the authority's name when `known`, else as written, cleaned
  std::string written;  // the part of the field that it was read from
  CreditRole role = CreditRole::composer;
  bool known = false;     // in the authority
  double confidence = 1;  // that `name` is who is meant, and in this role; 0 to 1
  std::string reason;     // a sentence fragment for people: "surname and initials agree"
  bool marked = false;    // "arr. X", or the arrangers' field: the role is said
};

// Who a spelling may mean.
struct Match {
  const Person* person = nullptr;  // nullptr: unknown, or more than one could be meant
  double confidence = 0;
  std::string reason;
  std::vector<const Person*> others;  // who else could be meant; when ambiguous, all of them
};

// Immutable; any thread may call. Spellings may hold any bytes.
class NameAuthority {
 public:
  // The people that the program ships with; made on the first call, in some milliseconds.
  static const NameAuthority& shipped();

  // Reads the format that the head of people.txt describes. Throws Error (corrupt), naming the
  // line, for text that is not of it.
  explicit NameAuthority(std::string_view text);
  ~NameAuthority();
  NameAuthority(const NameAuthority&) = delete;
  NameAuthority& operator=(const NameAuthority&) = delete;

  std::span<const Person> people() const;
  // The spelling of one person: no separators, no arranger marks.
  Match match(std::string_view spelling) const;
  // match().person
  const Person* find(std::string_view spelling) const;
  // The person of exactly that canonical name; nullptr if there is none.
  const Person* named(std::string_view name) const;

  // Whether a folded word is somebody's given name, in any of the languages of the file.
  bool isGivenName(const std::string& folded_word) const;

  // Reads fields that may each hold several people, in one of the ways that catalogues mix
  // composers and arrangers. Composers come first, then arrangers, each in the order written;
  // nobody twice in a role. Words that say that nobody is known ("NaN", "Various", "") give no
  // credit; "Trad." and "Anon." give "Traditional" and "Anonymous", which are not `known`.
  std::vector<Credit> read(std::span<const std::string> composer_fields,
                           std::span<const std::string> arranger_fields) const;

  struct Index;  // of the room's own files

 private:
  std::unique_ptr<const Index> index_;
};

// "Traditional" or "Anonymous": a composer's name that is no person's.
bool isNobodysName(std::string_view name);

// One spelling for each person among names that the authority does not know: the same name in
// another case, order, accents or transliteration; an initial for a given name, or a surname alone,
// when only one of `names` fits. Maps each name to the fullest spelling of its group.
std::map<std::string, std::string> groupUnknown(std::span<const std::string> names);

}  // namespace attacca::archive
