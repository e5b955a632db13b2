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

bool neighbours(const Row& a, const Row& b) {
  return a.written->album >= 0 && a.written->album == b.written->album && a.disc == b.disc;
}

bool isLast(const Row& row) {
  const std::vector<Token> tokens = tokensOf(row.title.movement);
  return !tokens.empty() && (tokens[0].text == "finale" || tokens[0].text == "final");
}

// Whether `row`, which names a movement only, goes on with what `before` is of.
bool continues(const Row& row, const Row& before, const Row& head) {
  if (!neighbours(row, before)) return false;
  if (!row.composer.empty() && row.composer != head.composer) return false;
  const int number = row.title.movement_number;
  const int last = before.title.movement_number;
  if (number == 1) return false;
  if (number > 1) return last == 0 ? number == 2 || before.head != kNone : number > last;
  // Without numbers, only a work that was named whole and has movements goes on.
  const bool whole = head.title.movement.empty() && head.title.movement_number == 0;
  for (const Token& token : tokensOf(row.title.movement)) {
    // An elegy or a waltz may as well be an encore.
    const Word& word = wordOf(token.text);
    const bool usual = word.tempo || word.filler || word.form == "scherzo" ||
                       word.form == "minuet" || word.form == "trio" || word.form == "rondo" ||
                       word.form == "variations" || word.form == "fugue";
    if (!usual) return false;
  }
  const bool has_movements = head.title.work.shape == Shape::cyclic ||
                             (head.known != nullptr && head.known->movements.size() > 1);
  return whole && has_movements && !isLast(before);
}

struct Run {
  std::vector<std::size_t> rows;  // neighbours of one work, in playing order
};

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
  const bool slip = count > 1 && with_number == count && distinct.size() == 1;
  const bool ordered_by_known =
      std::none_of(known.begin(), known.end(), [](int n) { return n == 0; }) &&
      std::is_sorted(known.begin(), known.end());
  bool order_agrees = true;
  for (std::size_t i = 0; i < count; ++i)
    order_agrees = order_agrees && (known[i] == 0 || known[i] == static_cast<int>(i) + 1);
  const KnownWork* work = rows[run.rows[0]].known;
  const bool too_many =
      work != nullptr && !work->movements.empty() && count > work->movements.size();
  // Movements that are known but were not recognised: fewer tracks than movements are excerpts.
  const bool excerpts = work != nullptr && count < work->movements.size() &&
                        std::all_of(known.begin(), known.end(), [](int n) { return n == 0; });
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
               !excerpts && !too_many && !ends_first) {
      conclude(order, order_agrees && known[i] > 0 ? 0.95 : 0.8,
               slip ? fmt::format("all its tracks state number {}, so it follows from their order",
                                  stated[i])
                    : "it follows from the order of the tracks");
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

void continueWorks(std::vector<Row>& rows, std::span<const std::size_t> order) {
  for (std::size_t i = 1; i < order.size(); ++i) {
    Row& row = rows[order[i]];
    const Row& before = rows[order[i - 1]];
    if (!row.title.movement_only || row.known != nullptr || !row.written->work.empty() ||
        row.written->fixed.work || row.own_work != nullptr)
      continue;
    const std::size_t head = before.head != kNone ? before.head : order[i - 1];
    if (rows[head].own_work != nullptr) continue;
    // A row that is itself only a tempo is no work to go on with.
    if (rows[head].title.movement_only && rows[head].head == kNone && rows[head].known == nullptr)
      continue;
    if (continues(row, before, rows[head])) row.head = head;
  }
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
