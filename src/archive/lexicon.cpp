#include "lexicon.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <unordered_map>
#include <vector>

#include "lexicon_words.h"

namespace attacca::archive {
namespace {

using namespace words;

template <typename Use>
void eachWord(std::string_view words, Use use) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (end > at) use(words.substr(at, end - at));
    at = end + 1;
  }
}

using Table = std::unordered_map<std::string_view, Word>;

Table makeTable() {
  Table table;
  eachWord(kFiller, [&](std::string_view word) { table[word].filler = true; });
  eachWord(kTempo, [&](std::string_view word) { table[word].movement = table[word].tempo = true; });
  for (const FormWords& form : kForms) {
    eachWord(form.words, [&](std::string_view word) {
      Word& entry = table[word];
      entry.form = form.form;
      entry.shape = form.shape;
      entry.movement = entry.movement || form.movement;
    });
  }
  for (const InstrumentWords& entry : kInstruments) {
    eachWord(entry.words,
             [&](std::string_view word) { table[word].instruments |= entry.instruments; });
  }
  for (std::size_t i = 0; i < kCardinals.size(); ++i) {
    eachWord(kCardinals[i],
             [&](std::string_view word) { table[word].number = static_cast<int>(i) + 1; });
  }
  for (std::size_t i = 0; i < kOrdinals.size(); ++i) {
    eachWord(kOrdinals[i], [&](std::string_view word) {
      table[word].number = static_cast<int>(i) + 1;
      table[word].ordinal = true;
    });
  }
  for (const std::string_view word : {"adagio", "andante", "allegro", "largo"})
    table[word].tempo = true;
  return table;
}

const Table& table() {
  static const Table kTable = makeTable();
  return kTable;
}

// Words by first letter and length, for finding misspelt ones.
using Buckets = std::unordered_map<std::size_t, std::vector<std::string_view>>;
constexpr std::size_t kLongWord = 6;
constexpr std::size_t kLongestWord = 24;

std::size_t bucketOf(char first, std::size_t length) {
  return length * 256 + static_cast<unsigned char>(first);
}

const Buckets& longWords() {
  static const Buckets kBuckets = [] {
    Buckets buckets;
    for (const auto& [word, meaning] : table()) {
      // A misspelt tempo or filler is better not guessed: it may be a name.
      if (word.size() >= kLongWord && (!meaning.form.empty() || meaning.instruments != 0)) {
        buckets[bucketOf(word[0], word.size())].push_back(word);
      }
    }
    for (auto& [key, words] : buckets) std::sort(words.begin(), words.end());
    return buckets;
  }();
  return kBuckets;
}

}  // namespace

bool within(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return false;
  while (!a.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty()) return b.size() <= limit;
  if (limit == 0) return false;
  const bool swapped = a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0];
  if (limit == 1) return swapped || (a.size() == 1 && b.size() == 1);
  constexpr std::size_t kLongest = 32;
  if (b.size() >= kLongest) return false;
  std::array<std::uint8_t, kLongest> before{};
  std::array<std::uint8_t, kLongest> last{};
  std::array<std::uint8_t, kLongest> now{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<std::uint8_t>(i);
    std::uint8_t best = now[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      int cost =
          std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost = std::min(cost, before[j - 2] + 1);
      now[j] = static_cast<std::uint8_t>(cost);
      best = std::min(best, now[j]);
    }
    if (best > limit) return false;
    before = last;
    last = now;
  }
  return last[b.size()] <= limit;
}

const Word& wordOf(std::string_view folded) {
  static const Word kNone;
  if (folded.size() > kLongestWord) return kNone;
  if (const auto found = table().find(folded); found != table().end()) return found->second;
  if (folded.size() < kLongWord) return kNone;
  // Words of their own, a letter from "string", "walzer", "violen" and "ballade".
  for (const std::string_view word : {"spring", "walter", "violet", "ballard"}) {
    if (folded == word) return kNone;
  }
  for (const std::size_t length : {folded.size(), folded.size() - 1, folded.size() + 1}) {
    const auto bucket = longWords().find(bucketOf(folded[0], length));
    if (bucket == longWords().end()) continue;
    for (const std::string_view word : bucket->second) {
      // Endings differ between languages; a wrong last letter is another word ("concertino").
      if (within(folded, word, 1)) return table().find(word)->second;
    }
  }
  return kNone;
}

int plainNumber(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() && value > 0 ? value : 0;
}

int romanNumber(std::string_view folded) {
  static constexpr std::array<std::string_view, 10> kOnes = {"",  "i",  "ii",  "iii",  "iv",
                                                             "v", "vi", "vii", "viii", "ix"};
  int tens = 0;
  while (!folded.empty() && folded[0] == 'x' && folded != "xl") {
    folded.remove_prefix(1);
    ++tens;
  }
  if (tens > 3) return 0;
  if (tens == 0 && folded.starts_with("xl")) {
    tens = 4;
    folded.remove_prefix(2);
  }
  const auto* ones = std::find(kOnes.begin(), kOnes.end(), folded);
  if (ones == kOnes.end()) return 0;
  const int value = tens * 10 + static_cast<int>(ones - kOnes.begin());
  return value;
}

}  // namespace attacca::archive
