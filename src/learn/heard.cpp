#include "heard.h"

#include <algorithm>

namespace attacca::learn {

Heard::Heard(const std::vector<std::vector<index::Row>>& histories, std::size_t items) {
  std::vector<Played> place(items, -1);
  for (const auto& history : histories) {
    for (const index::Row row : history) place[static_cast<std::size_t>(row)] = 0;
  }
  for (std::size_t row = 0; row < items; ++row) {
    if (place[row] < 0) continue;
    place[row] = static_cast<Played>(rows_.size());
    rows_.push_back(static_cast<index::Row>(row));
  }
  for (const auto& history : histories) {
    const auto begin = tracks_.insert(tracks_.end(), history.begin(), history.end());
    std::for_each(begin, tracks_.end(),
                  [&](Played& track) { track = place[static_cast<std::size_t>(track)]; });
    std::sort(begin, tracks_.end());
    tracks_.erase(std::unique(begin, tracks_.end()), tracks_.end());
    begins_.push_back(tracks_.size());
  }
}

namespace {

// Each number below `count` as likely as any other (Lemire, ACM TOMACS 2019).
std::uint32_t below(std::uint32_t count, Random& random) {
  std::uint64_t product = (random() >> 32U) * count;
  if (static_cast<std::uint32_t>(product) < count) {
    const std::uint32_t uneven = (0U - count) % count;
    while (static_cast<std::uint32_t>(product) < uneven) product = (random() >> 32U) * count;
  }
  return static_cast<std::uint32_t>(product >> 32U);
}

}  // namespace

Unheard::Unheard(const Heard& heard) : heard_(heard) {
  unheard_before_.reserve(heard.pairs());
  for (std::size_t listener = 0; listener < heard.listeners(); ++listener) {
    begins_.push_back(unheard_before_.size());
    Played heard_before = 0;
    for (const Played track : heard.of(listener)) unheard_before_.push_back(track - heard_before++);
  }
}

Played Unheard::draw(std::size_t listener, Random& random) const {
  const auto drawn =
      static_cast<Played>(below(static_cast<std::uint32_t>(count(listener)), random));
  // How many heard tracks have no more than `drawn` unheard ones before them; without branches.
  const Played* first = unheard_before_.data() + begins_[listener];
  const Played* at = first;
  for (std::size_t left = heard_.of(listener).size(); left > 0;) {
    const std::size_t half = (left + 1) / 2;
    at += at[half - 1] <= drawn ? half : 0;
    left -= half;
  }
  return drawn + static_cast<Played>(at - first);
}

}  // namespace attacca::learn
