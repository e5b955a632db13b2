// How far conclusions agree with a careful reader's: the figures of script/score-catalogue.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "attacca/archive/works.h"

namespace attacca::archive::testing {

using CsvRow = std::map<std::string, std::string>;
// Rows of a CSV file by the names of its header. Throws std::runtime_error if it cannot be read.
std::vector<CsvRow> readCsv(const std::filesystem::path& path);

// A catalogue's rows as CSV, or as JSON of an array of objects with the same names.
std::vector<CsvRow> readCatalogue(const std::filesystem::path& path);
std::vector<WrittenTrack> writtenTracks(const std::vector<CsvRow>& rows);

struct Share {
  int hits = 0, of = 0;
  void add(bool hit) {
    hits += hit ? 1 : 0;
    ++of;
  }
  double value() const { return of == 0 ? 0 : static_cast<double>(hits) / of; }
};

// Pairs of tracks put into one work.
struct Pairs {
  int found = 0, right = 0, wanted = 0;
  double precision() const { return found == 0 ? 1 : static_cast<double>(right) / found; }
  double recall() const { return wanted == 0 ? 1 : static_cast<double>(right) / wanted; }
  double f1() const {
    return precision() + recall() == 0 ? 0 : 2 * precision() * recall() / (precision() + recall());
  }
};

struct Score {
  int tracks = 0;
  Share composer;  // all of them, by canonical name
  Pairs works;
  Pairs works_across;     // pairs from different albums
  Share movement_number;  // stated in the title, or clear from the order
  Share number_where_none;
  Share arranger;                   // where there is one, or one was concluded
  std::vector<std::string> errors;  // a line each
};

// `gold` has the columns of test/data/catalogue_gold.csv, and perhaps `composer_also_ok`, other
// names that its author takes for the same ("A;B|C"); rows that it is unsure of are left out.
Score score(const std::vector<CsvRow>& rows, const Conclusions& conclusions,
            const std::vector<CsvRow>& gold);

// One line of the table, and what it must be on rows that nobody saw while the rules were made.
struct Figure {
  const char* what = "";
  double value = 0;
  int of = 0;
  std::optional<double> must;
  bool at_most = false;
  bool reached() const { return !must || of == 0 || (at_most ? value <= *must : value >= *must); }
};
std::vector<Figure> figures(const Score& score);

}  // namespace attacca::archive::testing
