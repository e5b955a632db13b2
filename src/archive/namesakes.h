// Names that several people bear.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "attacca/archive/works.h"

namespace attacca::archive {

// Whom a spelling may mean, and whom albums name in full.
class Namesakes {
 public:
  // Before anything is concluded from titles, so that the order of rows plays no part.
  Namesakes(std::span<const WrittenTrack> written, std::span<const ConcludedTrack> tracks);

  // Who else is called so, or who of several; of a spelling of one of the tracks' composers.
  const std::vector<const Person*>& of(const std::string& spelling) const;
  // The only one of them whom the album names in full.
  const Person* neighbour(std::int64_t album, std::span<const Person* const> people) const;

 private:
  const std::vector<const Person*>& others(const std::string& spelling);

  const NameAuthority& authority_;
  std::unordered_map<std::string, std::vector<const Person*>> others_;
  // Of albums with a track that leaves open whom it means.
  std::unordered_map<std::int64_t, std::set<std::string>> in_full_;
};

}  // namespace attacca::archive
