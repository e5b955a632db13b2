#include <algorithm>
#include <cassert>
#include <charconv>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/pooling.h"

#include "neighbours.h"
#include "part_data.h"
#include "snapshot_state.h"
#include "unit_vector.h"

namespace attacca::index {
namespace {

template <class T>
std::string_view textOf(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// The tracks in the order of the snapshot's rows.
struct Rows {
  std::vector<TrackId> ids;
  std::vector<std::size_t> order;    // of each row, its index among the tracks
  std::vector<std::int64_t> groups;  // x kGroupColumns
  std::string catalogue;
};

Rows sortedRows(std::span<const SnapshotTrack> tracks) {
  Rows rows;
  rows.order.resize(tracks.size());
  std::iota(rows.order.begin(), rows.order.end(), std::size_t{0});
  std::sort(rows.order.begin(), rows.order.end(),
            [&](std::size_t a, std::size_t b) { return tracks[a].id < tracks[b].id; });
  rows.catalogue += '[';
  for (std::size_t i = 0; i < rows.order.size(); ++i) {
    const SnapshotTrack& track = tracks[rows.order[i]];
    assert(track.id.value > 0 && (rows.ids.empty() || rows.ids.back() < track.id));
    rows.ids.push_back(track.id);
    const Groups& groups = track.groups;
    rows.groups.insert(rows.groups.end(),
                       {groups.album.value, groups.work.value, groups.recording.value,
                        groups.performance, groups.movement});
    rows.catalogue += i == 0 ? "\n" : ",\n";
    rows.catalogue += track.catalogue_entry;
  }
  rows.catalogue += "\n]\n";
  return rows;
}

// The version to go on from.
struct Current {
  std::shared_ptr<const Snapshot> snapshot;  // null where there is none, or it fails its checks
  std::optional<std::int64_t> version;       // worth keeping beside the new one
};

Current openChecked(const Blobs& blobs, std::string_view recipe) {
  Current current;
  try {
    current.snapshot = Snapshot::openCurrent(blobs, recipe);
    if (current.snapshot) {
      verifySnapshot(blobs, recipe, current.snapshot->info().version);
      current.version = current.snapshot->info().version;
    }
  } catch (const Error& error) {
    if (error.fault() != Fault::corrupt) throw;
    current.snapshot = nullptr;  // made anew from what the tracks say
  }
  return current;
}

bool sameAs(const Snapshot::State& state, const PartData& data, const Rows& rows) {
  return !data.fitted_anew && state.manifest.info.parts == data.parts &&
         std::ranges::equal(state.ids, rows.ids) && state.catalogue == rows.catalogue &&
         textOf(state.groups.all()) == textOf(std::span<const std::int64_t>(rows.groups)) &&
         textOf(state.vectors.all()) == textOf(std::span<const float>(data.vectors)) &&
         std::equal(state.frames.begin(), state.frames.end(), data.frames.begin(),
                    data.frames.end(), [](const FramesView& a, const Frames& b) {
                      return textOf(a.codes.all()) ==
                                 textOf(std::span<const std::int8_t>(b.codes)) &&
                             (a.offsets.empty() || std::ranges::equal(a.offsets, b.offsets));
                    });
}

// The cosine of a row to the sum of all is the sum of its cosines to all, its own among them.
std::vector<float> centralities(MatrixView<float> vectors) {
  std::vector<double> sum(vectors.cols);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = vectors.row(i);
    for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += static_cast<double>(row[j]);
  }
  std::vector<float> result(vectors.rows);
  if (vectors.rows < 2) return result;
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = vectors.row(i);
    double all = 0;
    double own = 0;
    for (std::size_t j = 0; j < sum.size(); ++j) {
      const auto value = static_cast<double>(row[j]);
      all += value * sum[j];
      own += value * value;
    }
    const double mean = (all - own) / static_cast<double>(vectors.rows - 1);
    result[i] = static_cast<float>(std::clamp(mean, -1.0, 1.0));
  }
  return result;
}

class Publication {
 public:
  Publication(Blobs& blobs, std::string folder, SnapshotInfo info)
      : blobs_(blobs), folder_(std::move(folder)) {
    manifest_.info = std::move(info);
  }

  void write(std::string_view name, std::string_view head, std::string_view content) {
    const auto writer = blobs_.create(fileKey(folder_, name));
    Sha256 hash;
    for (const std::string_view text : {head, content}) {
      writer->write(std::as_bytes(std::span(text)));
      hash.update(text);
    }
    writer->commit();
    manifest_.files.push_back({std::string(name), head.size() + content.size(), hash.finish()});
  }

  // `cols` 0 for one dimension.
  template <class T>
  void writeMatrix(std::string_view name, std::size_t rows, std::size_t cols,
                   std::span<const T> values) {
    assert(values.size() == rows * std::max<std::size_t>(cols, 1));
    write(name, npyHeader<T>(rows, cols), textOf(values));
  }

  void finish() { blobs_.put(fileKey(folder_, kManifestFile), encodeManifest(manifest_)); }

  const SnapshotInfo& info() const { return manifest_.info; }

 private:
  Blobs& blobs_;
  std::string folder_;
  SnapshotManifest manifest_;
};

// All versions of which something is there, ascending.
std::set<std::int64_t> presentVersions(const Blobs& blobs, std::string_view recipe) {
  const std::string folder = recipeFolder(recipe);
  std::set<std::int64_t> versions;
  for (const BlobInfo& blob : blobs.list(folder)) {
    if (!blob.key.starts_with(folder)) continue;
    const std::string_view rest = std::string_view(blob.key).substr(folder.size());
    std::int64_t version = 0;
    const auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), version);
    if (fault == std::errc{} && end != rest.data() + rest.size() && *end == '/')
      versions.insert(version);
  }
  return versions;
}

void removeOthers(Blobs& blobs, std::string_view recipe, std::int64_t current,
                  std::optional<std::int64_t> previous) {
  for (const std::int64_t version : presentVersions(blobs, recipe)) {
    if (version == current || version == previous) continue;
    for (const BlobInfo& blob : blobs.list(versionFolder(recipe, version))) blobs.remove(blob.key);
  }
}

// The plain recipe's: of one set of vectors, nothing is fitted.
PartData plainData(std::string_view representation, const Rows& rows, MatrixView<float> vectors,
                   const Snapshot* current) {
  PartData data;
  data.parts = {{PartKind::pooled, std::string(representation), vectors.cols, 0, 1}};
  data.fits.resize(1);
  data.frames.resize(1);
  data.tracks = vectors.rows;
  data.dimension = vectors.cols;
  data.vectors.resize(vectors.rows * vectors.cols);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    makeUnit(vectors.row(rows.order[i]), {data.vectors.data() + i * vectors.cols, vectors.cols});
  }
  data.fitted_anew = current == nullptr || !current->recipe().plain();
  return data;
}

void writeParts(Publication& publication, const Recipe& recipe, const PartData& data) {
  if (recipe.plain()) return;
  publication.write(kRecipeFile, {}, recipe.toml());
  std::vector<std::int64_t> references;
  for (const TrackId id : data.references) references.push_back(id.value);
  publication.writeMatrix<std::int64_t>(kReferencesFile, references.size(), 0, references);
  for (std::size_t i = 0; i < data.parts.size(); ++i) {
    if (!data.fits[i].identity()) {
      const MatrixView<float> table = data.fits[i].table();
      publication.writeMatrix<float>(partFile(i, "fit"), table.rows, table.cols, table.all());
    }
    if (!recipe.parts[i].ordered()) continue;
    const FramesView frames = data.frames[i].view();
    publication.writeMatrix<std::int8_t>(partFile(i, "frames"), frames.codes.rows,
                                         frames.codes.cols, frames.codes.all());
    publication.writeMatrix<std::int64_t>(partFile(i, "offsets"), frames.offsets.size(), 0,
                                          frames.offsets);
  }
  if (!data.ordered_means.empty() || !data.packed.empty()) {
    publication.writeMatrix<float>(kOrderedMeansFile, data.tracks, 0, data.ordered_means);
  }
}

SnapshotInfo publish(Blobs& blobs, std::string_view key, const Recipe& recipe, const Rows& rows,
                     const PartData& data, const Current& current, UnixTime now, unsigned jobs) {
  if (current.snapshot && sameAs(current.snapshot->state(), data, rows)) {
    return current.snapshot->info();
  }
  const MatrixView<float> vectors = data.vectorView();
  std::optional<EarlierTable> earlier;
  if (current.snapshot && !data.fitted_anew &&
      current.snapshot->info().dimension == data.dimension) {
    const Snapshot::State& state = current.snapshot->state();
    auto unchanged = unchangedRows(state, rows.ids, vectors, data.frames);
    earlier = {state.neighbours, state.neighbour_scores, std::move(unchanged.row_now),
               std::move(unchanged.row_then)};
  }
  const EarlierTable* const known = earlier ? &*earlier : nullptr;
  const FusedParts fused = data.fused(recipe);
  std::optional<EarlierFused> known_fused;
  if (known != nullptr) known_fused.emplace(*known, current.snapshot->state().fused);
  const NeighbourTable table =
      fused.ordered.empty()
          ? makeNeighbourTable(vectors, known, jobs)
          : makeFusedTable(fused, data.packed, known_fused ? &*known_fused : nullptr, jobs);
  std::vector<float> centrality = centralities(vectors);
  for (std::size_t i = 0; i < data.ordered_means.size(); ++i) {
    centrality[i] = static_cast<float>(fused.vectors_share * static_cast<double>(centrality[i]) +
                                       static_cast<double>(data.ordered_means[i]));
  }
  const std::vector<float> centre = meanVector(vectors);
  const Codes codes = quantise(vectors, centre);

  // Never a number that was used, even by a publication that did not end.
  const std::set<std::int64_t> present = presentVersions(blobs, key);
  SnapshotInfo info;
  info.version = (present.empty() ? 0 : *present.rbegin()) + 1;
  info.recipe = key;
  for (const SnapshotPart& part : data.parts) {
    info.representation += (info.representation.empty() ? "" : ",") + part.representation;
  }
  info.tracks = vectors.rows;
  info.dimension = vectors.cols;
  info.made = now;
  info.parts = data.parts;
  if (!recipe.plain()) {
    const bool anew = data.fitted_anew;
    info.fitted = anew ? info.version : current.snapshot->info().fitted;
    info.fitted_tracks = anew ? data.tracks : current.snapshot->info().fitted_tracks;
  }
  Publication publication(blobs, versionFolder(key, info.version), info);
  publication.write(kIdsFile, {}, encodeIds(rows.ids));
  publication.write(kCatalogueFile, {}, rows.catalogue);
  publication.writeMatrix<float>(kVectorsFile, vectors.rows, vectors.cols, data.vectors);
  publication.writeMatrix<std::int64_t>(kGroupsFile, vectors.rows, kGroupColumns, rows.groups);
  publication.writeMatrix<Row>(kNeighboursFile, vectors.rows, table.columns, table.rows);
  publication.writeMatrix<float>(kNeighbourScoresFile, vectors.rows, table.columns, table.scores);
  publication.writeMatrix<float>(kCentralityFile, vectors.rows, 0, centrality);
  publication.writeMatrix<float>(kCentreFile, vectors.cols, 0, centre);
  publication.writeMatrix<std::int8_t>(kCodesFile, vectors.rows, codeStride(vectors.cols),
                                       codes.codes);
  publication.writeMatrix<float>(
      kCodeBoundsFile, vectors.rows, 2,
      {reinterpret_cast<const float*>(codes.bounds.data()), 2 * codes.bounds.size()});
  writeParts(publication, recipe, data);
  publication.finish();
  verifySnapshot(blobs, key, info.version);
  setCurrentVersion(blobs, key, info.version);

  try {
    removeOthers(blobs, key, info.version, current.version);
  } catch (const Error&) {
    // The new version stands; what is left over goes with the next publication.
  }
  return publication.info();
}

}  // namespace

SnapshotInfo publishSnapshot(Blobs& blobs, std::string_view recipe, std::string_view representation,
                             std::span<const SnapshotTrack> tracks, MatrixView<float> vectors,
                             UnixTime now, unsigned jobs) {
  assert(tracks.size() == vectors.rows);
  const Rows rows = sortedRows(tracks);
  const Current current = openChecked(blobs, recipe);
  Recipe plain;
  plain.parts.resize(1);
  return publish(blobs, recipe, plain, rows,
                 plainData(representation, rows, vectors, current.snapshot.get()), current, now,
                 jobs);
}

SnapshotInfo publishSnapshot(Blobs& blobs, std::string_view key, const Recipe& recipe,
                             std::span<const SnapshotTrack> tracks,
                             std::span<const RowSource> sources, UnixTime now, unsigned jobs) {
  if (recipe.plain()) {
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const RowSource& one) {
      return one.name == recipe.parts.front().representation;
    });
    assert(source != sources.end());
    std::vector<float> vectors;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      auto mean = meanRows(source->rows(i).rows);
      mean.resize(source->dimension);
      vectors.insert(vectors.end(), mean.begin(), mean.end());
    }
    return publishSnapshot(blobs, key, source->versioned_name, tracks,
                           {vectors.data(), tracks.size(), source->dimension}, now, jobs);
  }
  const Rows rows = sortedRows(tracks);
  const Current current = openChecked(blobs, key);
  const PartData data =
      makePartData(recipe, sources, rows.ids, rows.order, current.snapshot.get(), jobs);
  return publish(blobs, key, recipe, rows, data, current, now, jobs);
}

}  // namespace attacca::index
