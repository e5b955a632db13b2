#include "attacca/archive/works.h"

#include "attacca/base/text.h"

namespace attacca::archive {

std::string_view name(Period period) {
  switch (period) {
    case Period::unknown:
      return "unknown";
    case Period::medieval:
      return "medieval";
    case Period::renaissance:
      return "renaissance";
    case Period::baroque:
      return "baroque";
    case Period::classical:
      return "classical";
    case Period::romantic:
      return "romantic";
    case Period::modern:
      return "modern";
    case Period::contemporary:
      return "contemporary";
  }
  return "unknown";
}

std::string_view name(Instrumentation instrumentation) {
  switch (instrumentation) {
    case Instrumentation::unknown:
      return "unknown";
    case Instrumentation::orchestra:
      return "orchestra";
    case Instrumentation::concerto:
      return "concerto";
    case Instrumentation::string_orchestra:
      return "string orchestra";
    case Instrumentation::chamber:
      return "chamber";
    case Instrumentation::solo_keyboard:
      return "solo keyboard";
    case Instrumentation::solo_strings:
      return "solo strings";
    case Instrumentation::solo_other:
      return "solo";
    case Instrumentation::choral:
      return "choral";
    case Instrumentation::opera:
      return "opera";
    case Instrumentation::voice:
      return "voice";
    case Instrumentation::band:
      return "band";
    case Instrumentation::electronic:
      return "electronic";
  }
  return "unknown";
}

Conclusions conclude(std::span<const WrittenTrack> tracks, const Joins& joins) {
  static_cast<void>(joins);
  const NameAuthority& authority = NameAuthority::shipped();
  Conclusions result;
  std::map<std::string, std::vector<std::size_t>> tracks_of;
  for (const WrittenTrack& track : tracks) {
    ConcludedTrack concluded;
    concluded.id = track.id;
    for (Credit& credit : authority.read(track.composers, track.arrangers)) {
      if (const Person* person = authority.named(credit.name))
        result.people[person->name] = *person;
      (credit.role == CreditRole::composer ? concluded.composers : concluded.arrangers)
          .push_back(std::move(credit));
    }
    const std::string title = track.title.substr(0, track.title.find(": "));
    if (title.size() < track.title.size())
      concluded.movement_title = track.title.substr(title.size() + 2);
    std::string key;
    for (const Credit& credit : concluded.composers) key += foldText(credit.name) + "/";
    tracks_of[key + foldText(title)].push_back(result.tracks.size());
    result.tracks.push_back(std::move(concluded));
  }
  for (const auto& [key, members] : tracks_of) {
    ConcludedWork work;
    work.key = key;
    const ConcludedTrack& first = result.tracks[members.front()];
    work.title = tracks[members.front()].title.substr(0, tracks[members.front()].title.find(": "));
    for (const Credit& credit : first.composers) work.composers.push_back(credit.name);
    for (const std::size_t member : members) {
      result.tracks[member].work = result.works.size();
      result.tracks[member].work_why = {0.5, "the title names it"};
    }
    result.works.push_back(std::move(work));
  }
  return result;
}

}  // namespace attacca::archive
