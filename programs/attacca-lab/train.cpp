#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/learn/trainers.h"

#include "commands.h"
#include "console.h"
#include "material.h"
#include "report.h"

namespace attacca::cli {
namespace {

using recommend::NetworkKind;

recommend::TrainingConfig configOf(const TrainArgs& args) {
  auto config =
      recommend::trainingConfig(recommend::networkKind(args.strategy).value(), args.published);
  if (!args.config.empty()) {
    config = recommend::readTrainingConfig(readFile(args.config), args.config, config);
  }
  if (args.items == "ids") config.items = recommend::ItemInput::ids;
  if (args.seed) config.seed = static_cast<std::uint64_t>(*args.seed);
  if (args.epochs) config.epochs = static_cast<std::size_t>(*args.epochs);
  if (config.items == recommend::ItemInput::ids && config.kind == NetworkKind::contrastive) {
    throw Error(Fault::usage, "contrastive learns how recordings sound, not ids",
                "leave --items out, or train bert4rec or sasrec");
  }
  return config;
}

double cpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t peakBytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::string line(const recommend::TrainingProgress& at) {
  std::string text =
      fmt::format("epoch {} of at most {}, loss {:.4f}", at.epoch, at.epochs, at.loss);
  if (at.validation) text += fmt::format(", NDCG@10 {:.4f}", *at.validation);
  if (at.best_epoch > 0) text += fmt::format(" (best {:.4f}, epoch {})", at.best, at.best_epoch);
  return text;
}

// Better on its own card than all other models that fit the snapshot.
bool isUsed(const recommend::ModelFolder& models, const recommend::ModelCard& card,
            const index::Snapshot& snapshot) {
  const auto best = recommend::bestModel(models.list().cards, snapshot);
  return best && best->strategy == card.strategy && best->version == card.version;
}

}  // namespace

unsigned LabContext::jobs() const {
  if (settings.jobs > 0) return static_cast<unsigned>(settings.jobs);
  return std::clamp(std::thread::hardware_concurrency(), 1U, 256U);
}

Exit train(const LabContext& context, const TrainArgs& args) {
  const auto config = configOf(args);
  ConsoleProgress progress(context.quiet);
  Material material = materialOf(context, args, progress);
  const bool content = config.items == recommend::ItemInput::content;
  if (args.hold_out == "last") material.lesson.hold_out = study::HoldOut::last;
  const std::string said = leftOutText(material.left_out, args.log);
  if (!said.empty()) progress.note(said.substr(0, said.size() - 1));

  const recommend::ModelFolder models(material.models);
  const recommend::Training training(models, config.kind);
  if (args.fresh) training.forget();
  std::error_code ignored;
  const bool resumed = std::filesystem::exists(training.checkpoint(), ignored);
  if (resumed) progress.note("Going on with a run that was ended (--fresh begins anew)");

  recommend::TrainingRun run;
  run.stop = context.stop;
  run.checkpoint = training.checkpoint();
  run.jobs = context.jobs();
  bool began = false;
  run.progress = [&](const recommend::TrainingProgress& at) {
    const auto steps = static_cast<double>(std::max<std::size_t>(1, at.steps));
    if (!began) progress.begin("training", static_cast<double>(at.epochs), "epochs");
    began = true;
    progress.detail(line(at));
    progress.advanceTo(static_cast<double>(at.epoch - 1) + static_cast<double>(at.step) / steps);
  };
  const auto start = std::chrono::steady_clock::now();
  const auto trainer = learn::makeTrainer(config.kind);
  auto model = study::learn(material.lesson, config, run, *trainer,
                            [&](std::string_view note) { progress.note(note); });
  progress.end();
  model.card.made = std::chrono::floor<std::chrono::seconds>(context.clock.now());
  model.card.attacca = ATTACCA_VERSION;
  model.card.library = learn::library();
  model.card.recipe = material.recipe;
  model.card.cpu_s = cpuSeconds();
  model.card.wall_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  model.card.peak_bytes = peakBytes();
  model.names = content ? std::vector<std::string>() : std::move(material.names);
  const bool stopped = model.card.stopped;
  const auto card = models.keep(std::move(model));
  // Who stopped it may want to go on.
  if (!stopped) training.forget();

  const bool archive = !material.recipe.empty() && args.output.empty();
  const bool used = archive && isUsed(models, card, *material.lesson.snapshot);
  const std::string folder =
      (models.root() / std::string(nameOf(card.strategy)) / std::to_string(card.version)).native();
  if (context.json) {
    Json json{{"card", Json::parse(recommend::cardJson(card))},
              {"used", used},
              {"left_out", leftOutJson(material.left_out)}};
    putPath(json, "folder", folder);
    print(toText(json));
  } else {
    print(cardText(card, used, archive, folder));
  }
  return stopped ? Exit::interrupted : Exit::done;
}

}  // namespace attacca::cli
