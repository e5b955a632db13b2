// Works that need no guessing: data/works.txt, compiled in. It makes two spellings one work that
// no rule can ("Op. 8 No. 1" is RV 269, "Love's Sorrow" is "Liebesleid"), and numbers a movement
// that travels alone.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/works.h"

#include "title.h"

namespace attacca::archive {

using Phrase = std::vector<std::string>;  // folded words

struct KnownMovement {
  std::string title;
  std::vector<Phrase> names;
  bool alone = false;  // its name says which work is meant
};

struct KnownWork {
  std::string composer;
  std::string title;
  WorkName name;                         // of the title
  std::vector<CatalogueNumber> numbers;  // of the title first
  std::vector<Phrase> aliases;
  bool set = false;  // its pieces are works of their own
  int pieces = 0;    // of a set that says how many; else 0
  Instrumentation instrumentation = Instrumentation::unknown;
  std::optional<int> year;
  std::vector<KnownMovement> movements;
};

// Which movement is called just so; 0 for none.
int movementCalled(const KnownWork& work, std::string_view name);

class KnownWorks {
 public:
  static const KnownWorks& shipped();
  // Throws Error (corrupt), naming the line, for text that is not of the format.
  explicit KnownWorks(std::string_view text);

  struct Found {
    const KnownWork* work = nullptr;
    std::string part;  // of a set: which piece
    int movement = 0;  // where the title's name of the movement tells it
    double score = 0;  // of several composers' works, the highest is meant
    double confidence = 0;
    std::string reason;
  };
  std::optional<Found> find(std::string_view composer, const Title& title) const;
  // A work that a title means whoever is credited with it, or where nobody is; nullptr for most.
  const KnownWork* unmistakable(const Title& title, bool credited) const;
  // Whether some work is called as these words begin: "Haydn Variations".
  bool beginsLikeAWork(std::span<const Token> words) const;
  // Whether some work's title begins with all of these words: "Peer Gynt".
  bool beginATitle(std::span<const Token> words) const;
  const std::vector<KnownWork>& works() const { return works_; }

 private:
  struct Index {
    std::vector<std::size_t> works;
    // By the first word of an alias, or of the name of a movement that says its work.
    struct Entry {
      std::size_t work = 0;
      const Phrase* phrase = nullptr;
      int movement = 0;
      bool uncredited = false;  // only where nobody is credited
    };
    std::map<std::string, std::vector<Entry>, std::less<>> phrases;
  };
  void readLine(std::string_view line, int number);

  std::vector<KnownWork> works_;
  std::map<std::string, Index, std::less<>> by_composer_;
  std::map<std::string, std::vector<Index::Entry>, std::less<>> unmistakable_;
  struct Unmistakable {
    std::size_t work = 0;
    Phrase phrase;
    bool uncredited = false;
  };
  std::vector<Unmistakable> unmistakable_phrases_;
};

// The movement that a movement's written title names; 0 if none or more than one fits.
int movementNamed(const KnownWork& work, std::string_view movement);

// How far two sets of instruments agree: -1 not, 0 perhaps, 1 yes.
int agree(Instruments a, Instruments b);

std::string_view shippedWorks();

}  // namespace attacca::archive
