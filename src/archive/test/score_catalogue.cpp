// script/score-catalogue: concludes from a catalogue's rows and compares with a careful reader's
// gold.
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "scoring.h"

namespace {

using namespace attacca::archive;

std::string names(const std::vector<Credit>& credits) {
  std::string text;
  for (const Credit& credit : credits) text += (text.empty() ? "" : ";") + credit.name;
  return text;
}

void writePredictions(const Conclusions& conclusions, const char* path) {
  std::ofstream file(path);
  const auto quoted = [](const std::string& text) {
    std::string field = "\"";
    for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
    return field + '"';
  };
  file << "track_id,composer,work_id,movement_no,arranger\n";
  for (const ConcludedTrack& track : conclusions.tracks) {
    file << track.id << ',' << quoted(names(track.composers)) << ','
         << (track.work ? quoted(conclusions.works[*track.work].key) : std::string()) << ','
         << (track.movement_number ? std::to_string(*track.movement_number) : std::string()) << ','
         << quoted(names(track.arrangers)) << '\n';
  }
}

void line(const testing::Figure& figure) {
  const std::string must =
      figure.must ? fmt::format("{} {:.2f}", figure.at_most ? "<=" : ">=", *figure.must) : "";
  fmt::print("{:44} {:6.4f}  of {:5}  {:8}{}\n", figure.what, figure.value, figure.of, must,
             figure.reached() ? "" : "  missed");
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    fmt::print(stderr, "usage: score_catalogue ROWS GOLD [PREDICTIONS]\n");
    return 2;
  }
  try {
    const auto rows = testing::readCatalogue(arguments[1]);
    const auto tracks = testing::writtenTracks(rows);
    const Conclusions conclusions = conclude(tracks);
    if (count > 3) writePredictions(conclusions, arguments[3]);
    const testing::Score score = testing::score(rows, conclusions, testing::readCsv(arguments[2]));
    fmt::print("{} tracks that the gold is sure of\n", score.tracks);
    std::string missed;
    for (const testing::Figure& figure : testing::figures(score)) {
      line(figure);
      if (!figure.reached()) missed += (missed.empty() ? "" : "; ") + std::string(figure.what);
    }
    for (const std::string& error : score.errors) fmt::print("  {}\n", error);
    if (missed.empty()) return 0;
    fmt::print(stderr, "score_catalogue: {} misses what it must reach: {}\n", arguments[1], missed);
    return 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "score_catalogue: {}\n", error.what());
    return 1;
  }
}
