#include <algorithm>
#include <cassert>
#include <charconv>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "neighbours.h"
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
  std::vector<std::int64_t> groups;  // x kGroupColumns
  std::vector<float> vectors;        // x dimension, length 1 or 0
  std::string catalogue;
};

Rows sortedRows(std::span<const SnapshotTrack> tracks, MatrixView<float> vectors) {
  std::vector<std::size_t> order(tracks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return tracks[a].id < tracks[b].id; });
  Rows rows;
  rows.vectors.resize(vectors.rows * vectors.cols);
  rows.catalogue += '[';
  for (std::size_t i = 0; i < order.size(); ++i) {
    const SnapshotTrack& track = tracks[order[i]];
    assert(track.id.value > 0 && (rows.ids.empty() || rows.ids.back() < track.id));
    rows.ids.push_back(track.id);
    const Groups& groups = track.groups;
    rows.groups.insert(rows.groups.end(),
                       {groups.album.value, groups.work.value, groups.recording.value,
                        groups.performance, groups.movement});
    makeUnit(vectors.row(order[i]), {rows.vectors.data() + i * vectors.cols, vectors.cols});
    rows.catalogue += i == 0 ? "\n" : ",\n";
    rows.catalogue += track.catalogue_entry;
  }
  rows.catalogue += "\n]\n";
  return rows;
}

bool sameAs(const Snapshot::State& state, std::string_view representation, const Rows& rows) {
  return state.manifest.info.representation == representation &&
         std::ranges::equal(state.ids, rows.ids) && state.catalogue == rows.catalogue &&
         textOf(state.groups.all()) == textOf(std::span<const std::int64_t>(rows.groups)) &&
         textOf(state.vectors.all()) == textOf(std::span<const float>(rows.vectors));
}

EarlierTable earlierTable(const Snapshot::State& state, const Rows& rows,
                          MatrixView<float> vectors) {
  EarlierTable earlier;
  earlier.rows = state.neighbours;
  earlier.scores = state.neighbour_scores;
  earlier.row_now.assign(state.ids.size(), -1);
  earlier.row_then.assign(rows.ids.size(), -1);
  std::size_t then = 0;
  for (std::size_t now = 0; now < rows.ids.size(); ++now) {
    while (then < state.ids.size() && state.ids[then] < rows.ids[now]) ++then;
    if (then == state.ids.size()) break;
    if (state.ids[then] != rows.ids[now]) continue;
    if (textOf(state.vectors.row(then)) != textOf(vectors.row(now))) continue;
    earlier.row_now[then] = static_cast<Row>(now);
    earlier.row_then[now] = static_cast<Row>(then);
  }
  return earlier;
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

}  // namespace

SnapshotInfo publishSnapshot(Blobs& blobs, std::string_view recipe, std::string_view representation,
                             std::span<const SnapshotTrack> tracks, MatrixView<float> vectors,
                             UnixTime now, unsigned jobs) {
  assert(tracks.size() == vectors.rows);
  const Rows rows = sortedRows(tracks, vectors);
  const MatrixView<float> unit{rows.vectors.data(), vectors.rows, vectors.cols};

  std::shared_ptr<const Snapshot> current;
  std::optional<std::int64_t> previous;  // a version worth keeping beside the new one
  try {
    current = Snapshot::openCurrent(blobs, recipe);
    if (current) {
      verifySnapshot(blobs, recipe, current->info().version);
      previous = current->info().version;
    }
  } catch (const Error& error) {
    if (error.fault() != Fault::corrupt) throw;
    current = nullptr;  // made anew from what the tracks say
  }
  if (current && sameAs(current->state(), representation, rows)) {
    return current->info();
  }

  std::optional<EarlierTable> earlier;
  if (current && current->info().dimension == vectors.cols) {
    earlier = earlierTable(current->state(), rows, unit);
  }
  const NeighbourTable table = makeNeighbourTable(unit, earlier ? &*earlier : nullptr, jobs);
  const std::vector<float> centrality = centralities(unit);
  const std::vector<float> centre = meanVector(unit);
  const Codes codes = quantise(unit, centre);

  // Never a number that was used, even by a publication that did not end.
  const std::set<std::int64_t> present = presentVersions(blobs, recipe);
  SnapshotInfo info;
  info.version = (present.empty() ? 0 : *present.rbegin()) + 1;
  info.recipe = recipe;
  info.representation = representation;
  info.tracks = vectors.rows;
  info.dimension = vectors.cols;
  info.made = now;
  Publication publication(blobs, versionFolder(recipe, info.version), info);
  publication.write(kIdsFile, {}, encodeIds(rows.ids));
  publication.write(kCatalogueFile, {}, rows.catalogue);
  publication.writeMatrix<float>(kVectorsFile, unit.rows, unit.cols, rows.vectors);
  publication.writeMatrix<std::int64_t>(kGroupsFile, unit.rows, kGroupColumns, rows.groups);
  publication.writeMatrix<Row>(kNeighboursFile, unit.rows, table.columns, table.rows);
  publication.writeMatrix<float>(kNeighbourScoresFile, unit.rows, table.columns, table.scores);
  publication.writeMatrix<float>(kCentralityFile, unit.rows, 0, centrality);
  publication.writeMatrix<float>(kCentreFile, unit.cols, 0, centre);
  publication.writeMatrix<std::int8_t>(kCodesFile, unit.rows, codeStride(unit.cols), codes.codes);
  publication.writeMatrix<float>(
      kCodeBoundsFile, unit.rows, 2,
      {reinterpret_cast<const float*>(codes.bounds.data()), 2 * codes.bounds.size()});
  publication.finish();
  verifySnapshot(blobs, recipe, info.version);
  setCurrentVersion(blobs, recipe, info.version);

  try {
    removeOthers(blobs, recipe, info.version, previous);
  } catch (const Error&) {
    // The new version stands; what is left over goes with the next publication.
  }
  return publication.info();
}

}  // namespace attacca::index
