#include "character.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace attacca::archive {
namespace {

bool oneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Those who wrote in a later style than most of their age.
bool aheadOfTheirAge(std::string_view composer) {
  return oneOf(composer, {"Claude Debussy", "Maurice Ravel", "Erik Satie", "Eugène Ysaÿe",
                          "Charles Ives", "Leoš Janáček"});
}
// And in an earlier one.
bool romanticToTheEnd(std::string_view composer) {
  return oneOf(composer, {"Sergei Rachmaninoff", "Nikolai Medtner", "Fritz Kreisler", "Franz Lehár",
                          "Josef Suk", "Reinhold Glière", "Samuel Coleridge-Taylor",
                          "Ernő Dohnányi", "Max Reger", "Vítězslav Novák", "Sergei Bortkiewicz"});
}

// Conventional borders; a work or a birth near one is less sure.
struct Border {
  int year;
  Period before;
};
constexpr std::array<Border, 6> kWorkBorders = {{{1400, Period::medieval},
                                                 {1600, Period::renaissance},
                                                 {1750, Period::baroque},
                                                 {1820, Period::classical},
                                                 {1910, Period::romantic},
                                                 {1946, Period::modern}}};
constexpr std::array<Border, 6> kBirthBorders = {{{1390, Period::medieval},
                                                  {1566, Period::renaissance},
                                                  {1711, Period::baroque},
                                                  {1780, Period::classical},
                                                  {1871, Period::romantic},
                                                  {1915, Period::modern}}};

Period periodOf(int year, const std::array<Border, 6>& borders) {
  for (const Border& border : borders) {
    if (year < border.year) return border.before;
  }
  return Period::contemporary;
}

int distance(int year, const std::array<Border, 6>& borders) {
  int nearest = 1000;
  for (const Border& border : borders) nearest = std::min(nearest, std::abs(year - border.year));
  return nearest;
}

}  // namespace

void concludePeriod(ConcludedWork& work, const KnownWork* known, const Person* composer) {
  const bool dated = composer != nullptr && composer->born;
  const std::string_view name =
      composer != nullptr ? std::string_view(composer->name) : std::string_view();
  if (dated && aheadOfTheirAge(name)) {
    work.period = Period::modern;
    work.period_why = {0.85, fmt::format("{} wrote in the style of the 20th century", name)};
    return;
  }
  if (known != nullptr && known->year) {
    const int year = *known->year;
    const Period by_year = periodOf(year, kWorkBorders);
    const Period by_birth = dated ? periodOf(*composer->born, kBirthBorders) : by_year;
    work.period = by_year;
    work.period_why = {distance(year, kWorkBorders) > 8 ? 0.95 : 0.75,
                       fmt::format("composed about {}", year)};
    // Styles last longer than their age: Beethoven's late works are classical, Rachmaninoff's
    // romantic.
    const bool kept = (by_birth == Period::baroque && by_year == Period::classical) ||
                      (by_birth == Period::classical && by_year == Period::romantic) ||
                      (by_birth == Period::romantic && by_year == Period::classical) ||
                      (by_year != Period::romantic && romanticToTheEnd(name));
    const bool late_romantic = by_birth == Period::romantic && by_year == Period::modern && dated &&
                               *composer->born < 1862;
    if (kept || late_romantic) {
      work.period = romanticToTheEnd(name) || late_romantic ? Period::romantic : by_birth;
      work.period_why = {0.8, fmt::format("{} was born in {}", name, *composer->born)};
    }
    return;
  }
  if (!dated) return;
  const int born = *composer->born;
  work.period = periodOf(born, kBirthBorders);
  if (romanticToTheEnd(name)) work.period = Period::romantic;
  const int away = distance(born, kBirthBorders);
  work.period_why = {
      away >= 15  ? 0.9
      : away >= 6 ? 0.75
                  : 0.6,
      fmt::format("{} was born in {}{}", name, composer->circa ? "about " : "", born)};
}

namespace {

struct Guess {
  Instrumentation instrumentation = Instrumentation::unknown;
  double confidence = 0;
  std::string reason;
};

Guess byForm(const WorkName& name, std::string_view composer) {
  using namespace instrument;
  using enum Instrumentation;
  const Instruments set = name.instruments;
  const bool solo = (set & kSolo) != 0;
  const bool orchestral = (set & kOrchestra) != 0;
  const Instruments soloists = set & kSoloists & ~kVoice;
  const auto has = [&](std::string_view word) {
    return std::find(name.tokens.begin(), name.tokens.end(), word) != name.tokens.end();
  };
  const auto hasAny = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), has);
  };
  const auto named = [&](Instrumentation what, double confidence) {
    return Guess{what, confidence, fmt::format("the title says {}", name.form)};
  };
  if ((set & kElectronics) != 0) return {electronic, 0.85, "the title names electronics"};
  if ((set & kBand) != 0 || has("militarmusik")) return {band, 0.85, "the title names a band"};
  if (oneOf(name.form,
            {"mass", "requiem", "cantata", "oratorio", "passion", "magnificat", "gloria"}) ||
      hasAny({"stabat", "magnificat", "motet", "motette", "psalm", "vespers", "vesper", "miserere",
              "deum", "anthem", "missa"})) {
    return {choral, 0.85, "works of this kind are for a choir or several voices"};
  }
  if ((set & kChoir) != 0 && !hasAny({"chorale", "choral"}))
    return {choral, 0.8, "the title names a choir"};
  if (name.form == "opera" || hasAny({"opera", "operetta", "singspiel"}))
    return {opera, 0.85, "the title says so"};
  if (name.form == "concerto") {
    if (orchestral && soloists == 0 && (set & kStrings) == 0)
      return {orchestra, 0.8, "a concerto for orchestra"};
    if (((set & kStrings) != 0 && soloists == 0) && !has("grosso"))
      return {string_orchestra, 0.85, "a concerto for strings"};
    return named(concerto, 0.95);
  }
  if (name.form == "concertino")
    return named((set & kStrings) != 0 && soloists == 0 ? string_orchestra : concerto, 0.85);
  if (has("concertante") && name.form == "symphony") return named(concerto, 0.9);
  if (oneOf(name.form,
            {"quartet", "quintet", "trio", "duo", "sextet", "septet", "octet", "nonet"})) {
    if (orchestral || has("orchestra")) return {};
    return named(chamber, 0.92);
  }
  if (soloists != 0 && (orchestral || ((set & kStrings) != 0 && name.form != "sonata"))) {
    return {concerto, 0.88, "the title names soloists and an orchestra"};
  }
  if ((set & kVoice) != 0) return {voice, 0.8, "the title names a voice"};
  if ((set & kStrings) != 0 && (orchestral || has("for") || has("string") || has("fur"))) {
    return {string_orchestra, 0.85, "the title names strings"};
  }
  if (name.form == "symphony" || name.form == "ballet") return named(orchestra, 0.92);
  if (name.form == "overture" && name.text.find("Overture") == 0) return named(orchestra, 0.7);
  if (oneOf(name.form, {"sonata", "sonatina", "suite", "partita", "fantasy", "caprice",
                        "variations", "passacaglia", "chaconne"}) ||
      solo) {
    if ((set & kCounts) != 0 && (soloists & (kBowed | kBlown)) != 0)
      return {chamber, 0.9, "the title names several players"};
    if (solo && (soloists & kBowed) != 0)
      return {solo_strings, 0.95, "the title names one player alone"};
    if (solo && (soloists & kKeyboard) != 0)
      return {solo_keyboard, 0.95, "the title names one player alone"};
    if (solo && soloists != 0) return {solo_other, 0.9, "the title names one player alone"};
    if ((soloists & ~kKeyboard & ~kGuitar & ~kHarp) != 0) {
      if (name.form == "suite" || name.form == "partita") {
        if (composer == "Johann Sebastian Bach" || composer == "Max Reger" ||
            composer == "Benjamin Britten") {
          return {solo_strings, 0.8, "suites of this composer are for one player alone"};
        }
        return {};
      }
      if ((soloists & kKeyboard) != 0 || (set & kContinuo) != 0 ||
          oneOf(name.form, {"sonata", "sonatina"})) {
        return {chamber, 0.9, "the title names the players"};
      }
      return {};
    }
    if ((soloists & kKeyboard) != 0) return {solo_keyboard, 0.9, "the title names a keyboard"};
    if ((soloists & (kGuitar | kHarp)) != 0)
      return {solo_other, 0.85, "the title names the player"};
  }
  // Two or more players named without an orchestra.
  const Instruments others = soloists & ~kKeyboard;
  if (others != 0 && ((others & (others - 1)) != 0 || (soloists & kKeyboard) != 0 ||
                      (set & kContinuo) != 0 || (set & kCounts) != 0)) {
    return {chamber, 0.85, "the title names the players"};
  }
  if (soloists != 0 && others == 0) return {solo_keyboard, 0.8, "the title names a keyboard"};
  if ((soloists & (kGuitar | kHarp)) != 0) return {solo_other, 0.7, "the title names the player"};
  if (name.form == "song" && hasAny({"lied", "lieder", "song", "songs", "chanson"}))
    return named(voice, 0.7);
  return {};
}

// What certain composers wrote of certain forms, where the title names no players.
Guess byComposer(const WorkName& name, std::string_view composer) {
  using enum Instrumentation;
  const bool pianists_form =
      oneOf(name.form, {"nocturne", "etude", "mazurka", "impromptu", "ballade", "prelude",
                        "polonaise", "waltz", "intermezzo", "bagatelle", "sonata", "rhapsody",
                        "moment", "scherzo", "fugue", "toccata"});
  if (pianists_form && name.instruments == 0) {
    if (oneOf(composer,
              {"Frédéric Chopin", "Franz Liszt", "Alexander Scriabin", "Domenico Scarlatti"})) {
      return {solo_keyboard, 0.85,
              fmt::format("works of this form by {} are for a keyboard", composer)};
    }
    if (name.form != "sonata" &&
        oneOf(composer, {"Johannes Brahms", "Franz Schubert", "Claude Debussy",
                         "Sergei Rachmaninoff", "Robert Schumann", "Johann Sebastian Bach",
                         "Ludwig van Beethoven", "Isaac Albéniz", "Enrique Granados"})) {
      return {solo_keyboard, 0.7,
              fmt::format("most works of this form by {} are for a keyboard", composer)};
    }
  }
  if (name.form == "caprice" && composer == "Niccolò Paganini")
    return {solo_strings, 0.9, "his caprices are for violin alone"};
  if (oneOf(composer, {"Fernando Sor", "Francisco Tárrega", "Mauro Giuliani"}) &&
      name.form != "concerto") {
    return {solo_other, 0.85, fmt::format("{} wrote for the guitar", composer)};
  }
  if (oneOf(composer, {"Giovanni Pierluigi da Palestrina", "William Byrd", "Thomas Tallis",
                       "Josquin des Prez", "Tomás Luis de Victoria", "Orlande de Lassus",
                       "Hildegard of Bingen", "Guillaume Dufay", "Johannes Ockeghem"})) {
    return {choral, 0.75,
            fmt::format("most works of {} are for several voices or a choir", composer)};
  }
  if (oneOf(composer, {"Giuseppe Verdi", "Giacomo Puccini", "Vincenzo Bellini", "Gaetano Donizetti",
                       "Richard Wagner", "Pietro Mascagni"}) &&
      (name.form.empty() || name.form == "aria") && name.instruments == 0) {
    return {opera, 0.75, fmt::format("most works of {} are operas", composer)};
  }
  if (composer == "John Philip Sousa") return {band, 0.85, "he wrote for a band"};
  if (oneOf(composer, {"François Couperin", "Jean-Philippe Rameau"}) && name.form.empty())
    return {solo_keyboard, 0.5, "most of his pieces are for the harpsichord"};
  if (composer == "John Dowland" && name.form.empty())
    return {voice, 0.6, "most of his works are songs"};
  return {};
}

}  // namespace

void concludeInstrumentation(ConcludedWork& work, const KnownWork* known, const WorkName& name,
                             const Person* composer) {
  if (known != nullptr && known->instrumentation != Instrumentation::unknown) {
    work.instrumentation = known->instrumentation;
    work.instrumentation_why = {0.95, "it is a known work"};
    return;
  }
  const std::string_view who =
      composer != nullptr ? std::string_view(composer->name) : std::string_view();
  Guess guess = byForm(name, who);
  if (guess.confidence == 0) guess = byComposer(name, who);
  work.instrumentation = guess.instrumentation;
  work.instrumentation_why = {guess.confidence, std::move(guess.reason)};
}

}  // namespace attacca::archive
