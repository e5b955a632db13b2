#include "attacca/index/recipe.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"
#include "attacca/base/toml_fields.h"

#include "shipped_recipes.h"

namespace attacca::index {
namespace {

constexpr std::array<std::pair<PartKind, std::string_view>, 4> kKinds{{
    {PartKind::pooled, "pooled"},
    {PartKind::sequence, "sequence"},
    {PartKind::chroma, "chroma"},
    {PartKind::aspects, "aspects"},
}};
constexpr std::array<std::pair<Side, std::string_view>, 2> kSides{{
    {Side::sound, "sound"},
    {Side::music, "music"},
}};
constexpr std::string_view kAspects = "aspects";  // also the name of the representation

std::string_view kindName(PartKind kind) {
  return std::find_if(kKinds.begin(), kKinds.end(),
                      [&](const auto& entry) { return entry.first == kind; })
      ->second;
}

RecipePart parsePart(const TomlFields& fields) {
  RecipePart part;
  const std::string kind = fields.text("kind");
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& entry) { return entry.second == kind; });
  if (found == kKinds.end()) fields.fail("kind", "must be pooled, sequence, chroma or aspects");
  part.kind = found->first;
  if (fields.has("representation")) part.representation = fields.name("representation");
  part.weight = fields.number("weight", 0, 1000);
  if (part.kind == PartKind::pooled || part.kind == PartKind::sequence) {
    if (fields.has("whitening")) part.whitening = fields.whole("whitening", 1, 2048);
    if (fields.has("shrinkage")) {
      part.shrinkage = fields.number("shrinkage", 0, 1);
      if (part.whitening == 0) fields.fail("shrinkage", "has no meaning without whitening");
    }
  }
  if (part.ordered()) {
    part.shingle_s = fields.number("shingle_s", 0.5, 600);
    part.step_s = fields.numberOr("step_s", part.step_s, 0, part.shingle_s);
  }
  if (part.kind == PartKind::chroma) {
    part.transpositions = fields.wholeOr("transpositions", part.transpositions, 1, 12);
    part.transposition_price =
        fields.numberOr("transposition_price", part.transposition_price, 0, 2);
  }
  if (part.kind == PartKind::aspects && fields.has("columns")) {
    part.columns = fields.texts("columns");
  }
  if (fields.has("hears")) {
    const std::string hears = fields.text("hears");
    for (const auto& [side, name] : kSides) {
      if (name == hears) part.side = side;
    }
    if (!part.side) fields.fail("hears", "must be \"sound\" or \"music\"");
  }
  return part;
}

std::string partToml(const RecipePart& part) {
  std::string text = fmt::format("[[part]]\nkind = {}\n", tomlText(kindName(part.kind)));
  if (!part.representation.empty()) {
    text += fmt::format("representation = {}\n", tomlText(part.representation));
  }
  text += fmt::format("weight = {}\n", part.weight);
  if (part.whitening != 0) text += fmt::format("whitening = {}\n", part.whitening);
  if (part.shrinkage != 0) text += fmt::format("shrinkage = {}\n", part.shrinkage);
  if (part.ordered()) text += fmt::format("shingle_s = {}\n", part.shingle_s);
  if (part.step_s != 0) text += fmt::format("step_s = {}\n", part.step_s);
  if (part.kind == PartKind::chroma) {
    text += fmt::format("transpositions = {}\n", part.transpositions);
    if (part.transposition_price != 0) {
      text += fmt::format("transposition_price = {}\n", part.transposition_price);
    }
  }
  if (!part.columns.empty()) {
    std::vector<std::string> columns;
    for (const auto& column : part.columns) columns.push_back(tomlText(column));
    text += fmt::format("columns = [{}]\n", fmt::join(columns, ", "));
  }
  if (part.side) {
    text += fmt::format("hears = {}\n", tomlText(kSides[*part.side == Side::sound ? 0 : 1].second));
  }
  return text;
}

}  // namespace

Recipe Recipe::parse(std::string_view toml_text, std::string_view origin) {
  const TomlFields top = TomlFields::parse(toml_text, origin);
  if (top.whole("format", 0, 1 << 20) != 1) {
    throw Error(Fault::refused,
                fmt::format("{} has a format that this Attacca does not know", origin),
                "use a newer Attacca");
  }
  Recipe recipe;
  recipe.name = top.name("name");
  recipe.title = top.text("title");
  recipe.question = top.text("question");
  const std::string answers = top.text("answers");
  if (answers != "tracks" && answers != "passages") {
    top.fail("answers", "must be \"tracks\" or \"passages\"");
  }
  recipe.answers = answers == "tracks" ? Answers::tracks : Answers::passages;
  if (top.has("tempi")) recipe.tempi = top.numbers("tempi", 0.5, 2);
  if (recipe.tempi.size() > 16) top.fail("tempi", "are more than 16");
  const std::vector<TomlFields> parts = top.sections("part");
  if (parts.size() > 16) top.fail("part", "is there more than 16 times");
  double weights = 0;
  for (const TomlFields& part : parts) {
    recipe.parts.push_back(parsePart(part));
    weights += recipe.parts.back().weight;
  }
  top.refuseUnread();
  if (!(weights > 0)) top.fail("part", "has no weight in any of them");
  const auto ordered = std::count_if(recipe.parts.begin(), recipe.parts.end(),
                                     [](const RecipePart& part) { return part.ordered(); });
  if (ordered == static_cast<std::ptrdiff_t>(recipe.parts.size())) {
    top.fail("part", "must be pooled or aspects in one of them (its weight may be 0)");
  }
  if (recipe.answers == Answers::passages && ordered == 0) {
    top.fail("part", "must be sequence or chroma in one of them, to find passages");
  }
  return recipe;
}

std::string Recipe::toml() const {
  std::string text = fmt::format("format = 1\nname = {}\ntitle = {}\nquestion = {}\nanswers = {}\n",
                                 tomlText(name), tomlText(title), tomlText(question),
                                 answers == Answers::tracks ? "\"tracks\"" : "\"passages\"");
  if (tempi != std::vector<double>{1}) {
    text += fmt::format("tempi = [{}]\n", fmt::join(tempi, ", "));
  }
  for (const RecipePart& part : parts) text += fmt::format("\n{}", partToml(part));
  return text;
}

std::optional<double> Recipe::sound() const {
  double sound = 0;
  double all = 0;
  for (const RecipePart& part : parts) {
    all += part.weight;
    if (part.hears() == Side::sound) sound += part.weight;
  }
  if (answers != Answers::tracks || !(sound > 0 && sound < all)) return std::nullopt;
  return sound / all;
}

bool Recipe::open() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](const RecipePart& part) { return part.representation.empty(); });
}

bool Recipe::ordered() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](const RecipePart& part) { return part.ordered(); });
}

bool Recipe::plain() const {
  return parts.size() == 1 && parts.front().kind == PartKind::pooled &&
         parts.front().whitening == 0;
}

std::string fingerprint(const Recipe& recipe) {
  std::string text = fmt::format("attacca recipe 1\n{} {}\n",
                                 recipe.answers == Answers::tracks ? "tracks" : "passages",
                                 fmt::join(recipe.tempi, " "));
  for (const RecipePart& part : recipe.parts) text += partToml(part);
  return sha256(text).hex().substr(0, 16);
}

std::span<const Recipe> shippedRecipes() {
  static const std::vector<Recipe> recipes = [] {
    std::vector<Recipe> parsed;
    for (const auto& [file, text] : detail::shippedRecipeTexts()) {
      parsed.push_back(Recipe::parse(text, file));
    }
    std::sort(parsed.begin(), parsed.end(),
              [](const Recipe& a, const Recipe& b) { return a.name < b.name; });
    return parsed;
  }();
  return recipes;
}

const Recipe& findRecipe(std::string_view name, std::span<const Recipe> own) {
  std::vector<std::string> names;
  for (const auto recipes : {own, shippedRecipes()}) {
    for (const Recipe& recipe : recipes) {
      if (recipe.name == name) return recipe;
      names.push_back(recipe.name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  throw Error(Fault::notFound, fmt::format("there is no recipe \"{}\"", name),
              fmt::format("there are: {}", fmt::join(names, ", ")));
}

Recipe resolved(const Recipe& recipe, std::span<const Asked> asked) {
  double total = 0;
  for (const Asked& one : asked) total += one.weight;
  Recipe result = recipe;
  result.parts.clear();
  for (const RecipePart& part : recipe.parts) {
    if (!part.representation.empty()) {
      result.parts.push_back(part);
      continue;
    }
    for (const Asked& one : asked) {
      RecipePart& made = result.parts.emplace_back(part);
      made.representation = one.representation;
      made.weight = asked.size() == 1 ? part.weight : part.weight * one.weight / total;
      if (part.kind == PartKind::pooled && one.representation == kAspects) {
        made.kind = PartKind::aspects;
        made.whitening = 0;
        made.shrinkage = 0;
      }
    }
  }
  return result;
}

std::vector<std::string> requiredRepresentations(const Recipe& recipe,
                                                 std::span<const Asked> asked) {
  std::vector<std::string> names;
  for (const RecipePart& part : resolved(recipe, asked).parts) {
    if (std::find(names.begin(), names.end(), part.representation) == names.end()) {
      names.push_back(part.representation);
    }
  }
  return names;
}

std::string snapshotKey(const Recipe& recipe, std::span<const Asked> asked) {
  if (!recipe.open()) return recipe.name;
  const bool equal = std::all_of(asked.begin(), asked.end(), [&](const Asked& one) {
    return one.weight == asked.front().weight;
  });
  std::string key = recipe.name;
  for (const Asked& one : asked) {
    key += fmt::format("+{}", one.representation);
    if (!equal) key += fmt::format("_{}", one.weight);
  }
  return key;
}

}  // namespace attacca::index
