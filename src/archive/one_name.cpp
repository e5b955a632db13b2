// One name for each whom the authority does not know, in fields and titles.
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

#include "work_rows.h"

namespace attacca::archive {

void oneNameForEach(std::span<const WrittenTrack> written, std::vector<ConcludedTrack>& tracks,
                    std::vector<Row>& rows) {
  std::set<std::string, std::less<>> unknown;
  const auto collect = [&](const std::vector<Credit>& credits) {
    for (const Credit& credit : credits) {
      if (!credit.known && !isNobodysName(credit.name) && !unknown.contains(credit.name))
        unknown.insert(credit.name);
    }
  };
  for (const ConcludedTrack& track : tracks) collect(track.arrangers);
  // Without arrangers whom titles name, the fields' names are one already.
  if (unknown.empty()) return;
  for (const ConcludedTrack& track : tracks) collect(track.composers);
  const std::vector<std::string> names(unknown.begin(), unknown.end());
  const std::map<std::string, std::string> one_name = groupUnknown(names);
  const auto rename = [&](Credit& credit) {
    const auto same = credit.known ? one_name.end() : one_name.find(credit.name);
    if (same == one_name.end() || same->second == credit.name) return;
    credit.reason = fmt::format("taken for \"{}\", who is in the catalogue too", same->second);
    credit.name = same->second;
  };
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!written[i].fixed.arrangers) {
      for (Credit& credit : tracks[i].arrangers) rename(credit);
    }
    if (written[i].fixed.composers) continue;
    for (Credit& credit : tracks[i].composers) {
      const std::string before = credit.name;
      rename(credit);
      if (rows[i].composer == before) rows[i].composer = credit.name;
    }
  }
}

}  // namespace attacca::archive
