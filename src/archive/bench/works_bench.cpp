// How long conclude() takes for a large catalogue, on one core:
//   works_bench [tracks, 100000]
// The median of five runs, in processor time. The catalogue is made up: albums of works of one to
// five movements by known and unknown composers, each title spelled in one of several ways.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "attacca/archive/works.h"

namespace {

using attacca::archive::WrittenTrack;

std::vector<WrittenTrack> madeUpCatalogue(std::size_t count) {
  constexpr std::array kComposers = {"W.A. Mozart",     "Bach, J.S.",     "Ludwig van Beethoven",
                                     "A. Vivaldi",      "P. Tchaikovsky", "Antonin Dvorak",
                                     "Brahms",          "Franz Schubert", "Haydn",
                                     "F. Mendelssohn",  "R. Schumann",    "Dmitri Shostakovich",
                                     "S. Prokofieff",   "Grieg",          "Sarasate",
                                     "G. Ph. Telemann", "Boccherini",     "Saint-Saens",
                                     "Debussy",         "Bela Bartok"};
  constexpr std::array kForms = {"Sonata",   "Concerto",    "String Quartet", "Symphony",
                                 "Suite",    "Trio",        "Serenade",       "Prelude",
                                 "Fantasia", "Divertimento"};
  constexpr std::array kFor = {"", " for Violin", " for Cello and Piano", " for 2 Violins",
                               " for Strings"};
  constexpr std::array kKeys = {
      " in C major", " in G minor", " in E-flat major", " in A minor", " in D", " h-Moll", ""};
  constexpr std::array kTempi = {"Allegro con brio", "Adagio molto", "Menuetto. Allegretto",
                                 "Finale: Presto", "Andante cantabile"};
  constexpr std::array kNumerals = {"I", "II", "III", "IV", "V"};
  constexpr std::array kNames = {"\"Aurora\"", "\"Night Pieces\"", "\"La tempesta\"", ""};
  std::mt19937 random(20261124);
  std::vector<WrittenTrack> tracks;
  tracks.reserve(count);
  std::int64_t album = 0;
  while (tracks.size() < count) {
    ++album;
    int position = 0;
    for (int piece = 0; piece < 4 && tracks.size() < count; ++piece) {
      const std::size_t who = random() % 300;
      const std::string composer =
          who < 200 ? kComposers[who % kComposers.size()] : fmt::format("A. Maker{}", who);
      const std::size_t opus = 1 + random() % 150;
      std::string work =
          fmt::format("{}{}", kForms[random() % kForms.size()], kFor[random() % kFor.size()]);
      if (random() % 2 == 0) work += fmt::format(" No. {}", 1 + random() % 12);
      work += kKeys[random() % kKeys.size()];
      if (random() % 3 == 0) work += fmt::format(" {}", kNames[random() % kNames.size()]);
      if (random() % 3 != 0) work += fmt::format(", Op. {}", opus);
      const std::size_t movements = 1 + random() % 5;
      const bool roman = random() % 2 == 0;
      for (std::size_t m = 0; m < movements && tracks.size() < count; ++m) {
        WrittenTrack track;
        track.id = static_cast<std::int64_t>(tracks.size());
        track.album = album;
        track.position = ++position;
        track.album_title = fmt::format("Album {}", album);
        track.composers = {composer};
        track.title = movements == 1 ? work
                      : roman        ? fmt::format("{}: {}. {}", work, kNumerals[m], kTempi[m])
                                     : fmt::format("{} - {}", work, kTempi[m]);
        tracks.push_back(std::move(track));
      }
    }
  }
  return tracks;
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t tracks = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 100000;
  const std::vector<WrittenTrack> catalogue = madeUpCatalogue(tracks);
  std::vector<double> seconds;
  std::size_t works = 0;
  for (int run = 0; run < 5; ++run) {
    const std::clock_t start = std::clock();
    works = attacca::archive::conclude(catalogue).works.size();
    seconds.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::sort(seconds.begin(), seconds.end());
  fmt::print("conclude, {} tracks ({} works): {:.2f} s\n", tracks, works,
             seconds[seconds.size() / 2]);
  return 0;
}
