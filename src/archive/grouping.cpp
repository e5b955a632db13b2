#include "grouping.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace attacca::archive {
namespace {

// What is known of a group of readings so far.
struct Features {
  const KnownWork* known = nullptr;
  std::string part;
  std::vector<CatalogueNumber> numbers;
  MusicKey key;
  std::string_view form;
  Shape shape = Shape::none;
  int number = 0;
  Instruments instruments = 0;
  std::vector<std::string> words;
};

bool haveWordInCommon(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& word) {
    return std::any_of(b.begin(), b.end(), [&](const std::string& other) {
      return word == other || (word.size() > 5 && within(word, other, 1));
    });
  });
}

// 1 the same number, -1 different numbers of one catalogue, 0 nothing to compare.
int compareNumbers(const Features& a, const Features& b) {
  int verdict = 0;
  for (const CatalogueNumber& left : a.numbers) {
    for (const CatalogueNumber& right : b.numbers) {
      if (left.scheme != right.scheme) continue;
      if (left == right) return 1;
      const bool open = left.sameNumber(right) && (left.part.empty() || right.part.empty());
      const int number = left.part.empty() ? a.number : b.number;
      const std::string& part = left.part.empty() ? right.part : left.part;
      if (open && number != 0 && plainNumber(part) == number) return 1;
      if (open && number == 0) continue;
      verdict = -1;
    }
  }
  return verdict;
}

bool contradict(const Features& a, const Features& b) {
  if (a.known != nullptr && b.known != nullptr) return a.known != b.known || a.part != b.part;
  const int numbers = compareNumbers(a, b);
  if (numbers < 0 || differ(a.key, b.key)) return true;
  if (a.form == b.form && a.number != 0 && b.number != 0 && a.number != b.number) return true;
  if (numbers == 0 && agree(a.instruments, b.instruments) < 0) return true;
  if (a.form != b.form && a.shape == Shape::cyclic && b.shape == Shape::cyclic && numbers == 0)
    return true;
  return numbers == 0 && !a.words.empty() && !b.words.empty() &&
         !haveWordInCommon(a.words, b.words);
}

// Forms of which a composer seldom wrote two that are both played.
bool isRare(std::string_view form) {
  for (const std::string_view rare :
       {"elegy", "lullaby", "legend", "meditation", "tarantella", "habanera", "passacaglia", "poem",
        "serenade", "divertimento", "octet", "sextet", "septet", "csardas", "canon", "requiem",
        "magnificat"}) {
    if (form == rare) return true;
  }
  return false;
}

class Grouper {
 public:
  explicit Grouper(std::span<const Reading> readings) : readings_(readings) {
    parent_.resize(readings.size());
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    groups_.resize(readings.size());
    features_.reserve(readings.size());
    for (const Reading& reading : readings) {
      const WorkName& name = reading.name;
      features_.push_back({reading.known, reading.part, name.numbers, name.key, name.form,
                           name.shape, name.number, name.instruments, name.words});
      if (reading.known == nullptr || reading.known->set) continue;
      Features& features = features_.back();
      const WorkName& known = reading.known->name;
      features.numbers.insert(features.numbers.end(), reading.known->numbers.begin(),
                              reading.known->numbers.end());
      if (known.key) features.key = known.key;
      if (!known.form.empty()) {
        features.form = known.form;
        features.shape = known.shape;
      }
      if (known.number != 0) features.number = known.number;
    }
  }

  std::vector<Group> run() {
    std::map<std::string_view, std::vector<std::size_t>> by_composer;
    for (std::size_t i = 0; i < readings_.size(); ++i)
      by_composer[readings_[i].composer].push_back(i);
    for (auto& [composer, members] : by_composer) {
      // So that the order of the catalogue plays no part. What says most comes first.
      std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
        const WorkName& left = readings_[a].name;
        const WorkName& right = readings_[b].name;
        const auto weight = [&](std::size_t i, const WorkName& name) {
          return std::tuple(readings_[i].known == nullptr, name.numbers.empty(), !name.key,
                            name.number == 0);
        };
        if (weight(a, left) != weight(b, right)) return weight(a, left) < weight(b, right);
        return std::tie(left.tokens, left.text) < std::tie(right.tokens, right.text);
      });
      sure(members);
      byForm(members);
      byWords(members);
      weak(members);
    }
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      groups_[i].first = find(i);
      if (groups_[i].confidence == 0) alone(i);
    }
    return std::move(groups_);
  }

 private:
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  bool join(std::size_t a, std::size_t b, double confidence, const char* reason) {
    std::size_t keep = find(a);
    std::size_t drop = find(b);
    if (keep == drop) return true;
    if (contradict(features_[keep], features_[drop])) return false;
    for (const std::size_t i : {a, b}) {
      if (groups_[i].confidence == 0) {
        groups_[i].confidence = confidence;
        groups_[i].reason = reason;
      }
    }
    if (drop < keep) std::swap(keep, drop);
    parent_[drop] = keep;
    Features& into = features_[keep];
    Features& from = features_[drop];
    if (into.known == nullptr) {
      into.known = from.known;
      into.part = from.part;
    }
    for (CatalogueNumber& number : from.numbers) {
      if (std::none_of(into.numbers.begin(), into.numbers.end(),
                       [&](const CatalogueNumber& other) { return other == number; })) {
        into.numbers.push_back(std::move(number));
      }
    }
    if (!into.key || (into.key.mode == MusicKey::Mode::unknown && from.key)) into.key = from.key;
    if (into.form.empty() || (into.shape != Shape::cyclic && from.shape == Shape::cyclic)) {
      into.form = from.form;
      into.shape = from.shape;
    }
    if (into.number == 0) into.number = from.number;
    into.instruments |= from.instruments;
    into.words.insert(into.words.end(), from.words.begin(), from.words.end());
    return true;
  }

  void alone(std::size_t i) {
    const Reading& reading = readings_[i];
    if (!reading.name.numbers.empty()) {
      groups_[i].confidence = 0.9;
      groups_[i].reason = "its catalogue number is no other work's";
    } else if (reading.name.key || reading.name.number != 0 || !reading.name.words.empty()) {
      groups_[i].confidence = 0.8;
      groups_[i].reason = "nothing else in the catalogue is called so";
    } else {
      groups_[i].confidence = 0.5;
      groups_[i].reason = "the title says little";
    }
  }

  void sure(const std::vector<std::size_t>& members) {
    std::unordered_map<std::string, std::size_t> known;
    std::unordered_map<std::string, std::size_t> numbered;
    for (const std::size_t i : members) {
      const Reading& reading = readings_[i];
      if (reading.known == nullptr) continue;
      const auto [at, fresh] = known.try_emplace(reading.known->title + '\n' + reading.part, i);
      if (!fresh) join(at->second, i, 0.95, "another spelling of a known work");
    }
    for (const std::size_t i : members) {
      for (const CatalogueNumber& number : readings_[i].name.numbers) {
        // An opus of several works means one of them only with its number.
        std::string key = number.key();
        if (number.part.empty() && number.scheme == "Op." && readings_[i].name.number != 0) {
          const auto [at, fresh] =
              numbered.try_emplace(fmt::format("{}/{}", key, readings_[i].name.number), i);
          if (!fresh) join(at->second, i, 0.9, "the same catalogue number");
        }
        const auto [at, fresh] = numbered.try_emplace(std::move(key), i);
        if (!fresh) join(at->second, i, 0.95, "the same catalogue number");
      }
    }
  }

  static std::string keyText(const MusicKey& key) {
    return fmt::format("{}{}", key.tonic, key.alteration);
  }

  // Form with key or number: all that most titles of sonatas and symphonies say.
  void byForm(const std::vector<std::size_t>& members) {
    std::map<std::string, std::vector<std::size_t>> buckets;
    for (const std::size_t i : members) {
      const WorkName& name = readings_[i].name;
      if (name.form.empty()) continue;
      if (name.key) buckets[fmt::format("{} {}", name.form, keyText(name.key))].push_back(i);
      if (name.number != 0) buckets[fmt::format("{} {}", name.form, name.number)].push_back(i);
    }
    for (const auto& [key, bucket] : buckets) unite(bucket, 0.85, "form, key and number agree");
  }

  // Joins what agrees with one group only.
  void unite(const std::vector<std::size_t>& bucket, double confidence, const char* reason) {
    for (const std::size_t i : bucket) {
      std::size_t other = readings_.size();
      bool clear = true;
      for (const std::size_t j : bucket) {
        if (find(i) == find(j) || contradict(features_[find(i)], features_[find(j)])) continue;
        if (other < readings_.size() && find(other) != find(j)) clear = false;
        other = j;
      }
      if (other < readings_.size() && clear) join(i, other, confidence, reason);
    }
  }

  void byWords(const std::vector<std::size_t>& members) {
    std::map<std::string, std::vector<std::size_t>> buckets;
    for (const std::size_t i : members) {
      std::vector<std::string> words = readings_[i].name.words;
      std::sort(words.begin(), words.end());
      words.erase(std::unique(words.begin(), words.end()), words.end());
      std::string key;
      for (const std::string& word : words) key += word + ' ';
      if (!key.empty()) buckets[key].push_back(i);
    }
    for (const auto& [key, bucket] : buckets) {
      for (const std::size_t i : bucket) join(bucket[0], i, 0.85, "the titles say the same");
      unite(bucket, 0.85, "the titles say the same");
    }
    // The same words but for a letter.
    std::map<char, std::vector<std::pair<std::string_view, std::size_t>>> spellings;
    for (const auto& [key, bucket] : buckets) {
      constexpr std::size_t kLong = 7;
      if (key.size() > kLong) spellings[key[0]].emplace_back(key, bucket[0]);
    }
    for (const auto& [letter, list] : spellings) {
      constexpr std::size_t kMost = 400;  // a composer has fewer works; this is no composer's list
      for (std::size_t a = 0; a < list.size() && list.size() < kMost; ++a) {
        for (std::size_t b = a + 1; b < list.size(); ++b) {
          const std::size_t limit =
              std::min(list[a].first.size(), list[b].first.size()) < 14 ? 1 : 2;
          if (std::any_of(list[a].first.begin(), list[a].first.end(),
                          [](char c) { return c >= '0' && c <= '9'; }))
            continue;
          if (within(list[a].first, list[b].first, limit))
            join(list[a].second, list[b].second, 0.75, "the titles are spelled nearly alike");
        }
      }
    }
  }

  // "Scherzo from String Serenade": form and instruments, where the composer has only one such work
  // here.
  void weak(const std::vector<std::size_t>& members) {
    std::map<std::string_view, std::vector<std::size_t>> by_form;
    for (const std::size_t i : members) {
      if (!readings_[i].name.form.empty()) by_form[readings_[i].name.form].push_back(i);
    }
    for (const auto& [form, bucket] : by_form) {
      for (const std::size_t i : bucket) {
        const WorkName& name = readings_[i].name;
        if (name.key || name.number != 0 || !name.numbers.empty() || !name.words.empty() ||
            readings_[i].known != nullptr)
          continue;
        std::set<std::size_t> others;
        for (const std::size_t j : bucket) {
          const Features& other = features_[find(j)];
          const int instruments = agree(features_[find(i)].instruments, other.instruments);
          if (find(j) != find(i) && other.form == form &&
              (instruments > 0 || (instruments == 0 && isRare(form))) &&
              !contradict(features_[find(i)], other)) {
            others.insert(find(j));
          }
        }
        if (others.size() == 1)
          join(*others.begin(), i, 0.6, "the composer's only work of this kind here");
      }
    }
  }

  std::span<const Reading> readings_;
  std::vector<std::size_t> parent_;
  std::vector<Features> features_;
  std::vector<Group> groups_;
};

}  // namespace

std::vector<Group> groupReadings(std::span<const Reading> readings) {
  return Grouper(readings).run();
}

}  // namespace attacca::archive
