#include "command_line_listening.h"

#include <fmt/format.h>

#include "attacca/recommend/strategy.h"

#include "options.h"

namespace attacca::cli {
namespace {

void policies(CLI::App& app, ListArgs& list) {
  auto* raw = app.add_flag("--raw", list.raw, "the nearest as they are, without caps");
  app.add_flag("--whole-works", list.whole_works,
               "works with all their movements in order, each one entry of the list")
      ->excludes(raw);
  app.add_flag("--same-work", list.same_work, "other movements of what is being heard, too")
      ->excludes(raw);
  app.add_flag("--other-performances", list.other_performances,
               "each work once, its other performances below it")
      ->excludes(raw);
}

std::string strategiesHelp() {
  std::string text = "Strategies (docs/recommenders.md explains them):";
  for (const auto& info : recommend::strategies()) {
    text += fmt::format("\n  {:<20} {}", info.name, info.summary);
  }
  return text;
}

void declareTraining(const DeclareCommand& declare, CLI::App& app, ModelsArgs& args) {
  // attacca-lab reads what is typed after these.
  for (const auto& [name, description] :
       {std::pair{"train", "learn from the listening history what to recommend"},
        std::pair{"simulate", "make up a listening history, to try things out"}}) {
    CLI::App* sub = app.add_subcommand(name, description);
    sub->set_help_flag();
    sub->prefix_command();
  }
  CLI::App* models =
      declare(nullptr, "models", "what was trained, and how good it is beside knn",
              "  attacca models\n  attacca models --json\n  attacca models --remove shallow 2",
              [&args](const Context& context) { return cli::models(context, args); });
  models->add_option("--remove", args.remove, "remove a version of a strategy")
      ->expected(2)
      ->type_name("STRATEGY VERSION");
}

}  // namespace

void declareListening(const DeclareCommand& declare, const DeclareSettings& settings, CLI::App& app,
                      ListeningArgs& args) {
  CLI::App* similar =
      declare(nullptr, "similar", "what sounds like a track",
              "  attacca similar 17\n  attacca similar new world largo\n"
              "  attacca similar ~/Music/largo.flac --limit 20 --per-album 20\n"
              "  attacca similar 17 --whole-works --other-performances\n"
              "  attacca similar 17 --representation mtt-vgg\n"
              "  attacca similar 17 --representation msd-musicnn:2+aspects  (both, with weights)\n"
              "  attacca similar 17 --sound 0.2          (the music counts more than instruments "
              "and room)\n"
              "  attacca similar 17 --raw --json",
              [&args](const Context& context) { return cli::similar(context, args.similar); });
  addOption(*similar, option::kTrack, args.similar.track)->required();
  auto* by = addOption(*similar, option::kCompareBy, args.similar.representation);
  similar->add_option("--from", args.similar.from, "ask for a passage: where it begins (1:02)")
      ->excludes(by);
  similar->add_option("--to", args.similar.to, "and where it ends")->excludes(by);
  similar
      ->add_option("--sound", args.similar.sound,
                   "how much the sound counts against the music, 0 (the music alone) to 1")
      ->excludes("--from")
      ->excludes("--to")
      ->check(CLI::Range(0.0, 1.0));
  policies(*similar, args.similar.list);
  settings(*similar, {"limit", "per-album", "per-work", "recipe"});

  CLI::App* recommend =
      declare(nullptr, "recommend", "what a listener may like next",
              "  attacca recommend anna\n  attacca recommend anna --limit 5 --json\n"
              "  attacca recommend anna --whole-works\n"
              "  attacca recommend anna --strategy metadata\n" +
                  strategiesHelp(),
              [&args](const Context& context) { return cli::recommend(context, args.recommend); });
  addOption(*recommend, option::kUser, args.recommend.user)->required();
  addOption(*recommend, option::kCompareBy, args.recommend.representation);
  recommend->add_option("--strategy", args.recommend.strategy,
                        "how tracks are scored: one of those below (the best that was trained, "
                        "else knn)");
  recommend->add_option("--seed", args.recommend.seed, "of what is drawn by lot (1)");
  addOption(*recommend, option::kAt, args.recommend.at);
  policies(*recommend, args.recommend.list);
  settings(*recommend, {"limit", "per-album", "per-work", "recipe"});

  declare(nullptr, "strategies", "the ways in which `recommend` can score tracks",
          "  attacca strategies\n  attacca strategies --json",
          [](const Context& context) { return cli::strategies(context); });

  declareTraining(declare, app, args.models);

  CLI::App* performances =
      declare(nullptr, "performances", "all performances of the work that a track is of",
              "  attacca performances 17\n  attacca performances holberg suite rigaudon",
              [&args](const Context& context) { return cli::performances(context, args.track); });
  addOption(*performances, option::kTrack, args.track)->required();

  CLI::App* listen =
      declare(nullptr, "listen", "note that a listener heard a track",
              "  attacca listen anna 17\n  attacca listen anna largo --fraction 0.4\n"
              "  attacca listen anna 17 --at 2026-11-24T20:15:00+01:00",
              [&args](const Context& context) { return cli::listen(context, args.listen); });
  addOption(*listen, option::kUser, args.listen.user)->required();
  addOption(*listen, option::kTrack, args.listen.track)->required();
  addOption(*listen, option::kAt, args.listen.at);
  listen->add_option("--fraction", args.listen.fraction, "how much of it was heard, 0 to 1");

  CLI::App* quality = declare(
      nullptr, "quality", "do the lists make sense? (judged by the archive's own catalogue)",
      "  attacca quality\n  attacca quality --all --json\n"
      "  attacca quality --recipe passage --passages known.csv\n"
      "Is the same piece found in another performance, the same composer in other works, the "
      "same\npassage elsewhere? With what chance would give, and where each figure would lie in "
      "95 of 100\narchives of other works like these.",
      [&args](const Context& context) { return cli::quality(context, args.quality); });
  quality->add_option("--passages", args.quality.passages,
                      "a table of passages that are the same music (file, from_s, to_s, "
                      "other_file, other_from_s, other_to_s)");
  quality->add_option("--worst", args.quality.worst,
                      "also so many of the lists with the least of their composer");
  quality->add_flag("--all", args.quality.all, "every recipe that has a snapshot");
  settings(*quality, {"recipe"});

  CLI::App* import_log = declare(
      nullptr, "import-log", "bring in a listening history",
      "  attacca import-log history.csv\n"
      "  attacca import-log benchmark.inter   (RecBole's: user_id, item_id, timestamp)\n"
      "The first line names the columns: user,track,timestamp,fraction (fraction may be left\n"
      "out). Rows that make no sense or lie in the future are listed, the others go in; it may be\n"
      "repeated.",
      [&args](const Context& context) { return cli::importLog(context, args.log); });
  import_log->add_option("FILE", args.log, "comma-separated values or .inter, UTF-8")->required();
}

}  // namespace attacca::cli
