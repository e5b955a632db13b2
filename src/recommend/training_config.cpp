#include <cstddef>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/toml_fields.h"
#include "attacca/recommend/trainer.h"

namespace attacca::recommend {
namespace {

constexpr std::string_view kContent = "content";
constexpr std::string_view kIds = "ids";

struct WholeField {
  std::size_t TrainingConfig::*field;
  const char* key;
  int least;
  int most;
};
struct NumberField {
  double TrainingConfig::*field;
  const char* key;
  double least;
  double most;
};

// In the order in which they are written.
constexpr WholeField kWhole[] = {
    {&TrainingConfig::width, "width", 1, 4096},
    {&TrainingConfig::hidden, "hidden", 1, 65536},
    {&TrainingConfig::layers, "layers", 1, 64},
    {&TrainingConfig::heads, "heads", 1, 64},
    {&TrainingConfig::feed_forward, "feed_forward", 1, 65536},
    {&TrainingConfig::length, "length", 2, 10000},
    {&TrainingConfig::negatives, "negatives", 1, 10000},
    {&TrainingConfig::batch, "batch", 1, 1 << 20},
    {&TrainingConfig::epochs, "epochs", 1, 1 << 20},
    {&TrainingConfig::patience, "patience", 1, 1 << 20},
};
constexpr NumberField kNumbers[] = {
    {&TrainingConfig::dropout, "dropout", 0, 0.95},
    {&TrainingConfig::mask, "mask", 0.01, 0.99},
    {&TrainingConfig::margin, "margin", 0, 2},
    {&TrainingConfig::temperature, "temperature", 0.001, 100},
    {&TrainingConfig::learning_rate, "learning_rate", 1e-7, 1},
    {&TrainingConfig::weight_decay, "weight_decay", 0, 1},
};

bool isSequential(NetworkKind kind) {
  return kind == NetworkKind::bert4rec || kind == NetworkKind::sasrec;
}

TrainingConfig changed(const TomlFields& fields, TrainingConfig config) {
  const std::string_view kind = nameOf(config.kind);
  if (fields.textOr("kind", kind) != kind) {
    fields.fail("kind", fmt::format("must be \"{}\", which is what is trained", kind));
  }
  const std::string items =
      fields.textOr("items", config.items == ItemInput::ids ? kIds : kContent);
  if (items != kIds && items != kContent) {
    fields.fail("items", "must be \"content\" or \"ids\"");
  }
  config.items = items == kIds ? ItemInput::ids : ItemInput::content;
  for (const WholeField& one : kWhole) {
    config.*one.field = static_cast<std::size_t>(
        fields.wholeOr(one.key, static_cast<int>(config.*one.field), one.least, one.most));
  }
  for (const NumberField& one : kNumbers) {
    config.*one.field = fields.numberOr(one.key, config.*one.field, one.least, one.most);
  }
  if (fields.has("seed")) {
    config.seed =
        static_cast<std::uint64_t>(fields.whole("seed", 0, std::numeric_limits<int>::max()));
  }
  fields.refuseUnread();
  if (isSequential(config.kind) && config.width % config.heads != 0) {
    fields.fail("heads", fmt::format("must divide the width, {}", config.width));
  }
  return config;
}

}  // namespace

TrainingConfig trainingConfig(NetworkKind kind, bool published) {
  TrainingConfig config;
  config.kind = kind;
  switch (kind) {
    case NetworkKind::bert4rec:
      config.length = published ? 300 : 50;
      break;
    case NetworkKind::sasrec:
      if (!published) break;
      config.width = 50;
      config.heads = 1;
      config.feed_forward = 50;
      config.length = 200;
      break;
    case NetworkKind::shallow:
      config.batch = 1024;
      break;
    case NetworkKind::contrastive:
      break;
  }
  return config;
}

TrainingConfig readTrainingConfig(std::string_view toml, std::string_view name,
                                  TrainingConfig defaults) {
  try {
    return changed(TomlFields::parse(toml, name), defaults);
  } catch (const Error& fault) {
    if (fault.fault() != Fault::refused) throw;
    throw Error(Fault::usage, fault.problem(),
                "docs/recommenders.md lists what a configuration of training may hold");
  }
}

std::string trainingConfigToml(const TrainingConfig& config) {
  std::string text = fmt::format("kind = {}\nitems = {}\n", tomlText(nameOf(config.kind)),
                                 tomlText(config.items == ItemInput::ids ? kIds : kContent));
  for (const WholeField& one : kWhole) text += fmt::format("{} = {}\n", one.key, config.*one.field);
  for (const NumberField& one : kNumbers) {
    text += fmt::format("{} = {}\n", one.key, config.*one.field);
  }
  return text + fmt::format("seed = {}\n", config.seed);
}

}  // namespace attacca::recommend
