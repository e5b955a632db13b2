// What neighbouring tracks of an album say about each other.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "work_rows.h"

namespace attacca::archive {
namespace {

struct Run {
  std::vector<std::size_t> rows;  // neighbours of one work, in playing order
};

// "Five Pieces": how many; 0 where the name does not begin with a number.
std::size_t piecesIn(const WorkName& name) {
  if (name.tokens.empty() || name.shape == Shape::cyclic) return 0;
  constexpr int kMost = 48;
  const Word& word = wordOf(name.tokens[0]);
  const int count = word.ordinal ? 0 : std::max(word.number, plainNumber(name.tokens[0]));
  return count > 1 && count <= kMost && name.tokens.size() > 1 ? static_cast<std::size_t>(count)
                                                               : 0;
}

// The usual number of a finale that travels alone; 0 where it is not usual enough.
int lastOf(const Row& row) {
  if (!isLast(row) || row.title.work.plural_form) return 0;
  if (row.known != nullptr && !row.known->movements.empty())
    return static_cast<int>(row.known->movements.size());
  constexpr int kFour = 4;
  constexpr int kThree = 3;
  for (const std::string_view form : {"quartet", "quintet", "symphony", "sextet", "octet"}) {
    if (row.title.work.form == form) return kFour;
  }
  return row.title.work.form == "concerto" ? kThree : 0;
}

// A track between the second and the fourth movement is the third.
void fillGaps(std::vector<int>& known, const KnownWork* work) {
  if (work == nullptr || work->movements.empty()) return;
  const int count = static_cast<int>(work->movements.size());
  for (std::size_t begin = 0; begin < known.size();) {
    if (known[begin] != 0) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < known.size() && known[end] == 0) ++end;
    const int before = begin == 0 ? 0 : known[begin - 1];
    const int after = end == known.size() ? count + 1 : known[end];
    const bool anchored = begin > 0 || end < known.size();
    if (anchored && after - before - 1 == static_cast<int>(end - begin)) {
      for (std::size_t i = begin; i < end; ++i) known[i] = before + 1 + static_cast<int>(i - begin);
    }
    begin = end;
  }
}

// Numbers that are stated, unless every track states the same: then it is a slip.
void numberRun(std::span<const Row> rows, const Run& run, std::vector<ConcludedTrack>& tracks) {
  const std::size_t count = run.rows.size();
  std::vector<int> stated(count);
  std::vector<int> known(count);
  std::set<int> distinct;
  bool all_named = true;
  for (std::size_t i = 0; i < count; ++i) {
    const Row& row = rows[run.rows[i]];
    stated[i] = row.written->movement_number && *row.written->movement_number > 0
                    ? *row.written->movement_number
                    : row.title.movement_number;
    if (stated[i] > 0) distinct.insert(stated[i]);
    known[i] = row.known_movement;
    const bool head_of_others = i == 0 && count > 1 && rows[run.rows[1]].head == run.rows[0];
    all_named = all_named && (!row.title.movement.empty() || row.title.movement_number > 0 ||
                              !row.written->movement.empty() || head_of_others);
  }
  const std::size_t with_number = static_cast<std::size_t>(
      std::count_if(stated.begin(), stated.end(), [](int n) { return n > 0; }));
  // The same number before differing movements is a slip; else they are performances.
  std::set<std::string_view> titles;
  bool agreed = false;
  bool contradicted = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (const std::string& title = rows[run.rows[i]].title.movement; !title.empty())
      titles.insert(title);
    agreed = agreed || (known[i] > 0 && known[i] == stated[i]);
    contradicted = contradicted || (known[i] > 0 && known[i] != stated[i]);
  }
  const bool slip = count > 1 && with_number == count && distinct.size() == 1 &&
                    titles.size() > 1 && (!agreed || contradicted);
  const bool ordered_by_known =
      std::none_of(known.begin(), known.end(), [](int n) { return n == 0; }) &&
      std::is_sorted(known.begin(), known.end());
  bool order_agrees = true;
  for (std::size_t i = 0; i < count; ++i)
    order_agrees = order_agrees && (known[i] == 0 || known[i] == static_cast<int>(i) + 1);
  const KnownWork* work = rows[run.rows[0]].known;
  const bool too_many =
      work != nullptr && !work->movements.empty() && count > work->movements.size();
  // Fewer tracks than the work has movements are excerpts, unless they are its first ones, known as
  // such.
  const bool fewer = work != nullptr ? count < work->movements.size()
                                     : count < piecesIn(rows[run.rows[0]].title.work);
  const bool excerpts =
      fewer && std::any_of(known.begin(), known.end(), [](int n) { return n == 0; });
  fillGaps(known, work);
  // Arias are played one by one, and not in order.
  const bool opera =
      work != nullptr && work->instrumentation == Instrumentation::opera && work->movements.empty();
  const bool ends_first = isLast(rows[run.rows[0]]) && count > 1;

  for (std::size_t i = 0; i < count; ++i) {
    const Row& row = rows[run.rows[i]];
    ConcludedTrack& track = tracks[run.rows[i]];
    const auto conclude = [&](int number, double confidence, std::string reason) {
      track.movement_number = number;
      track.movement_why = {confidence, std::move(reason)};
    };
    const int order = static_cast<int>(i) + 1;
    if (stated[i] > 0 && !slip) {
      const bool doubted = known[i] > 0 && known[i] != stated[i];
      conclude(stated[i], doubted ? 0.7 : 0.97,
               doubted
                   ? fmt::format("the title states number {}, though this is known as number {}",
                                 stated[i], known[i])
                   : fmt::format("the {} number {}",
                                 row.written->movement_number ? "tags state" : "title states",
                                 stated[i]));
    } else if (count > 1 && (slip || (all_named && with_number == 0)) && (order_agrees || slip) &&
               !excerpts && !too_many && !ends_first && !opera) {
      conclude(order, order_agrees && known[i] > 0 ? 0.95 : 0.8,
               slip ? fmt::format("all its tracks state number {}, so it follows from their order",
                                  stated[i])
                    : "it follows from the order of the tracks");
    } else if (const int last = lastOf(row); known[i] == 0 && count == 1 && last > 0) {
      conclude(last, 0.6, "the finale of a work of this form is usually its last movement");
    } else if (known[i] > 0) {
      conclude(known[i], ordered_by_known && count > 1 ? 0.95 : 0.85,
               "this movement of the work is known");
    }
  }
}

}  // namespace

std::vector<std::size_t> playingOrder(std::span<const Row> rows) {
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) order[i] = i;
  constexpr int kLast = 1 << 30;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto place = [&](const Row& row) {
      return std::tuple(row.written->album, row.disc, row.written->position.value_or(kLast));
    };
    return place(rows[a]) < place(rows[b]);
  });
  return order;
}

namespace {

// "Adagio from Sinfonietta" is the second where another track of the work is "II. Adagio".
void numberFromOthers(std::span<const Row> rows, std::vector<ConcludedTrack>& tracks) {
  std::map<std::pair<std::size_t, std::string>, int> numbers;
  const auto nameOf = [&](std::size_t i) {
    std::string name;
    for (const Token& token : tokensOf(rows[i].title.movement)) {
      const Word& word = wordOf(token.text);
      if (word.filler) continue;
      name += word.form.empty() ? token.text : std::string(word.form);
      name += ' ';
    }
    return name;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].group == kNone || !tracks[i].movement_number) continue;
    const std::string name = nameOf(i);
    if (name.empty()) continue;
    const auto [at, fresh] = numbers.try_emplace({rows[i].group, name}, *tracks[i].movement_number);
    if (!fresh && at->second != *tracks[i].movement_number) at->second = 0;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].group == kNone || tracks[i].movement_number || rows[i].title.movement.empty())
      continue;
    const auto at = numbers.find({rows[i].group, nameOf(i)});
    if (at == numbers.end() || at->second == 0) continue;
    tracks[i].movement_number = at->second;
    tracks[i].movement_why = {0.8, "another track of this work has this movement with its number"};
  }
}

}  // namespace

void numberMovements(std::span<const Row> rows, std::span<const std::size_t> order,
                     std::vector<ConcludedTrack>& tracks) {
  for (std::size_t begin = 0; begin < order.size();) {
    const Row& first = rows[order[begin]];
    std::size_t end = begin + 1;
    Run run{{order[begin]}};
    while (end < order.size() && first.group != kNone && rows[order[end]].group == first.group &&
           neighbours(first, rows[order[end]])) {
      run.rows.push_back(order[end++]);
    }
    // "I" to "IV" twice in a row are two performances.
    std::size_t from = 0;
    for (std::size_t i = 1; i <= run.rows.size(); ++i) {
      const bool again = i < run.rows.size() && rows[run.rows[i]].title.movement_number == 1 &&
                         rows[run.rows[i - 1]].title.movement_number != 1;
      if (i < run.rows.size() && !again) continue;
      numberRun(rows,
                {{run.rows.begin() + static_cast<std::ptrdiff_t>(from),
                  run.rows.begin() + static_cast<std::ptrdiff_t>(i)}},
                tracks);
      from = i;
    }
    begin = end;
  }
  numberFromOthers(rows, tracks);
}

}  // namespace attacca::archive
