// Reading whole fields: who composed, who arranged.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "attacca/archive/people.h"
#include "attacca/base/text.h"

#include "marks.h"
#include "name_text.h"
#include "separate.h"

namespace attacca::archive {
namespace {

constexpr double kUnknown = 0.8;    // a name as it stands
constexpr double kMixed = 0.85;     // a role that only the order of names tells
constexpr double kDoubtful = 0.75;  // less sure: not enough to say who arranged
constexpr int kGrownUp = 20;        // years

struct Draft {
  Credit credit;
  const Person* person = nullptr;
  char separator = 0;  // before it, see separate.h
};

// "SMITH, JOHN R. (1931-2001)" to "JOHN R. SMITH": as written but for what is no part of the name.
std::string cleanName(std::string_view written) {
  std::string name;
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t open = std::min(written.find_first_of("([", at), written.size());
    const std::size_t close = written.find_first_of(")]", open);
    name += written.substr(at, open - at);
    name += ' ';
    at = close == std::string_view::npos ? open + 1 : close + 1;
  }
  std::string_view part = trimmed(name, " ,;:/|&+*\"");
  while (!part.empty() && (part.back() == '-' || part.back() == ')' || part.back() == ']'))
    part = trimmed(part.substr(0, part.size() - 1));
  const std::size_t comma = part.find(',');
  if (comma == std::string_view::npos) return cleanText(part, part.size());
  const std::string_view first = trimmed(part.substr(comma + 1), " ,");
  const std::string_view last = trimmed(part.substr(0, comma));
  if (const std::string low = foldText(first);
      low == "jr" || low == "sr" || low == "ii" || low == "iii") {
    return cleanText(fmt::format("{} {}", last, first), part.size());
  }
  return cleanText(fmt::format("{} {}", first, last), part.size());
}

void asWritten(Draft& draft, const Match& match) {
  draft.person = nullptr;
  draft.credit.known = false;
  draft.credit.name = cleanName(draft.credit.written);
  draft.credit.confidence = kUnknown;
  draft.credit.reason = match.others.empty() ? "as it is written; not in the name authority"
                                             : "as it is written; could be more than one person";
}

Draft draftOf(Recall& recall, const Piece& piece, CreditRole role) {
  Draft draft;
  draft.separator = piece.separator;
  draft.credit.written = piece.text;
  draft.credit.role = role;
  const Match& match = recall.match(piece.text);
  const std::string_view nobody = match.person == nullptr ? nobodysName(piece.text) : "";
  if (!nobody.empty()) {
    draft.credit.name = nobody;
    draft.credit.reason = "no composer is known";
  } else if (match.person == nullptr ||
             (role == CreditRole::arranger && match.confidence < kDoubtful)) {
    asWritten(draft, match);
  } else {
    draft.person = match.person;
    draft.credit.name = match.person->name;
    draft.credit.known = true;
    draft.credit.confidence = match.confidence;
    draft.credit.reason = match.reason;
  }
  return draft;
}

bool diedBefore(const Person& first, const Person& second) {
  return first.died && second.born && *first.died < *second.born + kGrownUp;
}

void makeArranger(Draft& draft, std::string_view why) {
  if (draft.credit.known && draft.credit.confidence < kDoubtful) asWritten(draft, {});
  draft.credit.role = CreditRole::arranger;
  draft.credit.confidence *= kMixed;
  draft.credit.reason += "; ";
  draft.credit.reason += why;
}

// Names that stand side by side in a composer field, where catalogues mix in who arranged.
void tellRoles(std::vector<Draft>& names) {
  if (names.size() < 2) return;
  const bool list =
      names.size() > 2 && std::none_of(names.begin(), names.end(), [](const Draft& one) {
        return one.separator == '-' || one.separator == '(';
      });
  Draft& first = names[0];
  // Written the other way round: "Stokowski/Bach"
  if (names.size() == 2 && first.person != nullptr && names[1].person != nullptr &&
      names[1].separator != ';' && names[1].separator != '&' &&
      (first.person->mostly_arranges && !names[1].person->mostly_arranges) &&
      diedBefore(*names[1].person, *first.person)) {
    makeArranger(first, "mostly known for arrangements, and the other composed earlier");
    return;
  }
  for (std::size_t i = 1; i < names.size(); ++i) {
    Draft& name = names[i];
    if (name.person != nullptr && name.person->mostly_arranges &&
        !(first.person != nullptr && first.person->mostly_arranges)) {
      makeArranger(name, "mostly known for arrangements");
      continue;
    }
    if (name.separator == ';' || name.separator == '&') continue;
    const bool tied = name.separator == '-' || name.separator == '(' || name.separator == '/';
    const bool nobody = isNobodysName(first.credit.name);
    if (first.person == nullptr && !nobody) continue;
    if (first.person != nullptr && !first.person->died) continue;  // may still write together
    if (name.person == nullptr && list && names[i - 1].credit.role == CreditRole::composer &&
        i > 1) {
      continue;  // one more of several composers
    }
    if (name.person == nullptr) {
      makeArranger(name, "the second name, beside a composer of the past");
    } else if (nobody || (first.person != nullptr && diedBefore(*first.person, *name.person)) ||
               (tied && !list)) {
      if (first.person != nullptr && diedBefore(*name.person, *first.person) && name.person->died &&
          first.person->born && *name.person->died < *first.person->born) {
        continue;  // an earlier composer cannot have arranged a later one
      }
      makeArranger(name, "the second name, beside a composer of an earlier time");
    }
  }
}

class FieldReader {
 public:
  FieldReader(const NameAuthority& authority, std::vector<Credit>& credits)
      : recall_(authority), credits_(credits) {}

  void read(std::span<const std::string> fields, CreditRole role) {
    std::vector<Draft> mixed;  // of plain names, over all fields
    for (const std::string& field : fields) {
      for (const std::string& segment : splitField(recall_, field)) {
        readSegment(segment, role, mixed);
      }
    }
    settle(mixed, role);
  }

 private:
  void readSegment(const std::string& segment, CreditRole role, std::vector<Draft>& mixed) {
    const std::vector<Marked> parts = splitAtMarks(segment);
    const bool has_source = std::any_of(parts.begin(), parts.end(), [](const Marked& part) {
      return part.mark == Mark::source && !part.text.empty();
    });
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Marked& part = parts[i];
      if (part.mark == Mark::dropped) continue;
      if (part.text.empty()) {
        // "Stokowski (arr.)"
        if (part.mark == Mark::arranger && i + 1 == parts.size() && !mixed.empty() &&
            role == CreditRole::composer) {
          if (mixed.back().credit.role == CreditRole::composer)
            setRole(mixed.back(), CreditRole::arranger);
        }
        continue;
      }
      CreditRole part_role = role;
      if (part.mark == Mark::arranger || (part.mark == Mark::none && has_source))
        part_role = CreditRole::arranger;
      if (part.mark == Mark::source || part.mark == Mark::composer)
        part_role =
            role == CreditRole::arranger && part.mark == Mark::source ? role : CreditRole::composer;
      if (part.mark == Mark::source && role == CreditRole::arranger)
        continue;  // the composers' field names it
      const std::vector<Piece> pieces = separate(recall_, part.text);
      for (const Piece& piece : pieces) {
        if (pieces.size() > 1 && namesNobody(piece.text)) continue;
        Draft draft = draftOf(recall_, piece, part_role);
        if (draft.credit.name.empty()) continue;
        if (part.mark == Mark::none && !has_source) {
          if (!mixed.empty() && draft.separator == 0) draft.separator = ';';
          mixed.push_back(std::move(draft));
        } else {
          if (part.mark == Mark::arranger) draft.credit.reason += "; named as the arranger";
          marked_.push_back(std::move(draft));
        }
      }
    }
  }

  static void setRole(Draft& draft, CreditRole role) {
    draft.credit.role = role;
    draft.credit.reason += "; named as the arranger";
    draft.separator = ';';
  }

  void settle(std::vector<Draft>& mixed, CreditRole role) {
    if (role == CreditRole::composer) {
      std::vector<Draft> plain;
      for (Draft& draft : mixed) {
        if (draft.credit.role == CreditRole::composer) {
          plain.push_back(std::move(draft));
        } else {
          marked_.push_back(std::move(draft));
        }
      }
      tellRoles(plain);
      mixed = std::move(plain);
    }
    for (std::vector<Draft>* drafts : {&mixed, &marked_}) {
      for (Draft& draft : *drafts) keep(std::move(draft.credit));
    }
    marked_.clear();
  }

  void keep(Credit credit) {
    if (credit.role == CreditRole::arranger && isNobodysName(credit.name)) return;
    const auto known = std::find_if(credits_.begin(), credits_.end(), [&](const Credit& one) {
      return one.role == credit.role && one.name == credit.name;
    });
    if (known == credits_.end()) {
      credits_.push_back(std::move(credit));
    } else if (known->confidence < credit.confidence) {
      *known = std::move(credit);
    }
  }

  Recall recall_;
  std::vector<Credit>& credits_;
  std::vector<Draft> marked_;
};

}  // namespace

std::vector<Credit> NameAuthority::read(std::span<const std::string> composer_fields,
                                        std::span<const std::string> arranger_fields) const {
  std::vector<Credit> credits;
  FieldReader reader(*this, credits);
  reader.read(composer_fields, CreditRole::composer);
  const std::size_t first_arranger = credits.size();
  reader.read(arranger_fields, CreditRole::arranger);
  // Some tags name the arranger among the composers too.
  std::vector<std::string> arrangers;
  for (std::size_t i = first_arranger; i < credits.size(); ++i)
    arrangers.push_back(credits[i].name);
  const auto also_arranges = [&](const Credit& one) {
    return one.role == CreditRole::composer &&
           std::find(arrangers.begin(), arrangers.end(), one.name) != arrangers.end();
  };
  const bool others = std::any_of(credits.begin(), credits.end(), [&](const Credit& one) {
    return one.role == CreditRole::composer && !also_arranges(one);
  });
  if (others) std::erase_if(credits, also_arranges);
  std::stable_partition(credits.begin(), credits.end(),
                        [](const Credit& one) { return one.role == CreditRole::composer; });
  return credits;
}

}  // namespace attacca::archive
