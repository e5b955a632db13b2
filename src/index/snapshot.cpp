#include "attacca/index/snapshot.h"

#include <algorithm>
#include <array>
#include <cassert>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "aspect_columns.h"
#include "fold.h"
#include "score_kernels.h"
#include "snapshot_state.h"

namespace attacca::index {
namespace {

constexpr std::string_view kRemedy =
    "make the snapshot again with attacca add, or restore a backup";

// A missing file of a snapshot is damage, not an absence that someone may ask for.
FileBytes readPart(const Blobs& blobs, const std::string& key) {
  try {
    return blobs.read(key);
  } catch (const Error& error) {
    if (error.fault() != Fault::notFound) throw;
    throw Error(Fault::corrupt, fmt::format("{} is missing", key), std::string(kRemedy));
  }
}

SnapshotManifest readManifest(const Blobs& blobs, std::string_view recipe, std::int64_t version) {
  const std::string key = fileKey(versionFolder(recipe, version), kManifestFile);
  SnapshotManifest manifest = decodeManifest(readPart(blobs, key).text(), key);
  if (manifest.info.version != version || manifest.info.recipe != recipe) {
    throw Error(Fault::corrupt,
                fmt::format("{} is the manifest of version {} of {}", key, manifest.info.version,
                            manifest.info.recipe),
                std::string(kRemedy));
  }
  return manifest;
}

FileBytes readChecked(const Blobs& blobs, const SnapshotManifest& manifest,
                      const std::string& folder, std::string_view name) {
  const std::string key = fileKey(folder, name);
  const ManifestFile* entry = manifest.find(name);
  if (entry == nullptr) {
    throw Error(Fault::corrupt, fmt::format("{}{} does not list {}", folder, kManifestFile, name),
                std::string(kRemedy));
  }
  FileBytes file = readPart(blobs, key);
  if (file.size() != entry->size) {
    throw Error(Fault::corrupt,
                fmt::format("{} has {} bytes instead of {}", key, file.size(), entry->size),
                std::string(kRemedy));
  }
  return file;
}

constexpr auto kAny = static_cast<std::size_t>(-1);  // as many as there are

template <class T>
MatrixView<T> readMatrix(const Blobs& blobs, const SnapshotManifest& manifest,
                         const std::string& folder, std::string_view name, std::size_t rows,
                         std::size_t cols, std::vector<FileBytes>& files) {
  files.push_back(readChecked(blobs, manifest, folder, name));
  const std::string key = fileKey(folder, name);
  MatrixView<T> view;
  try {
    view = npyView<T>(files.back(), key);
  } catch (const Error& error) {
    throw Error(error.fault(), error.problem(), std::string(kRemedy));
  }
  if (rows == kAny) rows = view.rows;
  if (cols == kAny) cols = view.cols;
  if (view.rows != rows || view.cols != cols) {
    throw Error(Fault::corrupt,
                fmt::format("{} has {} x {} elements instead of {} x {}", key, view.rows, view.cols,
                            rows, cols),
                std::string(kRemedy));
  }
  return view;
}

void checkOffsets(std::span<const std::int64_t> offsets, std::size_t rows, std::string_view name) {
  bool good = offsets.front() == 0 && offsets.back() == static_cast<std::int64_t>(rows);
  for (std::size_t i = 1; i < offsets.size(); ++i) good &= offsets[i - 1] <= offsets[i];
  if (good) return;
  throw Error(Fault::corrupt, fmt::format("{} does not say where tracks begin", name),
              std::string(kRemedy));
}

// What a snapshot has beside vectors and their neighbours.
void readParts(const Blobs& blobs, Snapshot::State& state) {
  const SnapshotManifest& manifest = state.manifest;
  const std::string& folder = state.folder;
  const auto& infos = manifest.info.parts;
  const auto matrix = [&]<class T>(MatrixView<T>& view, std::string_view name, std::size_t rows,
                                   std::size_t cols) {
    view = readMatrix<T>(blobs, manifest, folder, name, rows, cols, state.files);
  };
  state.fits.resize(infos.size());
  state.frames.resize(infos.size());
  state.fused.vectors = state.vectors;
  if (manifest.find(kRecipeFile) == nullptr) {
    state.recipe.name = manifest.info.recipe;
    RecipePart& part = state.recipe.parts.emplace_back();
    part.representation =
        infos.front().representation.substr(0, infos.front().representation.find('@'));
    return;
  }
  const std::string key = fileKey(folder, kRecipeFile);
  try {
    state.recipe = Recipe::parse(readChecked(blobs, manifest, folder, kRecipeFile).text(), key);
  } catch (const Error& error) {
    throw Error(Fault::corrupt, error.problem(), std::string(kRemedy));
  }
  const bool agree =
      std::equal(infos.begin(), infos.end(), state.recipe.parts.begin(), state.recipe.parts.end(),
                 [](const SnapshotPart& a, const RecipePart& b) { return a.kind == b.kind; });
  if (!agree) {
    throw Error(Fault::corrupt, fmt::format("{} has other parts than {}", key, kManifestFile),
                std::string(kRemedy));
  }
  MatrixView<std::int64_t> references;
  matrix(references, kReferencesFile, kAny, 1);
  state.references = references.all();
  double ordered_share = 0;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const RecipePart& part = state.recipe.parts[i];
    std::size_t columns = infos[i].dimension;
    if (manifest.find(partFile(i, "fit")) != nullptr) {
      MatrixView<float> table;
      if (part.kind == PartKind::aspects) {
        columns = AspectColumns(infos[i].columns).widened(columns);
      }
      matrix(table, partFile(i, "fit"), kAny, columns);
      state.fits[i] = Fit(table);
      columns = state.fits[i].columns(columns);
    }
    if (!part.ordered()) continue;
    FramesView& frames = state.frames[i];
    MatrixView<std::int64_t> offsets;
    matrix(frames.codes, partFile(i, "frames"), kAny, columns);
    matrix(offsets, partFile(i, "offsets"), state.ids.size() + 1, 1);
    frames.offsets = offsets.all();
    checkOffsets(frames.offsets, frames.codes.rows, fileKey(folder, partFile(i, "offsets")));
    if (infos[i].share == 0) continue;
    state.fused.ordered.push_back({part.kind, infos[i].rows_per_second,
                                   ShinglePart(part, infos[i].rows_per_second), frames,
                                   infos[i].share});
    ordered_share += infos[i].share;
  }
  state.fused.vectors_share = std::max(0.0, 1 - ordered_share);
  if (state.fused.ordered.empty()) return;
  MatrixView<float> means;
  matrix(means, kOrderedMeansFile, state.ids.size(), 1);
  state.ordered_means = means.all();
}

}  // namespace

Snapshot::Snapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}
Snapshot::~Snapshot() = default;

std::shared_ptr<const Snapshot> Snapshot::openCurrent(const Blobs& blobs, std::string_view recipe) {
  std::optional<std::int64_t> version = currentVersion(blobs, recipe);
  while (version) {
    try {
      return open(blobs, recipe, *version);
    } catch (const Error&) {
      // Between the two steps a writer may have replaced the version and removed its files.
      const auto now = currentVersion(blobs, recipe);
      if (now == version) throw;
      version = now;
    }
  }
  return nullptr;
}

std::shared_ptr<const Snapshot> Snapshot::open(const Blobs& blobs, std::string_view recipe,
                                               std::int64_t version) {
  auto state = std::make_unique<State>();
  state->folder = versionFolder(recipe, version);
  state->manifest = readManifest(blobs, recipe, version);
  const SnapshotManifest& manifest = state->manifest;
  const std::string& folder = state->folder;
  const std::size_t tracks = manifest.info.tracks;
  const std::size_t dimension = manifest.info.dimension;

  const std::string ids_key = fileKey(folder, kIdsFile);
  state->ids = decodeIds(readChecked(blobs, manifest, folder, kIdsFile).text(), ids_key);
  if (state->ids.size() != tracks) {
    throw Error(Fault::corrupt,
                fmt::format("{} has {} ids instead of {}", ids_key, state->ids.size(), tracks),
                std::string(kRemedy));
  }
  std::vector<FileBytes>& files = state->files;
  files.push_back(readChecked(blobs, manifest, folder, kCatalogueFile));
  const auto matrix = [&]<class T>(MatrixView<T>& view, std::string_view name, std::size_t rows,
                                   std::size_t cols) {
    view = readMatrix<T>(blobs, manifest, folder, name, rows, cols, files);
  };
  const std::size_t columns = neighbourColumns(tracks);
  matrix(state->vectors, kVectorsFile, tracks, dimension);
  matrix(state->groups, kGroupsFile, tracks, kGroupColumns);
  matrix(state->neighbours, kNeighboursFile, tracks, columns);
  matrix(state->neighbour_scores, kNeighbourScoresFile, tracks, columns);
  matrix(state->centrality, kCentralityFile, tracks, 1);
  matrix(state->centre, kCentreFile, dimension, 1);
  matrix(state->codes, kCodesFile, tracks, codeStride(dimension));
  matrix(state->code_bounds, kCodeBoundsFile, tracks, 2);
  readParts(blobs, *state);
  state->catalogue = files.front().text();  // the vector no longer grows, so this stays
  return std::shared_ptr<const Snapshot>(new Snapshot(std::move(state)));
}

const SnapshotInfo& Snapshot::info() const { return state_->manifest.info; }
const Recipe& Snapshot::recipe() const { return state_->recipe; }
bool Snapshot::vectorsOnly() const { return state_->fused.ordered.empty(); }
std::span<const TrackId> Snapshot::ids() const { return state_->ids; }

std::optional<Row> Snapshot::row(TrackId id) const {
  const auto& ids = state_->ids;
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) return std::nullopt;
  return static_cast<Row>(at - ids.begin());
}

Groups Snapshot::groups(Row row) const {
  const auto values = state_->groups.row(static_cast<std::size_t>(row));
  return {{values[0]}, {values[1]}, {values[2]}, values[3], values[4]};
}

MatrixView<float> Snapshot::vectors() const { return state_->vectors; }

std::span<const float> Snapshot::vector(Row row) const {
  return state_->vectors.row(static_cast<std::size_t>(row));
}

std::span<const Row> Snapshot::neighbours(Row row) const {
  auto rows = state_->neighbours.row(static_cast<std::size_t>(row));
  while (!rows.empty() && rows.back() == -1) rows = rows.first(rows.size() - 1);
  // Checked here, where they are about to be followed, and not for all rows when opening.
  const auto tracks = static_cast<std::uint32_t>(size());
  bool good = true;
  for (const Row other : rows) good &= static_cast<std::uint32_t>(other) < tracks;
  if (!good) {
    throw Error(Fault::corrupt,
                fmt::format("{}{} has a neighbour of row {} that is not a row", state_->folder,
                            kNeighboursFile, row),
                std::string(kRemedy));
  }
  return rows;
}

std::span<const float> Snapshot::neighbourScores(Row row) const {
  return state_->neighbour_scores.row(static_cast<std::size_t>(row)).first(neighbours(row).size());
}

float Snapshot::centrality(Row row) const {
  return state_->centrality.data[static_cast<std::size_t>(row)];
}

void Snapshot::scores(Row row, std::span<const Row> others, std::span<float> scores) const {
  assert(others.size() == scores.size());
  if (!vectorsOnly()) {
    FusedScorer scorer(state_->fused);
    scorer.begin(row);
    for (std::size_t i = 0; i < others.size(); ++i) scores[i] = scorer.score(others[i]);
    return;
  }
  constexpr std::size_t kBlock = 64;
  const float* const own = vector(row).data();
  std::array<const float*, kBlock> block;
  for (std::size_t begin = 0; begin < others.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, others.size() - begin);
    for (std::size_t i = 0; i < count; ++i) block[i] = vector(others[begin + i]).data();
    scorePairs({&own, 1}, {block.data(), count}, info().dimension, scores.data() + begin);
  }
}

void Snapshot::estimates(Row row, std::span<const Row> others, std::span<float> estimates) const {
  assert(others.size() == estimates.size());
  if (vectorsOnly()) return scores(row, others, estimates);
  const float* const own = vector(row).data();
  const auto mean = [&](Row of) {
    return static_cast<double>(state_->ordered_means[static_cast<std::size_t>(of)]);
  };
  for (std::size_t i = 0; i < others.size(); ++i) {
    const float* const other = vector(others[i]).data();
    float cosine = 0;
    scorePairs({&own, 1}, {&other, 1}, info().dimension, &cosine);
    estimates[i] =
        static_cast<float>(std::clamp(state_->fused.vectors_share * static_cast<double>(cosine) +
                                          (mean(row) + mean(others[i])) / 2,
                                      -1.0, 1.0));
  }
}

std::vector<float> Snapshot::vectorOf(std::span<const std::vector<float>> pooled) const {
  return foldVectors(info().parts, state_->fits, pooled);
}

std::vector<std::string> Snapshot::unwhitened() const {
  std::vector<std::string> names;
  const auto& parts = recipe().parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& name = parts[i].representation;
    if (parts[i].whitening == 0 || !state_->fits[i].identity()) continue;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::span<const float> Snapshot::centre() const { return state_->centre.all(); }
std::string_view Snapshot::catalogue() const { return state_->catalogue; }

void verifySnapshot(const Blobs& blobs, std::string_view recipe, std::int64_t version) {
  const std::string folder = versionFolder(recipe, version);
  const SnapshotManifest manifest = readManifest(blobs, recipe, version);
  for (const ManifestFile& entry : manifest.files) {
    const FileBytes file = readChecked(blobs, manifest, folder, entry.name);
    if (sha256(file.bytes()) != entry.sha256) {
      throw Error(
          Fault::corrupt,
          fmt::format("{}{} is not what was written: its sha256 differs", folder, entry.name),
          std::string(kRemedy));
    }
  }
  const auto snapshot = Snapshot::open(blobs, recipe, version);
  for (std::size_t i = 0; i < snapshot->size(); ++i) {
    static_cast<void>(snapshot->neighbours(static_cast<Row>(i)));
  }
}

}  // namespace attacca::index
