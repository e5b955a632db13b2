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

void line(const char* what, double value, int of, const char* must) {
  fmt::print("{:44} {:6.4f}  of {:5}  {}\n", what, value, of, must);
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
    line("composer", score.composer.value(), score.composer.of, ">= 0.97");
    line("works, F1 of pairs", score.works.f1(), score.works.wanted, ">= 0.98");
    line("works, precision", score.works.precision(), score.works.found, "");
    line("works across albums, recall", score.works_across.recall(), score.works_across.wanted,
         ">= 0.9");
    line("movement number, stated or from order", score.movement_number.value(),
         score.movement_number.of, ">= 0.97");
    line("movement number given where there is none", score.number_where_none.value(),
         score.number_where_none.of, "<= 0.03");
    line("arranger", score.arranger.value(), score.arranger.of, ">= 0.85");
    for (const std::string& error : score.errors) fmt::print("  {}\n", error);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "score_catalogue: {}\n", error.what());
    return 1;
  }
}
