#include "command_line.h"

#include <functional>
#include <limits>
#include <utility>

#include <CLI/CLI.hpp>

#include "attacca/base/error.h"

#include "setting_flags.h"

namespace attacca::cli {
namespace {

class CommandLine {
 public:
  CommandLine() : app_("What trains and simulates; people type `attacca train`.", "attacca") {
    app_.set_version_flag("--version", std::string("attacca-lab ") + ATTACCA_VERSION);
    app_.require_subcommand(1);
    common(app_);
    declareTrain();
    declareSimulate();
  }

  Exit run(int argc, char** argv, const Environment& environment, std::stop_token stop) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& success) {  // help or version
      return static_cast<Exit>(app_.exit(success));
    } catch (const CLI::ParseError& fault) {
      throw Error(Fault::usage, explained(app_, fault, argc, argv), hintFor(app_));
    }
    context_.stop = std::move(stop);
    context_.settings = flags_.read(environment);
    return chosen_(context_);
  }

 private:
  void common(CLI::App& app) {
    flags_.declare(app, {"archive"});
    app.add_flag("-q,--quiet", context_.quiet, "print results and errors only");
    app.add_flag("--json", context_.json, "print JSON, for programs");
  }

  CLI::App* command(const std::string& name, const std::string& description,
                    const std::string& examples, std::function<Exit(const LabContext&)> does) {
    CLI::App* sub = app_.add_subcommand(name, description);
    sub->footer("Examples:\n" + examples);
    sub->callback([this, does = std::move(does)] { chosen_ = does; });
    common(*sub);
    return sub;
  }

  void declareTrain() {
    CLI::App* train = command(
        "train", "learn from a listening history what to recommend",
        "  attacca train shallow\n  attacca train bert4rec --epochs 50\n"
        "  attacca train bert4rec --published\n"
        "  attacca train sasrec --items ids --log ml-1m.inter --hold-out last --output trained\n"
        "                                          (plain files; no archive, no recordings)\n"
        "  attacca train shallow --log plays.csv --embeddings rows.npy --ids rows.txt "
        "--output trained\n"
        "STRATEGY is bert4rec, sasrec, shallow or contrastive (docs/recommenders.md). The last "
        "tenth of\n"
        "the plays is held out, and tells how good it is beside knn and popularity. Ctrl-C keeps "
        "the\n"
        "best so far; a run that was ended is gone on with.",
        [this](const LabContext& context) { return cli::train(context, train_); });
    constexpr int kMost = std::numeric_limits<int>::max();
    train->add_option("STRATEGY", train_.strategy, "what to train")
        ->required()
        ->check(CLI::IsMember({"bert4rec", "sasrec", "shallow", "contrastive"}));
    train->add_option("--log", train_.log,
                      "learn from this history instead of the archive's: comma-separated values "
                      "(user,track,timestamp,fraction) or RecBole's .inter");
    CLI::Option* rows = train->add_option("--embeddings", train_.embeddings,
                                          "rows of these instead of an archive's (.npy)");
    train
        ->add_option("--ids", train_.ids,
                     "what the rows are: the log's names of tracks, one a line")
        ->needs(rows);
    rows->needs("--ids")->needs("--log");
    train->add_option("--config", train_.config,
                      "a TOML file of what is to be other than usual (docs/recommenders.md)");
    train->add_flag("--published", train_.published,
                    "as in the papers, instead of for small archives");
    train
        ->add_option("--items", train_.items,
                     "content: know tracks by their sound, and new ones too; ids: by the log "
                     "alone (content)")
        ->check(CLI::IsMember({"content", "ids"}));
    train
        ->add_option("--hold-out", train_.hold_out,
                     "time: the last tenth of the plays; last: each listener's last, as many "
                     "publications do (time)")
        ->check(CLI::IsMember({"time", "last"}));
    train->add_option("--seed", train_.seed, "of what is drawn by lot (1)")
        ->check(CLI::Range(0, kMost));
    train->add_option("--epochs", train_.epochs, "at most so many")->check(CLI::Range(1, 1 << 20));
    train->add_option("--output", train_.output,
                      "keep the model below this folder instead of the archive's");
    train->add_flag("--fresh", train_.fresh, "begin anew where a run was ended");
    flags_.declare(*train, {"recipe", "representation", "jobs"});
  }

  void declareSimulate() {
    CLI::App* simulate = command(
        "simulate", "make up a listening history over the archive's catalogue",
        "  attacca simulate --listeners 100 --days 90 --output made-up.csv\n"
        "  attacca import-log made-up.csv\n"
        "Listeners like composers, periods and instrumentations, and often go on to the next "
        "movement.\n"
        "Nothing of it comes from how recordings sound. It is for trying things out: what is best "
        "on it\n"
        "need not be best for people.",
        [this](const LabContext& context) { return cli::simulate(context, simulate_); });
    simulate->add_option("--listeners", simulate_.listeners, "how many (100)")
        ->check(CLI::Range(1, 1'000'000));
    simulate->add_option("--days", simulate_.days, "how long they listen (90)")
        ->check(CLI::Range(1, 36'500));
    simulate->add_option("--seed", simulate_.seed, "of what is drawn by lot (1)");
    simulate->add_option("--until", simulate_.until, "the last day (today)");
    simulate->add_option("--output", simulate_.output, "the .csv file to write")->required();
  }

  CLI::App app_;
  LabContext context_;
  SettingFlags flags_;
  std::function<Exit(const LabContext&)> chosen_;
  TrainArgs train_;
  SimulateArgs simulate_;
};

}  // namespace

Exit runLabCommandLine(int argc, char** argv, const Environment& environment,
                       std::stop_token stop) {
  return CommandLine().run(argc, argv, environment, std::move(stop));
}

}  // namespace attacca::cli
