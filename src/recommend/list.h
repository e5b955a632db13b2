// Policies: from scores to a list that people like.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "attacca/index/snapshot.h"
#include "attacca/recommend/service.h"

#include "works.h"

namespace attacca::recommend {

struct Candidate {
  Row row = -1;
  double score = 0;
};

// Best first. `complete` when a longer list would hold no more.
struct Candidates {
  std::vector<Candidate> best;
  bool complete = false;
};

// Candidates for ever longer lists: round 0, 1, 2, ..
using CandidateRounds = std::function<Candidates(int round)>;

// What must not be suggested.
class Exclusions {
 public:
  // `rows` ascending. With `recordings`, other tracks of their recordings are excluded too.
  Exclusions(const Snapshot& snapshot, std::vector<Row> rows, bool recordings,
             KnownWorks works = {});
  bool operator()(Row row) const { return works_.holds(row) || excludesSound(row); }
  // Something is excluded for its work alone.
  bool bitesByWork() const;

 private:
  bool excludesSound(Row row) const;

  const Snapshot& snapshot_;
  std::vector<Row> rows_;
  std::vector<RecordingId> recordings_;  // ascending
  KnownWorks works_;
};

// What a list is made under.
struct ListRules {
  const Snapshot& snapshot;
  const Policies& policies;
  const Exclusions& excluded;
  const KnownWorks* avoided = nullptr;  // taken only where the list would fall short
  const WorkIndex* whole = nullptr;     // an entry is a performance
};

constexpr std::size_t kNoCap = static_cast<std::size_t>(-1);

struct Caps {
  std::size_t album = kNoCap;
  std::size_t work = kNoCap;
  bool recording_once = false;
  const KnownWorks* avoided = nullptr;
};
Caps capsOf(const ListRules& rules);

// Counts what is in a list, and says what still fits.
class ListCounts {
 public:
  explicit ListCounts(const ListRules& rules) : rules_(rules) {}
  bool admits(Row row, const Caps& caps) const;
  void add(Row row);
  std::size_t largestAlbum() const { return largest_album_; }
  std::size_t largestWork() const { return largest_work_; }
  std::size_t avoided() const { return avoided_; }  // that are there all the same

 private:
  const ListRules& rules_;
  std::unordered_map<AlbumId, std::size_t> albums_;
  std::unordered_map<WorkId, std::size_t> works_;
  std::unordered_set<RecordingId> recordings_;
  std::size_t largest_album_ = 0;
  std::size_t largest_work_ = 0;
  std::size_t avoided_ = 0;
};

// How near two tracks are, given the mean cosine of one to all tracks: 0 is as near as any, 1 the
// same sound.
double nearness(double cosine, double mean);

constexpr double kAnyScore = -std::numeric_limits<double>::infinity();

// What is demanded of the next track of a list, given up step by step where nothing meets it, as
// Policies says.
class Relaxation {
 public:
  // Tracks scored above `near` are near.
  Relaxation(const ListRules& rules, double near);
  const Caps& caps() const { return caps_; }
  double least() const { return least_; }  // a track's score must lie above this
  // For a list of `size` tracks. False when nothing is left to give up.
  bool weaken(std::size_t size);

 private:
  const Caps first_;
  const bool grouped_;
  Caps caps_;
  double least_;
};

// Takes candidates in their order as the policies allow, asking for further rounds before it gives
// up a demand. Best first, equal scores by row.
std::vector<Candidate> makeList(const ListRules& rules, const CandidateRounds& rounds, double near,
                                std::vector<std::string>& notes);

// Notes on a finished list: which demands it does not meet, and that it is short.
void noteShortcomings(const ListRules& rules, const std::vector<Row>& rows,
                      std::vector<std::string>& notes);

}  // namespace attacca::recommend
