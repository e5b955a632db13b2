#include "attacca/app/suggest.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/publish.h"
#include "attacca/archive/performances.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

namespace attacca::app {
namespace {

using recommend::Reason;
using recommend::ReasonKind;
using Titles = std::unordered_map<TrackId, std::string>;

std::shared_ptr<const index::Snapshot> openSnapshot(const Blobs& blobs, std::string_view recipe) {
  auto snapshot = index::Snapshot::openCurrent(blobs, recipe);
  if (snapshot == nullptr) {
    throw Error(Fault::notFound, "nothing in this archive can be compared yet",
                "`attacca add FOLDER` hears a folder of music and makes it comparable");
  }
  return snapshot;
}

// "because you heard A and B": the two strongest are enough for a person.
std::string inWords(std::span<const Reason> reasons, const Titles& titles, bool for_listener) {
  const auto title = [&](TrackId id) {
    const auto found = titles.find(id);
    return found == titles.end() ? fmt::format("track {}", id.value) : found->second;
  };
  const Reason& first = reasons.front();
  switch (first.kind) {
    case ReasonKind::central:
      return "typical of this archive";
    case ReasonKind::diverse:
      return "unlike the others in this list";
    case ReasonKind::passage:
      return fmt::format("something like that passage of {} ({:.2f})", title(first.track),
                         first.value);
    case ReasonKind::chance:
      return "drawn by lot";
    case ReasonKind::popular:
      return first.value == 1 ? "1 listener heard it"
                              : fmt::format("{:.0f} listeners heard it", first.value);
    case ReasonKind::played:
      return first.value == 1 ? "you played it once"
                              : fmt::format("you played it {:.0f} times", first.value);
    case ReasonKind::heardTogether: {
      std::string text = "who heard " + title(first.track);
      if (reasons.size() > 1) text += " and " + title(reasons[1].track);
      return text + " heard it, too";
    }
    case ReasonKind::follows:
      return fmt::format("played after {} ({:.0f} % of the times)", title(first.track),
                         100 * first.value);
    case ReasonKind::nextMovement:
      return first.value == 1
                 ? "the movement after " + title(first.track)
                 : fmt::format("{:.0f} movements after {}", first.value, title(first.track));
    case ReasonKind::sameAlbum:
      return "from the album of " + title(first.track);
    case ReasonKind::sharedFacts:
      return fmt::format("same {} as {}", first.detail, title(first.track));
    case ReasonKind::similarAlbum:
      return fmt::format("its album sounds like that of {} ({:.2f})", title(first.track),
                         first.value);
    case ReasonKind::followsFrom: {
      if (!first.track) return "goes with what you heard lately";
      std::string text = "follows from " + title(first.track);
      if (reasons.size() > 1) text += " and " + title(reasons[1].track);
      return text;
    }
    case ReasonKind::learnedLike: {
      std::string text = "goes with " + title(first.track);
      if (reasons.size() > 1) text += " and " + title(reasons[1].track);
      return text;
    }
    case ReasonKind::similarTo:
      break;
  }
  if (!for_listener) return fmt::format("sounds like {} ({:.2f})", title(first.track), first.value);
  std::string text = "because you heard " + title(first.track);
  if (reasons.size() > 1 && reasons[1].kind == ReasonKind::similarTo) {
    text += " and " + title(reasons[1].track);
  }
  return text;
}

}  // namespace

Suggester::Suggester(const archive::Catalogue& catalogue, const Blobs& blobs,
                     std::string_view recipe)
    : catalogue_(catalogue),
      blobs_(blobs),
      aspects_(blobs),
      snapshot_(openSnapshot(blobs, recipe)),
      service_(snapshot_) {}

Suggestions Suggester::similar(const archive::Track& seed,
                               const recommend::Policies& policies) const {
  if (snapshot_->row(seed.id)) return describe(service_.recommendSimilar(seed.id, policies), false);
  std::vector<float> vector;
  try {
    vector = snapshotVector(blobs_, *snapshot_, seed.hash);
  } catch (const Error& fault) {
    if (fault.fault() != Fault::notFound) throw;
    throw Error(Fault::notFound,
                fmt::format("\"{}\" was not heard with {} yet", seed.title,
                            snapshot_->info().representation),
                "`attacca add` with its folder hears it");
  }
  auto answer = service_.recommendSimilar(vector, policies, seed.work);
  for (auto& item : answer.list) {
    for (auto& reason : item.reasons) {
      if (!reason.track) reason.track = seed.id;
    }
  }
  return describe(answer, false);
}

Suggestions Suggester::balanced(const archive::Track& seed, double sound,
                                const recommend::Policies& policies, unsigned jobs) const {
  if (!snapshot_->row(seed.id)) {
    throw Error(
        Fault::notFound,
        fmt::format("\"{}\" is not in the lists now, so its music cannot be weighed against "
                    "its sound",
                    seed.title),
        seed.offline ? "its file is offline; without --sound it can be asked for"
                     : "`attacca embed --all` hears what was not heard yet");
  }
  return describe(service_.recommendBalanced(seed.id, sound, policies, jobs), false);
}

Suggestions Suggester::passage(const archive::Track& seed, recommend::Region region,
                               const recommend::Policies& policies) const {
  return describe(service_.recommendPassage(seed.id, region, policies), false);
}

Suggestions Suggester::forHistory(std::span<const archive::Interaction> history, UnixTime now,
                                  const recommend::Policies& policies,
                                  const recommend::Strategy& strategy) const {
  std::vector<recommend::HeardTrack> heard;
  heard.reserve(history.size());
  for (const auto& entry : history) heard.push_back({entry.track, entry.at, entry.fraction});
  return describe(service_.recommendForUser(heard, now, policies, strategy), true);
}

recommend::Made Suggester::strategy(std::string_view name, const archive::ListeningLog& log,
                                    UnixTime now, std::uint64_t seed,
                                    const recommend::TrainedModel* model) const {
  const recommend::StrategyInfo& info = recommend::strategyNamed(name);
  std::vector<recommend::LoggedPlay> plays;
  if (info.learns_from_log) {
    log.each([&](const archive::Interaction& play) {
      plays.push_back({play.user.value, play.track, play.at, play.fraction});
    });
  }
  std::vector<recommend::TrackFacts> facts;
  if (info.needs_facts) {
    std::unordered_map<WorkId, archive::Work> works;
    for (auto& work : catalogue_.works()) works.emplace(work.id, std::move(work));
    for (auto& track : catalogue_.tracks(archive::TrackFilter{})) {
      auto& one = facts.emplace_back();
      one.track = track.id;
      one.composers = std::move(track.composers);
      if (const auto work = works.find(track.work); work != works.end()) {
        one.period = work->second.period;
        one.instrumentation = work->second.instrumentation;
      }
    }
  }
  recommend::Material material{snapshot_, plays, facts, now, seed};
  if (model != nullptr) {
    material.network = std::make_shared<recommend::Network>(model->network);
    material.network_items = model->tracks;
  }
  return recommend::makeStrategy(name, material);
}

// ", both slow and dark": where lists are made by such things.
std::string Suggester::inCommon(const std::optional<Aspects>& a,
                                const std::optional<Aspects>& b) const {
  const auto& parts = snapshot_->info().parts;
  const bool count = std::any_of(parts.begin(), parts.end(), [](const auto& part) {
    return part.kind == index::PartKind::aspects && part.share > 0;
  });
  if (!count || !a || !b) return {};
  const auto others = wordsFor(*b);
  auto words = wordsFor(*a);
  std::erase_if(words, [&](std::string_view word) {
    return std::find(others.begin(), others.end(), word) == others.end();
  });
  return words.empty() ? std::string() : ", both " + enumerated(words);
}

Suggestions Suggester::describe(const recommend::Answer& answer, bool for_listener) const {
  std::vector<TrackId> ids;
  for (const auto& item : answer.list) {
    ids.push_back(item.track);
    for (const auto& reason : item.reasons) {
      if (reason.track) ids.push_back(reason.track);
    }
    ids.insert(ids.end(), item.movements.begin(), item.movements.end());
    for (const auto& other : item.others) {
      ids.insert(ids.end(), other.tracks.begin(), other.tracks.end());
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::unordered_map<TrackId, archive::Track> tracks;
  Titles titles;
  for (auto& track : catalogue_.tracks(ids)) {
    titles.emplace(track.id, track.title);
    tracks.emplace(track.id, std::move(track));
  }
  const auto shown = [&](std::span<const TrackId> performance) {
    Performance found;
    for (const TrackId id : performance) {
      if (const auto track = tracks.find(id); track != tracks.end()) found.push_back(track->second);
    }
    return found;
  };
  Suggestions result{answer.strategy, answer.snapshot, {}, answer.notes};
  for (const auto& item : answer.list) {
    const auto track = tracks.find(item.track);
    if (track == tracks.end()) continue;  // a snapshot from before a restore
    Suggestion& suggestion = result.list.emplace_back();
    suggestion.track = track->second;
    suggestion.rank = item.rank;
    suggestion.score = item.score;
    suggestion.reasons = item.reasons;
    suggestion.reason = inWords(item.reasons, titles, for_listener);
    suggestion.aspects = aspects_.of(track->second.hash);
    const Reason& first = item.reasons.front();
    const auto like = tracks.find(first.track);
    if (first.kind == ReasonKind::similarTo && like != tracks.end()) {
      suggestion.reason += inCommon(suggestion.aspects, aspects_.of(like->second.hash));
    }
    suggestion.places = item.places;
    suggestion.movements = shown(item.movements);
    for (const auto& other : item.others) {
      if (auto found = shown(other.tracks); !found.empty()) {
        suggestion.others.push_back(std::move(found));
      }
    }
  }
  return result;
}

std::vector<Performance> performancesOf(const archive::Catalogue& catalogue, WorkId work) {
  // Whole albums: what stands between the tracks of a work parts its performances.
  std::set<AlbumId> albums;
  archive::TrackFilter filter;
  filter.work = work;
  for (const auto& track : catalogue.tracks(filter)) albums.insert(track.album);
  std::vector<archive::Track> tracks;
  filter.work.reset();
  for (const AlbumId album : albums) {
    filter.album = album;
    for (const bool removed : {false, true}) {
      filter.removed = removed;
      for (auto& track : catalogue.tracks(filter)) tracks.push_back(std::move(track));
    }
  }
  std::unordered_map<TrackId, const archive::Track*> by_id;
  for (const auto& track : tracks) by_id.emplace(track.id, &track);
  std::vector<Performance> found;
  for (const auto& performance : archive::performances(tracks)) {
    if (performance.work != work) continue;
    Performance shown;
    for (const TrackId id : performance.tracks) {
      if (!by_id.at(id)->removed) shown.push_back(*by_id.at(id));
    }
    if (!shown.empty()) found.push_back(std::move(shown));
  }
  return found;
}

}  // namespace attacca::app
