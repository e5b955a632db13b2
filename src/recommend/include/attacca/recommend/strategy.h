// Strategies: ways to score all tracks for a listener, and to say why. docs/recommenders.md
// explains each.
//
// A strategy is made for one snapshot and holds it. It is const and may be called from any thread.
// Everything is deterministic: equal material gives equal scores to the bit on one machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/id.h"
#include "attacca/base/units.h"
#include "attacca/index/snapshot.h"
#include "attacca/recommend/listener.h"
#include "attacca/recommend/network.h"

namespace attacca::recommend {

enum class ReasonKind {
  similarTo,      // sounds like `track`; their score in the snapshot's recipe is `value`
  passage,        // holds something like the passage of `track`; the best place's score is `value`
  central,        // typical of this archive (a new listener)
  diverse,        // unlike what is already in the list (a new listener)
  chance,         // drawn by lot
  popular,        // `value` listeners heard it
  played,         // this listener played it `value` times
  heardTogether,  // whoever heard `track` heard this too; `value` is the strategy's weight of it
  follows,        // played after `track`, `value` of the times
  nextMovement,   // the movement after `track`, or `value` movements after it
  sameAlbum,      // on the album of `track`
  sharedFacts,    // has `detail` in common with `track`; `value` is the cosine of their facts
  similarAlbum,   // its album sounds like that of `track`; `value` is their cosine
  followsFrom,    // a network scores it `value` more for `track` having been heard lately (0 where
                  // nothing else was heard); no track: it goes with all of that
  learnedLike,    // near `track` where a network learned to put them; `value` is their cosine
};

struct Reason {
  ReasonKind kind = ReasonKind::similarTo;
  TrackId track{};  // the track that is meant, if any
  double value = 0;
  std::string detail{};  // sharedFacts: "composer and period"
};

// What a track scores for a listener.
struct Scores {
  std::vector<double> of;  // by row, finite
  double near = 0;  // a track that scores more is near; others come where the list falls short
  bool near_only = false;  // nothing speaks for the others: they do not come at all
};

// A track of a list.
struct Pick {
  Row row = -1;
  double score = 0;
  std::vector<Reason> reasons;  // strongest first, 1 to 3
};

struct ListRules;  // list.h

class Strategy {
 public:
  virtual ~Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;

  std::string_view name() const { return name_; }  // as strategies() has it
  const Snapshot& snapshot() const { return *snapshot_; }

  // Why it has nothing to go by for this listener, in words ("nothing heard yet"); then it must not
  // be asked to score.
  virtual std::optional<std::string> lacks(const Listener& listener) const = 0;
  // Throws Fault::refused where a network's numbers grow beyond all bounds.
  virtual Scores scores(const Listener& listener) const = 0;
  // Reasons for a track of the list, strongest first, 1 to 3.
  virtual std::vector<Reason> why(const Listener& listener, Row row) const = 0;
  // The same for each track of a list; for those to which it costs less than one after another.
  virtual std::vector<std::vector<Reason>> whyEach(const Listener& listener,
                                                   std::span<const Row> rows) const;
  // What was heard already is what it suggests.
  virtual bool repeats() const { return false; }

  // The list: the best scores as the rules allow; strategies whose choices depend on each other
  // have their own. Adds notes on demands that it does not meet. For this room.
  virtual std::vector<Pick> pick(const Listener& listener, const ListRules& rules,
                                 std::vector<std::string>& notes) const;

 protected:
  Strategy(std::string_view name, std::shared_ptr<const Snapshot> snapshot)
      : name_(name), snapshot_(std::move(snapshot)) {}
  TrackId idOf(Row row) const { return snapshot_->ids()[static_cast<std::size_t>(row)]; }
  // In words, why a history without a play of use says nothing.
  static std::string nothingHeard(const Listener& listener);

 private:
  std::string_view name_;
  std::shared_ptr<const Snapshot> snapshot_;
};

// A play of somebody, to learn from.
struct LoggedPlay {
  std::int64_t listener = 0;
  TrackId track;
  UnixTime at{};
  double fraction = 1;  // 0 to 1
};

// What a catalogue knows of a track beside its album and work, which the snapshot has. Texts are
// only compared.
struct TrackFacts {
  TrackId track;
  std::vector<std::string> composers;
  std::string period;
  std::string instrumentation;
};

// What strategies are made of. The spans are only read while a strategy is made.
struct Material {
  std::shared_ptr<const Snapshot> snapshot;
  std::span<const LoggedPlay> log;  // by listener, then time
  // In any order; tracks that the snapshot lacks are passed over.
  std::span<const TrackFacts> facts;
  UnixTime now{};          // what was played later is not learned from
  std::uint64_t seed = 1;  // of what is drawn by lot
  // For strategies that need one, of the strategy's kind. Of content, it reads the rows of the
  // snapshot's vectors.
  std::shared_ptr<const Network> network = nullptr;
  std::span<const TrackId> network_items = {};  // of ids: which track each item is
};

struct StrategyInfo {
  std::string_view name;
  std::string_view summary;  // for people, one line
  bool learns_from_log = false;
  bool needs_facts = false;
  bool needs_network = false;
};

// Every strategy there is, in the order of docs/recommenders.md.
std::span<const StrategyInfo> strategies();
// Throws Fault::usage naming those there are.
const StrategyInfo& strategyNamed(std::string_view name);

// EASE inverts a square matrix of as many rows as tracks were played.
constexpr std::size_t kEaseTracks = 8000;

struct Made {
  std::unique_ptr<const Strategy> strategy;
  std::vector<std::string> notes;  // what of the log could not be learned from, in sentences
};

// Fits the strategy where it has something to fit. Throws Fault::usage for a name that is not among
// strategies(), Fault::refused where EASE would have to compare more than kEaseTracks tracks, and
// for a network of another kind or another representation; Fault::notFound where one is needed and
// not there.
Made makeStrategy(std::string_view name, const Material& material);

}  // namespace attacca::recommend
