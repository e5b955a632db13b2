// Until works.cpp is there: one work for each distinct work tag or title of one composer.
#include <map>

#include "attacca/archive/entry.h"
#include "attacca/archive/works.h"
#include "attacca/base/text.h"

namespace attacca::archive {

std::string_view name(Period period) {
  constexpr std::string_view kNames[] = {"unknown",   "medieval", "renaissance", "baroque",
                                         "classical", "romantic", "modern",      "contemporary"};
  return kNames[static_cast<int>(period)];
}
std::string_view name(Instrumentation instrumentation) {
  constexpr std::string_view kNames[] = {
      "unknown",       "orchestra",    "concerto",   "string orchestra", "chamber",
      "solo keyboard", "solo strings", "solo other", "choral",           "opera",
      "voice",         "band",         "electronic"};
  return kNames[static_cast<int>(instrumentation)];
}

Conclusions conclude(std::span<const WrittenTrack> tracks, const Joins& joins) {
  std::map<std::string, std::string> people(joins.people.begin(), joins.people.end());
  std::map<std::string, std::string> same(joins.works.begin(), joins.works.end());
  std::map<std::int64_t, std::string> own(joins.own_work.begin(), joins.own_work.end());
  Conclusions result;
  std::map<std::string, ConcludedWork> works;
  std::vector<std::string> keys;
  for (const auto& track : tracks) {
    ConcludedTrack one;
    one.id = track.id;
    const auto credit = [&](const std::vector<std::string>& names, CreditRole role, bool fixed) {
      std::vector<Credit> list;
      for (const auto& name : names) {
        const auto join = people.find(name);
        list.push_back({join == people.end() ? name : join->second, name, role, false, 1,
                        fixed ? "corrected by hand" : "as written"});
      }
      return list;
    };
    one.composers = credit(track.fixed.composers.value_or(track.composers), CreditRole::composer,
                           track.fixed.composers.has_value());
    one.arrangers = credit(track.fixed.arrangers.value_or(track.arrangers), CreditRole::arranger,
                           track.fixed.arrangers.has_value());
    std::string title =
        track.work.empty() ? track.title.substr(0, track.title.find(':')) : track.work;
    if (track.fixed.work) title = *track.fixed.work;
    if (own.contains(track.id)) title = own[track.id];
    std::string key =
        (one.composers.empty() ? "" : foldText(one.composers.front().name)) + "/" + foldText(title);
    if (same.contains(key)) key = same[key];
    if (!title.empty()) {
      auto& work = works[key];
      if (work.key.empty()) {
        work.key = key;
        work.title = title;
        for (const auto& composer : one.composers) work.composers.push_back(composer.name);
      }
      one.work_why = {0.5, "the same title"};
    }
    keys.push_back(title.empty() ? "" : key);
    one.movement_title = track.fixed.movement.value_or(track.movement);
    one.movement_number = track.movement_number;
    if (track.fixed.movement_number) one.movement_number = *track.fixed.movement_number;
    if (one.movement_number == 0) one.movement_number.reset();
    result.tracks.push_back(std::move(one));
  }
  std::map<std::string, std::size_t> at;
  for (auto& [key, work] : works) {
    at[key] = result.works.size();
    result.works.push_back(std::move(work));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].empty()) result.tracks[i].work = at[keys[i]];
  }
  return result;
}

}  // namespace attacca::archive
