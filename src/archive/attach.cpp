#include "attacca/archive/attach.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "attacca/archive/entry.h"
#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

constexpr double kSeconds = 2;
constexpr double kShare = 0.01;

// The last `most` components of a path, folded, without the extension: "disc 1/01 prelude".
std::string fileKey(std::string_view file, std::size_t most) {
  std::string key;
  bool name = true;
  while (!file.empty() && most > 0) {
    const std::size_t slash = file.find_last_of("/\\");
    std::string_view part = slash == std::string_view::npos ? file : file.substr(slash + 1);
    file = slash == std::string_view::npos ? std::string_view() : file.substr(0, slash);
    if (part.empty()) continue;
    if (name) {
      const std::size_t dot = part.rfind('.');
      if (dot != std::string_view::npos && dot > 0) part = part.substr(0, dot);
      name = false;
    }
    std::string folded = foldText(part);
    if (!key.empty()) folded.append("/").append(key);
    key = std::move(folded);
    --most;
  }
  return key;
}

std::size_t componentsOf(std::string_view file) {
  std::size_t count = 0;
  bool inside = false;
  for (const char c : file) {
    const bool slash = c == '/' || c == '\\';
    if (!slash && !inside) ++count;
    inside = !slash;
  }
  return count;
}

class Matching {
 public:
  using Key = std::function<std::string(const Unattached&)>;  // "": takes no part

  Matching(std::span<const Unattached> rows, std::span<const Unattached> audio)
      : rows_(rows), audio_(audio), row_taken_(rows.size()), audio_taken_(audio.size()) {}

  // Joins what has one key and, if asked for, one duration, where neither side has a choice.
  void join(const Key& row_key, const Key& audio_key, bool durations_too) {
    std::unordered_map<std::string, std::vector<std::size_t>> by_key;
    for (std::size_t i = 0; i < audio_.size(); ++i) {
      if (audio_taken_[i]) continue;
      if (auto key = audio_key(audio_[i]); !key.empty()) by_key[std::move(key)].push_back(i);
    }
    for (auto& [key, list] : by_key) {
      std::sort(list.begin(), list.end(), [&](std::size_t a, std::size_t b) {
        return audio_[a].duration.value_or(Seconds(0)) < audio_[b].duration.value_or(Seconds(0));
      });
    }
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::vector<std::size_t> wanted_by(audio_.size(), kNone);
    std::vector<int> wanted(audio_.size(), 0);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (row_taken_[row]) continue;
      const std::string key = row_key(rows_[row]);
      const auto found = key.empty() ? by_key.end() : by_key.find(key);
      if (found == by_key.end()) continue;
      const auto [one, many] = candidates(rows_[row], found->second, durations_too);
      // All that it might mean are wanted by it, so that nobody else takes one for sure.
      for (const std::size_t i : many) ++wanted[i];
      if (one != kNone) wanted_by[one] = row;
    }
    for (std::size_t i = 0; i < audio_.size(); ++i) {
      if (wanted[i] != 1 || wanted_by[i] == kNone) continue;
      audio_taken_[i] = true;
      row_taken_[wanted_by[i]] = true;
      pairs_.emplace_back(wanted_by[i], i);
    }
  }

  std::vector<std::pair<TrackId, TrackId>> pairs() {
    std::sort(pairs_.begin(), pairs_.end());
    std::vector<std::pair<TrackId, TrackId>> ids;
    ids.reserve(pairs_.size());
    for (const auto& [row, audio] : pairs_) ids.emplace_back(rows_[row].id, audio_[audio].id);
    return ids;
  }

 private:
  std::pair<std::size_t, std::span<const std::size_t>> candidates(
      const Unattached& row, const std::vector<std::size_t>& list, bool durations_too) const {
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::span<const std::size_t> fit(list);
    if (durations_too) {
      if (!row.duration) return {kNone, {}};
      const Seconds slack(std::max(kSeconds, kShare * row.duration->count()));
      const auto less = [&](std::size_t i, Seconds value) {
        return audio_[i].duration.value_or(Seconds(0)) < value;
      };
      const auto first = std::lower_bound(list.begin(), list.end(), *row.duration - slack, less);
      const auto last = std::lower_bound(first, list.end(), *row.duration + slack, less);
      fit = {first, last};
    }
    return {fit.size() == 1 ? fit.front() : kNone, fit};
  }

  std::span<const Unattached> rows_;
  std::span<const Unattached> audio_;
  std::vector<bool> row_taken_;
  std::vector<bool> audio_taken_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
};

}  // namespace

std::vector<std::pair<TrackId, TrackId>> attachments(std::span<const Unattached> rows,
                                                     std::span<const Unattached> audio) {
  if (rows.empty() || audio.empty()) return {};
  Matching matching(rows, audio);
  std::size_t deepest = 0;
  for (const Unattached& row : rows) deepest = std::max(deepest, componentsOf(row.file));
  constexpr std::size_t kDeepest = 16;
  // A row's whole key, which says how many components of the path are looked at.
  for (std::size_t depth = std::min(deepest, kDeepest); depth >= 2; --depth) {
    matching.join(
        [&](const Unattached& row) {
          return componentsOf(row.file) == depth ? fileKey(row.file, depth) : std::string();
        },
        [&](const Unattached& one) { return fileKey(one.file, depth); }, false);
  }
  const auto name = [](const Unattached& one) { return fileKey(one.file, 1); };
  matching.join(name, name, true);
  const auto title_and_album = [](const Unattached& one) {
    return one.title.empty() || one.album.empty()
               ? std::string()
               : searchKey(one.title) + kJoin + searchKey(one.album);
  };
  matching.join(title_and_album, title_and_album, true);
  const auto title = [](const Unattached& one) {
    return one.title.empty() ? std::string() : searchKey(one.title);
  };
  matching.join(title, title, true);
  return matching.pairs();
}

}  // namespace attacca::archive
