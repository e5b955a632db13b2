// The authority's file: reading it and making it ready for comparing.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "attacca/archive/people.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "name_index.h"
#include "shipped_people.h"

namespace attacca::archive {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(trimmed(text.substr(at, end - at)));
    at = end + 1;
  }
  return parts;
}

std::string joined(const std::vector<NameWord>& words, std::size_t from, std::size_t to) {
  std::string key;
  for (std::size_t i = from; i < to; ++i) key += words[i].text;
  return key;
}

// Turns "Last, First" round at its comma.
std::string turned(std::string_view name) {
  const std::size_t comma = name.find(',');
  if (comma == std::string_view::npos) return std::string(name);
  const std::string_view last = trimmed(name.substr(0, comma));
  const std::string_view first = trimmed(name.substr(comma + 1));
  for (const std::string_view suffix : {" I", " II"}) {
    if (last.size() > suffix.size() && last.substr(last.size() - suffix.size()) == suffix) {
      return fmt::format("{} {}{}", first, last.substr(0, last.size() - suffix.size()), suffix);
    }
  }
  return fmt::format("{} {}", first, last);
}

class Reader {
 public:
  explicit Reader(NameAuthority::Index& index) : index_(index) {}

  void read(std::string_view text) {
    for (const std::string_view line : split(text, '\n')) {
      ++line_;
      if (line.empty() || line.front() == '#') continue;
      if (line.front() == '=' || line.front() == '+') {
        readGivenNames(line);
      } else {
        readPerson(line);
      }
    }
    for (std::uint32_t form = 0; form < index_.forms.size(); ++form) {
      index_.letters.push_back(letterMask(index_.forms[form].surname));
      index_.by_surname[index_.forms[form].surname].push_back(form);
      index_.by_sound[soundOf(index_.forms[form].surname)].push_back(form);
    }
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    throw Error(Fault::corrupt, fmt::format("Line {} of the name authority {}", line_, what),
                "Write it as the head of src/archive/data/people.txt says");
  }

  void readGivenNames(std::string_view line) {
    for (const std::string& word : splitWords(line.substr(1))) {
      if (!index_.given.emplace(word, line[0] == '=' ? line_ : next_class_++).second)
        refuse(fmt::format("repeats the given name \"{}\"", word));
    }
  }

  std::optional<int> year(std::string_view text, Person& person) const {
    if (text.empty()) return std::nullopt;
    if (text.front() == 'c') {
      person.circa = true;
      text.remove_prefix(1);
    }
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 500 || value > 2100) {
      refuse(fmt::format("holds \"{}\", which is no year", text));
    }
    return value;
  }

  void readPerson(std::string_view line) {
    const auto fields = split(line, '|');
    if (fields.size() < 4 || fields.size() > 5 || fields[0].empty())
      refuse("does not hold 4 or 5 fields");
    Person person;
    person.sort_name = fields[0];
    person.name = turned(fields[0]);
    person.born = year(fields[1], person);
    person.died = year(fields[2], person);
    if (person.born && person.died && *person.died < *person.born) refuse("dies before being born");
    if (fields.size() == 5) {
      if (fields[4] != "arranges")
        refuse(fmt::format("holds \"{}\" where \"arranges\" may stand", fields[4]));
      person.mostly_arranges = true;
    }
    const auto id = static_cast<std::uint32_t>(index_.people.size());
    if (!index_.by_name.emplace(person.name, id).second)
      refuse(fmt::format("repeats {}", person.name));
    index_.people.push_back(person);
    surnames_.clear();
    given_.clear();
    addName(fields[0], id, false, false);
    for (std::string_view alias : split(fields[3], ';')) {
      if (alias.empty()) continue;
      const bool claims = alias.back() == '!';
      if (claims) alias.remove_suffix(1);
      addName(alias, id, true, claims);
    }
  }

  // Where the surname begins among words written in the usual order.
  std::size_t surnameStart(const std::vector<NameWord>& words) const {
    for (const std::string& surname : surnames_) {
      for (std::size_t start = 0; start < words.size(); ++start) {
        if (joined(words, start, words.size()) == surname) return start;
      }
    }
    std::size_t start = words.size() - 1;
    while (start > 0 && words[start].hyphened) --start;  // "Saint-Georges"
    return start;
  }

  void addName(std::string_view spelling, std::uint32_t id, bool alias, bool claims) {
    SpelledName name = takeApart(spelling);
    if (name.words.empty())
      refuse(fmt::format("holds the name \"{}\", which has no letters", spelling));
    if (name.comma > 0) {  // "Last, First" to "First Last"
      std::rotate(name.words.begin(), name.words.begin() + static_cast<std::ptrdiff_t>(name.comma),
                  name.words.end());
    }
    const std::size_t comma = name.comma;
    name.comma = 0;
    takeSuffix(name);
    const std::string key = wholeKey(name);
    if (!alias) index_.generations.push_back(generationOf(name.suffix));
    auto& holders = index_.whole[key];
    const auto same = std::find_if(holders.begin(), holders.end(),
                                   [&](const NameClaim& one) { return one.person == id; });
    if (same != holders.end()) {
      same->claims = same->claims || claims;
    } else {
      for (const NameClaim& other : holders) {
        if (claims == other.claims) {
          refuse(fmt::format("gives {} a name of {}: \"{}\"", index_.people[id].name,
                             index_.people[other.person].name, spelling));
        }
      }
      holders.push_back({id, claims});
    }
    auto& sounds = index_.whole_sounds[wholeSound(name)];
    if (std::find(sounds.begin(), sounds.end(), id) == sounds.end()) sounds.push_back(id);
    if (!alias && name.words.size() == 1) surnames_.push_back(name.words[0].text);
    std::size_t start = 0;
    if (!alias && comma > 0) {
      SpelledName last = takeApart(spelling.substr(0, spelling.find(',')));
      takeSuffix(last);
      start = name.words.size() - last.words.size();
    } else {
      start = surnameStart(name.words);
    }
    NameForm form{id, alias, {}, joined(name.words, start, name.words.size())};
    for (std::size_t i = 0; i < start; ++i) {
      form.given.push_back(name.words[i].text);
      // Names that no class holds are classes of their own. Other spellings may hold surnames.
      if (!alias && name.words[i].text.size() > 1) {
        index_.given.emplace(name.words[i].text, next_class_++);
      }
    }
    if (!alias) given_ = form.given;
    if (form.given.empty()) form.given = given_;  // "Rachmaninov" is also "Sergei Rachmaninov"
    if (std::find(surnames_.begin(), surnames_.end(), form.surname) == surnames_.end())
      surnames_.push_back(form.surname);
    const bool known =
        std::any_of(index_.forms.begin(), index_.forms.end(), [&](const NameForm& one) {
          return one.person == id && one.surname == form.surname && one.given == form.given;
        });
    if (!known) index_.forms.push_back(std::move(form));
  }

  NameAuthority::Index& index_;
  int line_ = 0;
  int next_class_ = 1'000'000;
  // Of the person being read.
  std::vector<std::string> surnames_;
  std::vector<std::string> given_;
};

}  // namespace

int NameAuthority::Index::givenClass(const std::string& word) const {
  const auto found = given.find(word);
  return found == given.end() ? -1 : found->second;
}

bool NameAuthority::Index::claims(std::uint32_t person, const std::string& surname) const {
  const auto found = whole.find(surname);
  return found != whole.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const NameClaim& one) { return one.person == person && one.claims; });
}

NameAuthority::NameAuthority(std::string_view text) {
  auto index = std::make_unique<Index>();
  Reader(*index).read(text);
  index_ = std::move(index);
}

NameAuthority::~NameAuthority() = default;

const NameAuthority& NameAuthority::shipped() {
  static const NameAuthority authority(detail::shippedPeople());
  return authority;
}

std::span<const Person> NameAuthority::people() const { return index_->people; }

const Person* NameAuthority::named(std::string_view name) const {
  const auto found = index_->by_name.find(std::string(name));
  return found == index_->by_name.end() ? nullptr : &index_->people[found->second];
}

const Person* NameAuthority::find(std::string_view spelling) const {
  return match(spelling).person;
}

bool NameAuthority::isGivenName(const std::string& folded_word) const {
  return index_->givenClass(folded_word) >= 0;
}

}  // namespace attacca::archive
