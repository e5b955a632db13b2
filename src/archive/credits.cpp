// Reading whole fields: who composed, who arranged.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "attacca/archive/people.h"
#include "attacca/base/text.h"

#include "marks.h"
#include "name_text.h"
#include "performers.h"
#include "separate.h"

namespace attacca::archive {
namespace {

constexpr double kUnknown = 0.8;    // a name as it stands
constexpr double kMixed = 0.85;     // a role that only the order of names tells
constexpr double kDoubtful = 0.75;  // less sure: not enough to say who arranged
constexpr int kGrownUp = 20;        // years
constexpr int kElder = 25;          // years: Liszt arranged Saint-Saëns
constexpr std::string_view kNamedArranger = "; named as the arranger";

struct Draft {
  Credit credit;
  const Person* person = nullptr;
  bool past = false;   // whoever is meant is dead
  char separator = 0;  // before it, see separate.h
};

// "SMITH, JOHN R. (1931-2001)" to "John R. Smith": as written but for capitals and what is no part
// of the name.
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
  std::string last;
  std::string first;
  std::string suffix;
  for (std::size_t at = 0; at <= part.size();) {
    const std::size_t end = std::min(part.find(',', at), part.size());
    const std::string_view piece = trimmed(part.substr(at, end - at));
    at = end + 1;
    if (end < part.size() && last.empty()) {
      last = piece;
    } else if (!last.empty() && !suffixOf(foldText(piece)).empty()) {
      suffix = piece;
    } else if (last.empty() || piece.find_first_of("0123456789") == std::string_view::npos) {
      first += fmt::format("{}{}", first.empty() ? "" : " ", piece);
    }
  }
  return inUsualCase(cleanText(fmt::format("{} {} {}", first, last, suffix), written.size()));
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
    draft.past = !match.others.empty() &&
                 std::all_of(match.others.begin(), match.others.end(),
                             [](const Person* one) { return one->died.has_value(); });
  } else {
    draft.person = match.person;
    draft.past = match.person->died.has_value();
    draft.credit.name = match.person->name;
    draft.credit.known = true;
    draft.credit.confidence = match.confidence;
    draft.credit.reason = match.reason;
  }
  return draft;
}

// Dead before the other was grown up.
bool wasBefore(const Draft& first, const Draft& second) {
  return first.person != nullptr && second.person != nullptr && first.person->died &&
         second.person->born && *first.person->died < *second.person->born + kGrownUp;
}

bool mostlyArranges(const Draft& draft) {
  return draft.person != nullptr && draft.person->mostly_arranges;
}

void makeArranger(Draft& draft, std::string_view why) {
  if (draft.credit.known && draft.credit.confidence < kDoubtful) asWritten(draft, {});
  draft.credit.role = CreditRole::arranger;
  draft.credit.confidence *= kMixed;
  draft.credit.reason += "; ";
  draft.credit.reason += why;
}

// Why the `i`-th of names that stand side by side arranged the first one's music; "" if they do not
// say so: then it composed too.
std::string_view whyArranger(const std::vector<Draft>& names, std::size_t i) {
  const Draft& first = names[0];
  const Draft& name = names[i];
  if (mostlyArranges(name) && !mostlyArranges(first)) return "mostly known for arrangements";
  if (name.separator == ';' || name.separator == '&') return {};
  // "Smith/Jones" and the living may have written together.
  if (!first.past && !isNobodysName(first.credit.name)) return {};
  const bool list = names.size() > 2 && name.separator == ',';  // "Bach, Handel, Lerman"
  if (name.person == nullptr) {
    const bool composers_before = list && i > 1 && names[i - 1].credit.role == CreditRole::composer;
    return composers_before ? "" : "the second name, beside a composer of the past";
  }
  if (wasBefore(name, first) ||
      (first.person != nullptr && first.person->born && name.person->born &&
       *name.person->born + kElder < *first.person->born)) {
    return {};  // the old seldom arrange the music of the young
  }
  const bool tied = name.separator != ',' && (names.size() == 2 || name.separator != '/');
  return tied || wasBefore(first, name) || isNobodysName(first.credit.name)
             ? "the second name, beside a composer of an earlier time"
             : "";
}

// Catalogues mix into the composers' field who arranged.
void tellRoles(std::vector<Draft>& names) {
  const bool pair = names.size() == 2 && names[1].separator != ';' && names[1].separator != '&';
  if (pair && mostlyArranges(names[0]) && !mostlyArranges(names[1]) &&
      wasBefore(names[1], names[0])) {  // "Stokowski/Bach"
    makeArranger(names[0], "mostly known for arrangements, and the other composed earlier");
    return;
  }
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (const std::string_view why = whyArranger(names, i); !why.empty()) {
      makeArranger(names[i], why);
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
    // "Kreisler after Tartini": who is named before the mark arranged.
    const bool has_source = std::any_of(parts.begin(), parts.end(), [](const Marked& part) {
      return part.mark == Mark::source && !part.text.empty();
    });
    for (const Marked& part : parts) {
      if (part.mark == Mark::attributed && !mixed.empty()) continue;
      if (part.mark == Mark::composer || part.mark == Mark::attributed ||
          (part.mark == Mark::none && !has_source)) {
        readNames(part.text, role, mixed);
      } else if (part.mark == Mark::arranger && part.text.empty()) {
        if (&part == &parts.back()) markLast(mixed);
      } else if (part.mark == Mark::arranger || part.mark == Mark::none) {
        readNames(part.text, CreditRole::arranger, marked_);
      } else if (part.mark == Mark::source && role == CreditRole::composer) {
        readNames(part.text, role, marked_);
      }
    }
  }

  void readNames(std::string_view text, CreditRole role, std::vector<Draft>& drafts) {
    const std::vector<Piece> pieces = separate(recall_, text);
    for (const Piece& piece : pieces) {
      if (pieces.size() > 1 && namesNobody(piece.text)) continue;
      // "Soloist: Helen Marsh" plays.
      const std::size_t colon = piece.text.find(':');
      if (colon != std::string::npos && saysPerformer(piece.text.substr(0, colon))) continue;
      Draft draft = draftOf(recall_, piece, role);
      if (draft.credit.name.empty() || (draft.person == nullptr && namesEnsemble(piece.text)))
        continue;
      if (&drafts == &marked_) {
        draft.credit.marked = role == CreditRole::arranger;
        if (draft.credit.marked) draft.credit.reason += kNamedArranger;
      } else if (!drafts.empty() && draft.separator == 0) {
        draft.separator = ';';
      }
      drafts.push_back(std::move(draft));
    }
  }

  // "Bach; Stokowski (arr.)"
  void markLast(std::vector<Draft>& mixed) {
    if (mixed.empty()) return;
    mixed.back().credit.role = CreditRole::arranger;
    mixed.back().credit.reason += kNamedArranger;
    mixed.back().credit.marked = true;
    marked_.push_back(std::move(mixed.back()));
    mixed.pop_back();
  }

  void settle(std::vector<Draft>& mixed, CreditRole role) {
    if (role == CreditRole::composer) tellRoles(mixed);
    for (std::vector<Draft>* drafts : {&mixed, &marked_}) {
      for (Draft& draft : *drafts) {
        draft.credit.marked = draft.credit.marked || role == CreditRole::arranger;
        keep(std::move(draft.credit));
      }
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
