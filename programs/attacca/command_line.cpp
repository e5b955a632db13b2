#include "command_line.h"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "attacca/base/error.h"

#include "command_line_catalogue.h"
#include "command_line_listening.h"
#include "command_line_lists.h"
#include "command_line_models.h"
#include "setting_flags.h"

namespace attacca::cli {
namespace {

constexpr const char* kVersion = ATTACCA_VERSION;

constexpr std::string_view kWelcome =
    R"(Attacca listens to a folder of recordings and says what to play next.

Start here:
  attacca representation fetch    bring the model that listens (once)
  attacca add ~/Music             hear a folder; run it again after changes
  attacca similar "moonlight"     what sounds like a track
  attacca recommend anna          what a listener may like

Every command: attacca COMMAND --help
)";

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done, 1 error, 2 the command line makes no sense, 3 some files or rows were\n"
    "refused, 130 stopped by Ctrl-C (what is done is kept).\n"
    "Settings: `attacca settings` lists them with their environment variables and the keys of\n"
    "attacca.toml in the archive's folder.";

// Declares the commands and keeps what was typed.
class CommandLine {
 public:
  CommandLine()
      : app_("Attacca listens to a music archive and says what to play next.", "attacca") {
    app_.set_version_flag("--version", std::string("attacca ") + kVersion);
    app_.require_subcommand(0, 1);
    app_.footer(std::string(kExitCodes));
    common(app_, true);
    const DeclareCommand declare = [this](CLI::App* parent, const std::string& name,
                                          const std::string& description,
                                          const std::string& examples, Command does) {
      CLI::App* sub =
          command(parent == nullptr ? app_ : *parent, name, description, examples, std::move(does));
      common(*sub, true);
      return sub;
    };
    const DeclareSettings with = [this](CLI::App& sub,
                                        std::initializer_list<std::string_view> keys) {
      settings(sub, keys);
    };
    declareAdding();
    declareLists(declare, lists_);
    declareListening(declare, with, app_, listening_);
    declareCatalogue(declare, with, app_, catalogue_);
    declareModels(declare, with, app_, models_);
    declareKeeping();
  }

  Exit run(int argc, char** argv, const Environment& environment, std::stop_token stop) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& success) {  // help or version
      return static_cast<Exit>(app_.exit(success));
    } catch (const CLI::ParseError& fault) {
      throw Error(Fault::usage, explained(app_, fault, argc, argv), hintFor(app_));
    }
    for (const char* name : {"train", "simulate"}) {
      if (app_.got_subcommand(name)) runLab(argv);
    }
    if (!chosen_) {
      print(kWelcome);
      return Exit::done;
    }
    context_.stop = std::move(stop);
    context_.settings = flags_.read(environment);
    context_.recipe_asked = flags_.given("recipe");
    return chosen_(context_);
  }

 private:
  CLI::App* command(CLI::App& parent, const std::string& name, const std::string& description,
                    const std::string& examples, Command does) {
    CLI::App* sub = parent.add_subcommand(name, description);
    sub->footer("Examples:\n" + examples);
    sub->callback([this, does = std::move(does)] { chosen_ = does; });
    return sub;
  }

  // --archive, --json and --quiet may stand before or after the command.
  void common(CLI::App& app, bool json) {
    settings(app, {"archive"});
    app.add_flag("-q,--quiet", context_.quiet, "print results and errors only");
    if (json) app.add_flag("--json", context_.json, "print JSON, for programs");
  }

  void settings(CLI::App& app, std::initializer_list<std::string_view> keys) {
    flags_.declare(app, keys);
  }

  void hearing(CLI::App& app) {
    settings(app, {"representation", "openvino", "hear-memory-mb", "hear-seconds",
                   "hear-load-seconds", "hear-stall-seconds"});
  }

  void declareAdding() {
    CLI::App* add = command(
        app_, "add", "hear the music in folders and files, and take it into the archive",
        "  attacca add ~/Music\n"
        "  attacca add ~/Music /media/disk/Opera song.flac\n"
        "  attacca add --representation msd-musicnn,mtt-vgg ~/Music   (the first makes the lists)\n"
        "Known files cost nothing, so run it again after every change. Recordings stay where they\n"
        "are. Files that are gone are marked offline, never removed.",
        [this](const Context& context) { return cli::add(context, add_); });
    add->add_option("PATH", add_.paths, "folders and files")->required();
    common(*add, true);
    hearing(*add);
    settings(*add, {"jobs", "recipe"});

    CLI::App* remove =
        command(app_, "remove", "take tracks out of lists (the files stay; it can be undone)",
                "  attacca remove 17\n"
                "  attacca remove ~/Music/Noise       (all tracks below a folder)\n"
                "  attacca remove --undo 17           (`attacca tracks --removed` lists them)",
                [this](const Context& context) { return cli::remove(context, remove_); });
    remove->add_option("TRACK", remove_.names, "ids, paths, folders or parts of titles")
        ->required();
    remove->add_flag("--undo", remove_.undo, "bring removed tracks back");
    common(*remove, false);
    settings(*remove, {"representation", "recipe"});

    CLI::App* refused = command(app_, "refused", "files that could not be used, and why",
                                "  attacca refused\n  attacca refused --json",
                                [](const Context& context) { return cli::refused(context); });
    common(*refused, true);
  }

  void declareKeeping() {
    CLI::App* backup =
        command(app_, "backup", "copy the archive (not the recordings) into a new folder",
                "  attacca backup /media/disk/attacca-2026-11-24",
                [this](const Context& context) { return cli::backup(context, file_); });
    backup->add_option("FOLDER", file_, "a new folder")->required();
    common(*backup, false);

    CLI::App* restore =
        command(app_, "restore", "put a backup in the archive's place, once all of it is checked",
                "  attacca restore /media/disk/attacca-2026-11-24\n"
                "What was there is kept beside it under another name.",
                [this](const Context& context) { return cli::restore(context, file_); });
    restore->add_option("FROM", file_, "the folder that `attacca backup` made")->required();
    common(*restore, false);

    CLI::App* verify =
        command(app_, "verify", "check that everything is there and as it was written",
                "  attacca verify", [](const Context& context) { return cli::verify(context); });
    common(*verify, true);
    settings(*verify, {"representation", "recipe"});

    CLI::App* status = command(app_, "status", "what the archive holds", "  attacca status",
                               [](const Context& context) { return cli::status(context); });
    common(*status, true);
    settings(*status, {"recipe"});

    CLI::App* doctor =
        command(app_, "doctor", "what this machine offers, and what it lacks", "  attacca doctor",
                [](const Context& context) { return cli::doctor(context); });
    common(*doctor, true);
    hearing(*doctor);

    CLI::App* show =
        command(app_, "settings", "all settings and their values", "  attacca settings --markdown",
                [this](const Context& context) { return cli::showSettings(context, markdown_); });
    show->add_flag("--markdown", markdown_, "as documentation");
    common(*show, true);
  }

  CLI::App app_;
  Context context_;
  SettingFlags flags_;
  Command chosen_;

  AddArgs add_;
  RemoveArgs remove_;
  ListsArgs lists_;
  CatalogueArgs catalogue_;
  ListeningArgs listening_;
  ModelArgs models_;
  std::string file_;
  bool markdown_ = false;
};

}  // namespace

Exit runCommandLine(int argc, char** argv, const Environment& environment, std::stop_token stop) {
  return CommandLine().run(argc, argv, environment, std::move(stop));
}

}  // namespace attacca::cli
