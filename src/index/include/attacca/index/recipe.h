// Recipes: named ways to compare tracks and passages.
//
// A recipe is a TOML file. Attacca ships recipes/*.toml, built into the program; an archive may
// have its own in <archive>/recipes/.
//
//   format = 1
//   name = "similar"                    # lower-case letters, digits, "-"
//   title = "More of this kind"
//   question = "What else is like this track?"
//   answers = "tracks"                  # or "passages": then no exact neighbours are worked out
//   tempi = [1, 0.87, 1.15]             # at which passages are looked for; left out: 1
//
//   [[part]]
//   kind = "pooled"                     # pooled, sequence, chroma or aspects
//   representation = "msd-musicnn"      # left out: whichever is asked for
//   weight = 1                          # 0 or more; a part of weight 0 only finds candidates
//   whitening = 64                      # dimensions that are kept; left out: none
//   shrinkage = 0.1                     # 0 to 1; left out: 0
//   shingle_s = 12                      # sequence and chroma: seconds compared in order
//   step_s = 2                          # sequence and chroma: rows of so many seconds are averaged
//                                       # before tracks are compared; left out: none are
//   transpositions = 12                 # chroma: 1 to 12; left out: 12
//   transposition_price = 0.03          # chroma: taken off the cosine of a passage in another
//                                       # transposition; left out: 0
//   columns = ["tempo_bpm", ..]         # aspects: those that count; left out: all
//   hears = "sound"                     # or "music": on which side a person's turning finds it
//                                       # (balance.h); left out: pooled and aspects parts hear the
//                                       # sound, sequence and chroma parts the music
//
// What the kinds compare; each gives 1 for a track and itself:
// - pooled: the cosine of the means of all rows, after whitening;
// - sequence: rows minus the track's mean, whitened, in shingles of some seconds: the mean over all
//   shingles of the one track of the best cosine with a shingle of the other, and the same the
//   other way round, halved;
// - chroma: the same of the rows as they are, in the transposition that fits best when thirds of
//   shingles are averaged (Serra, Gomez and Herrera, IEEE TASLP 16, 2008, choose by whole tracks);
// - aspects: the cosine of rows whose columns are standardised over the archive. A number that may
//   be wrong (tempo, key, mode) counts as far as its confidence goes, which is no column itself; a
//   key is a place on the circle of fifths, two columns, so that B and C are as far apart as they
//   sound, and the mode is apart from it (attacca/base/aspects.h has these rules).
//
// Whitening is fitted on the archive's own rows: their mean is taken off, they are projected on
// their first principal axes, and each is divided by the square root of its variance v, or with
// shrinkage s of (1 - s) v + s (mean of all v). Where there are no more rows than dimensions, which
// would make all tracks equally far from each other, rows stay as they are.
//
// The score of two tracks is sum share_p score_p, where the shares add up to 1 and are as
// weight / (standard deviation of the part's score over pairs of the archive's tracks). So a part
// counts by its weight, not by how widely its scores happen to spread; a track and itself score 1.
// (Taking the mean off as well would move all scores alike.)
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::index {

enum class PartKind { pooled, sequence, chroma, aspects };

// What a part hears: instruments, room and recording, or what is played.
enum class Side { sound, music };

struct RecipePart {
  PartKind kind = PartKind::pooled;
  std::string representation;  // a name, "msd-musicnn"; empty: the one asked for
  double weight = 1;
  int whitening = 0;                 // dimensions that are kept; 0: none
  double shrinkage = 0;              // 0 to 1
  double shingle_s = 0;              // of ordered parts
  double step_s = 0;                 // of ordered parts; 0: every row
  int transpositions = 12;           // chroma
  double transposition_price = 0;    // chroma
  std::vector<std::string> columns;  // aspects; empty: all
  std::optional<Side> side = {};     // as `hears` has it; nullopt: by the kind

  // Compares rows in their order, and can find passages.
  bool ordered() const { return kind == PartKind::sequence || kind == PartKind::chroma; }
  Side hears() const { return side.value_or(ordered() ? Side::music : Side::sound); }

  friend bool operator==(const RecipePart&, const RecipePart&) = default;
};

enum class Answers { tracks, passages };

struct Recipe {
  std::string name;
  std::string title;
  std::string question;
  Answers answers = Answers::tracks;
  std::vector<RecipePart> parts;  // at least one; of a recipe for tracks, one that is not ordered
  std::vector<double> tempi{1};   // at which passages are looked for; not empty

  // Throws Fault::refused naming `origin` and the field.
  static Recipe parse(std::string_view toml, std::string_view origin);
  std::string toml() const;  // parse(toml()) gives an equal recipe

  // How much of the weights of its parts hears the sound, 0 to 1. nullopt where one side has no
  // weight, or the recipe answers passages: there is nothing to turn (balance.h).
  std::optional<double> sound() const;

  // Leaves it to be asked for what some part compares by.
  bool open() const;
  // Compares rows in their order in some part, and so can find passages.
  bool ordered() const;
  // One pooled part without whitening: scores are the cosines of the vectors, and nothing is
  // fitted.
  bool plain() const;

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

// Identifies everything that changes a score: 16 hex digits of SHA-256.
std::string fingerprint(const Recipe& recipe);

// The recipes that the program ships, in order of names.
std::span<const Recipe> shippedRecipes();
// Of `own` (an archive's; may be empty) and the shipped ones; an archive's own goes before a
// shipped one of its name. Throws Fault::notFound, listing the names there are.
const Recipe& findRecipe(std::string_view name, std::span<const Recipe> own = {});

// One of the representations that a person asked for: "msd-musicnn+aspects" are two.
struct Asked {
  std::string representation;
  double weight = 1;
};

// The recipe with every part that names no representation made into one for each of `asked`, which
// share its weight as theirs are. "aspects" makes a part of kind aspects. All parts of the result
// name a representation.
Recipe resolved(const Recipe& recipe, std::span<const Asked> asked);

// Names of the representations that the recipe needs, each once, in the order of parts.
std::vector<std::string> requiredRepresentations(const Recipe& recipe,
                                                 std::span<const Asked> asked);

// Under which name its snapshots are kept: the recipe's name, and of an open one "+" and each of
// `asked`, "mean-cosine+mfcc". Weights that are not equal stand behind a "_" ("+mfcc_0.5").
std::string snapshotKey(const Recipe& recipe, std::span<const Asked> asked);

}  // namespace attacca::index
