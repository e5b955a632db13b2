#include <fmt/format.h>

#include "attacca/app/add_representation.h"
#include "attacca/app/check_model.h"
#include "attacca/app/embed_file.h"
#include "attacca/base/error.h"

#include "commands.h"
#include "json_text.h"

namespace attacca::cli {

Exit fetchRepresentation(const Context& context, const FetchArgs& args) {
  ConsoleProgress progress(context.quiet);
  auto names = args.names;
  if (names.empty()) names = context.representations();
  app::FetchOptions options;
  if (!args.from.empty()) options.from = args.from;
  for (const auto& name : names) shippedManifest(name);  // before an archive is made
  const app::ArchiveFolder folder = context.folder();
  folder.create();
  const auto lock = app::WriterLock::acquire(folder, progress, context.stop);
  app::HearPool pool(hearProgram(), context.hearLimits(), {});
  const auto fetched =
      app::fetchRepresentations(folder, pool, names, options, progress, context.stop);
  if (context.json) {
    Json json;
    json["representations"] = Json::array();
    for (const auto& one : fetched) {
      json["representations"].push_back(
          {{"versioned_name", one.representation.versioned_name}, {"was_there", one.was_there}});
    }
    print(toText(json));
    return Exit::done;
  }
  if (context.quiet) return Exit::done;
  std::string text;
  for (const auto& one : fetched) {
    text += fmt::format("{} {}\n", one.representation.versioned_name,
                        one.was_there ? "was here already" : "is ready");
  }
  print(text);
  return Exit::done;
}

Exit addRepresentation(const Context& context, const AddRepresentationArgs& args) {
  ConsoleProgress progress(context.quiet);
  app::ModelToAdd what{args.model, {}};
  if (!args.manifest.empty()) what.manifest = args.manifest;
  const Manifest manifest = app::manifestToAdd(what);
  const app::ArchiveFolder folder = context.folder();
  if (!args.accept_licence) app::checkLicenceAccepted(folder, manifest);
  folder.create();
  const auto lock = app::WriterLock::acquire(folder, progress, context.stop);
  const auto added =
      app::addRepresentation(folder, manifest, args.model, [&](const std::filesystem::path& file) {
        progress.note("checking it: a test sound and silence");
        app::checkModel(hearProgram(), context.hearLimits(), openVinoFolder(context), manifest,
                        file);
      });
  const auto& name = added.representation.versioned_name;
  if (context.json) {
    print(toText(Json{{"versioned_name", name}, {"was_there", added.was_there}}));
  } else if (!context.quiet) {
    print(
        fmt::format("{} {}\n`attacca embed --all --representation {}` hears the archive with it\n",
                    name, added.was_there ? "was here already" : "is ready", manifest.name));
  }
  return Exit::done;
}

Exit embed(const Context& context, const EmbedArgs& args) {
  if (args.all) return embedAll(context);
  if (args.file.empty() || args.output.empty()) {
    throw Error(Fault::usage, "embed needs a file and --output, or --all");
  }
  const auto names = context.representations();
  if (names.size() != 1) throw Error(Fault::usage, "embed takes one representation");
  ConsoleProgress progress(context.quiet);
  const auto installed = app::usableRepresentation(context.folder(), names.front());
  app::HearPool pool(hearProgram(), context.hearLimits(), {installed.model()},
                     openVinoFolder(context));
  app::Embedded result;
  try {
    result = app::embedFile(pool, installed.manifest.dimension, args.file, args.output,
                            {.clips = args.clips}, progress, context.stop);
  } catch (const Error& fault) {
    if (fault.fault() != Fault::refused) throw;
    progress.end();
    sayError(
        Error(Fault::refused, fmt::format("{}: {}", args.file, fault.problem()), fault.remedy()));
    return Exit::refused;
  }
  for (const auto& note : result.heard.notes) progress.note(fmt::format("{}: {}", args.file, note));
  if (context.json) {
    Json json{{"representation", installed.versioned_name},
              {"rows", args.clips ? result.rows : 1},
              {"dimension", result.dimension},
              {"duration_s", result.heard.duration.count()}};
    putPath(json, "output", args.output);
    print(toText(json));
  } else if (!context.quiet) {
    const std::string what =
        args.clips ? fmt::format("{} clips x {}", result.rows, result.dimension)
                   : fmt::format("{} numbers, the mean of all clips", result.dimension);
    print(fmt::format("{}: {} ({} of music, {})\n", args.output, what,
                      formatDuration(result.heard.duration), installed.versioned_name));
  }
  return Exit::done;
}

}  // namespace attacca::cli
