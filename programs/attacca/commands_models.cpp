#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "attacca/app/embed_file.h"
#include "attacca/base/error.h"

#include "commands.h"
#include "json_text.h"
#include "table.h"

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
  if (context.quiet) return Exit::done;
  std::string text;
  for (const auto& one : fetched) {
    text += fmt::format("{} {}\n", one.representation.versioned_name,
                        one.was_there ? "was here already" : "is ready");
  }
  print(text);
  return Exit::done;
}

Exit listRepresentations(const Context& context) {
  struct Line {
    Manifest manifest;
    std::string versioned_name;  // empty: not fetched
    std::uint64_t bytes = 0;
  };
  std::vector<Line> lines;
  const auto installed = app::installedRepresentations(context.folder());
  lines.reserve(installed.size() + shippedManifests().size());
  for (const auto& one : installed) lines.push_back({one.manifest, one.versioned_name, one.bytes});
  for (const auto& manifest : shippedManifests()) {
    const bool there = std::any_of(installed.begin(), installed.end(), [&](const auto& one) {
      return one.manifest.name == manifest.name;
    });
    if (!there) lines.push_back({manifest, {}, 0});
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return std::tie(a.manifest.name, a.versioned_name) <
           std::tie(b.manifest.name, b.versioned_name);
  });
  if (context.json) {
    Json json;
    json["representations"] = Json::array();
    for (const auto& line : lines) {
      Json entry{{"name", line.manifest.name},           {"title", line.manifest.title},
                 {"licence", line.manifest.licence},     {"credit", line.manifest.credit},
                 {"dimension", line.manifest.dimension}, {"ready", !line.versioned_name.empty()}};
      if (!line.versioned_name.empty()) {
        entry["versioned_name"] = line.versioned_name;
        entry["bytes"] = line.bytes;
      }
      json["representations"].push_back(std::move(entry));
    }
    print(toText(json));
    return Exit::done;
  }
  Table table({{"name", Table::Align::left},
               {"numbers", Table::Align::right},
               {"licence", Table::Align::left},
               {"state", Table::Align::left},
               {"size", Table::Align::right},
               {"what it is", Table::Align::left, true}});
  for (const auto& line : lines) {
    const bool ready = !line.versioned_name.empty();
    table.add({line.manifest.name, std::to_string(line.manifest.dimension), line.manifest.licence,
               ready ? line.versioned_name.substr(line.manifest.name.size()) : "not fetched",
               ready ? formatBytes(line.bytes) : "", line.manifest.title});
  }
  print(table.text(terminalWidth(1)));
  if (!context.quiet && installed.empty()) {
    say("`attacca representation fetch` brings the one that `add` uses");
  }
  return Exit::done;
}

Exit embed(const Context& context, const EmbedArgs& args) {
  const auto names = context.representations();
  if (names.size() != 1) throw Error(Fault::usage, "embed takes one representation");
  ConsoleProgress progress(context.quiet);
  const auto installed = app::installedRepresentation(context.folder(), names.front());
  app::checkInstalled(installed);
  app::HearPool pool(hearProgram(), context.hearLimits(), {installed.model()}, openVinoFolder(context));
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
