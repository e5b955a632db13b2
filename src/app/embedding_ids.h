// What the rows of a matrix of embeddings are of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "attacca/archive/catalogue.h"

namespace attacca::app {

// As it is written; empty where a column is missing.
struct EmbeddingId {
  std::int64_t line = 0;
  std::string audio_hash;
  std::string catalogue_id;
  std::string track_id;
  std::optional<std::int64_t> clip;  // from 0; none where it is not such a number
};

struct EmbeddingIds {
  std::vector<EmbeddingId> rows;
  bool has_clips = false;
};

// Reads CSV whose first line names its columns. Throws Fault::refused naming the line.
EmbeddingIds readEmbeddingIds(const std::filesystem::path& file);

// Finds the recording that a row names. The audio hash says it in any archive; else the catalogue's
// id; a track's id is only looked at where it stands alone, since every archive gives its own.
class RecordingFinder {
 public:
  explicit RecordingFinder(const archive::Catalogue& catalogue);

  struct Found {
    std::optional<AudioHash> hash;
    std::string problem;  // why there is none
  };
  Found find(const EmbeddingId& id) const;

 private:
  struct Known {
    AudioHash hash;
    bool heard = false;
    bool ambiguous = false;
  };
  static Found found(const std::map<std::string, Known>& among, const std::string& id,
                     std::string_view what);

  std::unordered_set<AudioHash> hashes_;
  std::map<std::string, Known> by_catalogue_;
  std::map<std::string, Known> by_track_;
};

}  // namespace attacca::app
