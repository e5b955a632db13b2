// Recordings that the archive has more than once. Nothing is removed: a person decides.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/archive/duplicates.h"
#include "attacca/base/blob.h"
#include "attacca/base/progress.h"

namespace attacca::app {

// How a track's sound relates to the one that its group should keep.
struct Sameness {
  bool exact = false;  // the same audio hash
  // Where not exact: the second is this track.
  archive::Overlap overlap;
  archive::Sureness sureness = archive::Sureness::certain;
};

struct Duplicate {
  archive::Track track;
  archive::Recording recording;
  std::vector<archive::Place> places;  // those that are there first
  std::uint64_t bits_per_second = 0;   // of the file; 0 when there is none
  bool lossless = false;
  Sameness same;  // of the first of a group: exact
};

// The tracks of one sound. The first is the best to keep: there, lossless, more bits, longer,
// older.
struct DuplicateGroup {
  std::vector<Duplicate> tracks;
  std::string why;  // the first is best, for people; empty when it is no better than the others
};

// Two recordings of which one holds the other and much more.
struct Part {
  archive::Track longer;
  archive::Track shorter;
  archive::Overlap overlap;  // of the shorter over the longer
  archive::Sureness sureness = archive::Sureness::certain;
};

struct Duplicates {
  std::vector<DuplicateGroup> groups;  // by the id of the first track
  std::vector<Part> parts;
  std::vector<archive::Track> not_heard;  // of recordings without an acoustic fingerprint
  std::vector<std::string> problems;      // fingerprints that cannot be read, with what to do
};

// Of all tracks that are not removed. Throws Fault::cancelled.
Duplicates findDuplicates(const archive::Catalogue& catalogue, const Blobs& blobs,
                          Progress& progress, const std::stop_token& stop);

// For each recording that certainly is the same sound as an older one: the oldest. Others are not
// in it. Fingerprints that cannot be read are passed over. The blob "duplicates" keeps what was
// found, so that fingerprints are read only when the recordings are others than before.
std::map<RecordingId, RecordingId> sameRecordings(Blobs& blobs,
                                                  std::span<const archive::Track> tracks);

}  // namespace attacca::app
