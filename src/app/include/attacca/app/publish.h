// Makes what is in the archive searchable.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/base/blob.h"
#include "attacca/base/clock.h"
#include "attacca/index/snapshot.h"

namespace attacca::app {

// The embedding of a recording's track: the mean of its clips. Throws Fault::notFound, or
// Fault::corrupt for one of another dimension.
std::vector<float> trackVector(const Blobs& blobs, std::string_view versioned_name,
                               const AudioHash& hash, std::size_t dimension);

// The vector that the snapshot has, or would have, for a recording's track: of all its parts that
// are not ordered. Throws as trackVector.
std::vector<float> snapshotVector(const Blobs& blobs, const index::Snapshot& snapshot,
                                  const AudioHash& hash);

// What a snapshot keeps of the tracks `shown`, in their order; each is among `tracks`. Performances
// are numbered from 1 and hold what is shown of them; tracks that are not shown still hold together
// what stands before and after them.
//
// catalogue.json has for each track: id, title, album, artists, composers, conductors, work_id (if
// a work is known), work, movement, movement_number, performance, disc_number, track_number (if
// there is one) and duration_s. No paths: a snapshot may be published.
std::vector<index::SnapshotTrack> snapshotTracks(std::span<const archive::Track> tracks,
                                                 std::span<const TrackId> shown);

// A representation that a recipe needs.
struct HeardRepresentation {
  std::string name;            // as recipes call it, "mfcc"
  std::string versioned_name;  // "mfcc@0123456789abcdef"
  std::size_t dimension = 0;
  double rows_per_second = 0;        // 0: nothing says when a row sounds
  std::vector<std::string> columns;  // names of the dimensions, where they have any
  // A track's rows. Throws Fault::notFound where it was not heard. Empty: its embedding is read.
  std::function<index::TrackRows(const archive::Track&)> rows;
};

struct Published {
  index::SnapshotInfo snapshot;
  std::vector<std::string> problems;  // what could not be used or followed, with what to do
};

// Publishes the snapshot of all tracks that are neither removed nor offline and have an embedding
// of the representation: what a listener cannot play is not suggested, and comes back by itself
// with its disk. nullopt when there is none and never was. The caller holds the writer lock.
std::optional<Published> publishArchive(const archive::Catalogue& catalogue, Blobs& blobs,
                                        std::string_view recipe, std::string_view versioned_name,
                                        std::size_t dimension, const Clock& clock,
                                        unsigned jobs = 1);

// The same under any recipe (every part of which names one of `representations`), of the tracks
// that all of these were heard of. `key` names the snapshots (index::snapshotKey). Embeddings are
// looked at several times, and not kept in memory. Throws Fault::refused for a recipe that this
// archive cannot follow; the snapshot that is there stays.
std::optional<Published> publishArchive(const archive::Catalogue& catalogue, Blobs& blobs,
                                        std::string_view key, const index::Recipe& recipe,
                                        std::span<const HeardRepresentation> representations,
                                        const Clock& clock, unsigned jobs = 1);

}  // namespace attacca::app
