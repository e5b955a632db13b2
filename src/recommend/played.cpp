#include "played.h"

#include <algorithm>

#include <fmt/format.h>

namespace attacca::recommend {

Played::Played(const Material& material) : plays(material.snapshot->size()) {
  std::size_t unknown = 0;
  std::size_t later = 0;
  const auto log = material.log;
  for (std::size_t i = 0; i < log.size();) {
    const std::size_t begin = in_order.all.size();
    for (const std::int64_t listener = log[i].listener;
         i < log.size() && log[i].listener == listener; ++i) {
      const auto row = material.snapshot->row(log[i].track);
      if (log[i].at > material.now) {
        ++later;
      } else if (!row) {
        ++unknown;
      } else if (completion(log[i].fraction) > 0) {
        in_order.all.push_back(*row);
        ++plays[static_cast<std::size_t>(*row)];
      }
    }
    if (in_order.all.size() == begin) continue;
    in_order.ends.push_back(in_order.all.size());
    std::vector<Row> distinct(in_order.all.begin() + static_cast<std::ptrdiff_t>(begin),
                              in_order.all.end());
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    rows.all.insert(rows.all.end(), distinct.begin(), distinct.end());
    rows.ends.push_back(rows.all.size());
  }
  listeners.ends.resize(plays.size());
  for (const Row row : rows.all) ++listeners.ends[static_cast<std::size_t>(row)];
  std::vector<std::size_t> next(plays.size());
  for (std::size_t i = 0, end = 0; i < plays.size(); ++i) {
    next[i] = end;
    end += listeners.ends[i];
    listeners.ends[i] = end;
  }
  listeners.all.resize(rows.all.size());
  for (std::size_t listener = 0; listener < rows.size(); ++listener) {
    for (const Row row : rows.of(listener)) {
      listeners.all[next[static_cast<std::size_t>(row)]++] = static_cast<std::uint32_t>(listener);
    }
  }
  if (unknown > 0) {
    left_out.push_back(fmt::format(
        "{} of {} plays in the log are of tracks that cannot be compared and were not learned from",
        unknown, log.size()));
  }
  if (later > 0) {
    left_out.push_back(
        fmt::format("{} of {} plays in the log are of a later time and were not learned from",
                    later, log.size()));
  }
}

}  // namespace attacca::recommend
