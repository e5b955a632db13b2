#include "namesakes.h"

#include "confidence.h"

namespace attacca::archive {

Namesakes::Namesakes(std::span<const WrittenTrack> written, std::span<const ConcludedTrack> tracks)
    : authority_(NameAuthority::shipped()) {
  for (std::size_t i = 0; i < written.size(); ++i) {
    for (const Credit& credit : tracks[i].composers) {
      const bool open = !others(credit.written).empty();
      if (open && !credit.known && written[i].album >= 0) in_full_[written[i].album];
    }
  }
  if (in_full_.empty()) return;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto album = in_full_.find(written[i].album);
    if (album == in_full_.end()) continue;
    for (const Credit& credit : tracks[i].composers) {
      if (credit.known && credit.confidence > kInFull) album->second.insert(credit.name);
    }
  }
}

const std::vector<const Person*>& Namesakes::of(const std::string& spelling) const {
  static const std::vector<const Person*> kNobody;
  const auto found = others_.find(spelling);
  return found == others_.end() ? kNobody : found->second;
}

const Person* Namesakes::neighbour(std::int64_t album,
                                   std::span<const Person* const> people) const {
  const auto names = in_full_.find(album);
  if (names == in_full_.end()) return nullptr;
  const Person* only = nullptr;
  for (const Person* person : people) {
    if (!names->second.contains(person->name)) continue;
    if (only != nullptr) return nullptr;
    only = person;
  }
  return only;
}

const std::vector<const Person*>& Namesakes::others(const std::string& spelling) {
  const auto [at, fresh] = others_.try_emplace(spelling);
  if (fresh) at->second = authority_.match(spelling).others;
  return at->second;
}

}  // namespace attacca::archive
