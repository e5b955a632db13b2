// Which audio belongs to which row of an imported catalogue.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "attacca/base/id.h"
#include "attacca/base/units.h"

namespace attacca::archive {

// A row without audio, or audio without a row.
struct Unattached {
  TrackId id;
  std::string file;  // path, or S3 key, as far as it is known
  std::string title;
  std::string album;
  std::optional<Seconds> duration;
};

// Pairs of a row and its audio, in order of rows; nobody is in two of them. By what is surest
// first: the row's file, folder and all, ends the audio's path (whatever the extension: archives
// keep copies); the same file name and duration; the same title, album and duration; the same title
// and duration. A pair counts only where neither has another candidate of its kind. Durations agree
// within 2 s or 1 %, the larger.
std::vector<std::pair<TrackId, TrackId>> attachments(std::span<const Unattached> rows,
                                                     std::span<const Unattached> audio);

}  // namespace attacca::archive
