// Embeddings as files that numpy reads, out of an archive and into it.
//
// An export is a folder:
//   embeddings.npy   rows x dimension, float32
//   ids.csv          what each row is of, in the order of the rows, below a line that names the
//                    columns: audio_hash, track_id, catalogue_id and, where a row is one clip, clip
//                    (from 0)
//   provenance.json  whose numbers they are: representation, manifest, program, time, counts
// An import takes the same. Of the ids one column is enough; rows count from 0, as in numpy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/app/archive_folder.h"
#include "attacca/app/representations.h"
#include "attacca/archive/catalogue.h"
#include "attacca/base/blob.h"
#include "attacca/base/clock.h"
#include "attacca/base/progress.h"

namespace attacca::app {

// What the embeddings of one version of a representation take.
struct EmbeddingUse {
  std::string versioned_name;
  std::size_t recordings = 0;
  std::uint64_t bytes = 0;
};
// All that there are, in order of names.
std::vector<EmbeddingUse> embeddingUse(const Blobs& blobs);

struct EmbeddingsExported {
  std::size_t rows = 0;
  std::size_t tracks = 0;
  std::size_t missing = 0;            // heard tracks without an embedding of it
  std::vector<std::string> problems;  // embeddings that could not be used
};

struct ExportedAs {
  bool clips = false;   // a row for each clip, else the mean of a track's clips
  std::string program;  // for the provenance: "attacca 0.1.0"
};

// Writes `output`, whole or not at all: one row (or its clips, in order) for each track that is not
// removed, in order of ids. Throws Fault::usage where `output` holds something already,
// Fault::notFound where no track has an embedding.
EmbeddingsExported exportEmbeddings(const archive::Catalogue& catalogue, const Blobs& blobs,
                                    const InstalledRepresentation& representation,
                                    const std::filesystem::path& output, const ExportedAs& as,
                                    const Clock& clock, Progress& progress,
                                    const std::stop_token& stop);

struct EmbeddingsToImport {
  std::filesystem::path matrix;  // .npy
  std::filesystem::path ids;     // CSV
  std::string representation;    // name, or versioned name
  // A manifest (TOML) or the provenance of an export (JSON); not needed for a representation whose
  // embeddings were imported before, or that is known to be computed elsewhere.
  std::optional<std::filesystem::path> about;
  bool replace = false;  // embeddings that differ from those that are there
};

// What they would be taken in as. Throws Fault::notFound for a representation that nobody
// described, Fault::usage where its name and the description disagree, Fault::refused for a
// description that cannot be used.
InstalledRepresentation representationToImport(const ArchiveFolder& archive,
                                               const EmbeddingsToImport& what);

struct RefusedEmbedding {
  std::size_t row = 0;    // of the matrix, from 0
  std::int64_t line = 0;  // of the ids, from 1
  std::string reason;
};

struct EmbeddingsImported {
  InstalledRepresentation representation;
  std::size_t rows = 0;
  std::size_t added = 0;     // recordings
  std::size_t known = 0;     // had this embedding already
  std::size_t replaced = 0;  // had another one
  std::vector<RefusedEmbedding> refused;
};

// Takes in what can be used and lists the rest, row by row. A recording is taken whole: one clip
// that cannot be used keeps its others out. The caller holds the writer lock; killed at any moment,
// the next call ends with the same bytes. Throws Fault::refused for a matrix of another dimension,
// ids that do not fit its rows, or means of tracks where clips are kept, and what
// representationToImport throws.
EmbeddingsImported importEmbeddings(const archive::Catalogue& catalogue, Blobs& blobs,
                                    const ArchiveFolder& archive, const EmbeddingsToImport& what,
                                    Progress& progress, const std::stop_token& stop);

}  // namespace attacca::app
