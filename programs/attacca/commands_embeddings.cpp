#include <fmt/format.h>

#include "attacca/app/add_representation.h"
#include "attacca/app/controls.h"
#include "attacca/app/embeddings.h"
#include "attacca/base/error.h"

#include "commands.h"
#include "json_text.h"

namespace attacca::cli {
namespace {

constexpr std::string_view kProgram = "attacca " ATTACCA_VERSION;

}  // namespace

Exit exportEmbeddings(const Context& context, const ExportEmbeddingsArgs& args) {
  const auto names = context.representations();
  if (names.size() != 1) {
    throw Error(Fault::usage, "an export is of one representation", "name it: --representation");
  }
  const std::string asked = context.asked().front().representation;
  if (asked == app::kRandom || app::shuffledOf(asked)) {
    throw Error(Fault::usage, "a control is made with its lists, and kept nowhere else",
                "`attacca similar TRACK --representation random` compares by it");
  }
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto representation = app::installedRepresentation(archive.folder, names.front());
  const auto result =
      app::exportEmbeddings(archive.catalogue(), archive.blobs, representation, args.output,
                            {.clips = args.clips, .program = std::string(kProgram)}, context.clock,
                            progress, context.stop);
  for (const auto& problem : result.problems) say(problem);
  if (context.json) {
    Json json{{"representation", representation.versioned_name},
              {"rows", result.rows},
              {"tracks", result.tracks},
              {"missing", result.missing},
              {"problems", result.problems},
              {"dimension", representation.manifest.dimension}};
    putPath(json, "output", args.output);
    print(toText(json));
  } else if (!context.quiet) {
    std::string text =
        fmt::format("{}: {} x {}, {} of {} tracks ({})\n", args.output, result.rows,
                    representation.manifest.dimension, args.clips ? "clips" : "means",
                    result.tracks, representation.versioned_name);
    if (result.missing > 0) {
      text += fmt::format(
          "{} tracks were not heard with it: `attacca embed --all "
          "--representation {}` does that\n",
          result.missing, representation.manifest.name);
    }
    print(text);
  }
  return result.problems.empty() ? Exit::done : Exit::error;
}

Exit importEmbeddings(const Context& context, const ImportEmbeddingsArgs& args) {
  ConsoleProgress progress(context.quiet);
  WritableArchive writable(context, progress, store::OpenMode::existing);
  OpenArchive& archive = writable.archive;
  app::EmbeddingsToImport what{args.matrix, args.ids, args.representation, {}, args.replace};
  if (!args.manifest.empty()) what.about = args.manifest;
  if (!args.accept_licence) {
    const auto representation = app::representationToImport(archive.folder, what);
    app::checkLicenceAccepted(archive.folder, representation.manifest);
  }
  const auto result = app::importEmbeddings(archive.catalogue(), archive.blobs, archive.folder,
                                            what, progress, context.stop);
  const Manifest& manifest = result.representation.manifest;
  if (context.json) {
    Json json{{"representation", result.representation.versioned_name},
              {"licence", manifest.licence},
              {"rows", result.rows},
              {"added", result.added},
              {"known", result.known},
              {"replaced", result.replaced}};
    json["refused"] = Json::array();
    for (const auto& row : result.refused) {
      json["refused"].push_back({{"row", row.row}, {"line", row.line}, {"reason", row.reason}});
    }
    print(toText(json));
  } else {
    for (const auto& row : result.refused) {
      say(fmt::format("row {} ({}, line {}): {}", row.row, args.ids, row.line, row.reason));
    }
    if (!context.quiet) {
      std::string text = fmt::format(
          "{} rows: {} recordings added, {} known already, {} replaced; {} rows refused\n",
          result.rows, result.added, result.known, result.replaced, result.refused.size());
      text += fmt::format("{} ({}; {})\n", manifest.title, manifest.credit, manifest.licence);
      text += fmt::format("try `attacca similar TRACK --representation {}`\n", manifest.name);
      print(text);
    }
  }
  return result.refused.empty() ? Exit::done : Exit::refused;
}

}  // namespace attacca::cli
