#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/export_catalogue.h"
#include "attacca/app/import_catalogue.h"
#include "attacca/app/share_corrections.h"
#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"

#include "commands.h"
#include "json_text.h"

namespace attacca::cli {
namespace {

constexpr std::size_t kMostLines = 20;  // of one kind, for people

Json remarksJson(const std::vector<app::RowRemark>& remarks) {
  Json list = Json::array();
  for (const auto& one : remarks) {
    list.push_back(
        {{"file", one.file}, {"line", one.line > 0 ? Json(one.line) : Json()}, {"text", one.text}});
  }
  return list;
}

Json missingJson(const std::vector<archive::Track>& missing) {
  Json list = Json::array();
  for (const auto& track : missing) {
    list.push_back({{"id", track.id.value},
                    {"external_id", track.external_id},
                    {"title", track.title},
                    {"album", track.album_title}});
  }
  return list;
}

Json importJson(const app::CatalogueImport& result, const std::vector<archive::Track>& missing,
                bool dry_run) {
  const auto& entered = result.entered;
  return {{"dry_run", dry_run},
          {"rows", result.rows},
          {"added", entered.added},
          {"changed", entered.changed},
          {"unchanged", entered.unchanged},
          {"attached", entered.conclusions.attached},
          {"works_changed", entered.conclusions.works},
          {"refused", remarksJson(result.refused)},
          {"missing", missingJson(missing)},
          {"notes", remarksJson(result.notes)},
          {"kept_columns", result.not_fields}};
}

std::string lineOf(const app::RowRemark& one) {
  return one.line > 0 ? fmt::format("{}, line {}: {}", one.file, one.line, one.text) : one.text;
}

// What is said of many rows is said once, with the first of them.
void sayRemarks(std::string_view what, const std::vector<app::RowRemark>& remarks) {
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> counts;
  std::vector<const app::RowRemark*> firsts;
  for (const auto& one : remarks) {
    if (++counts[{one.file, one.text}] == 1) firsts.push_back(&one);
  }
  for (std::size_t i = 0; i < firsts.size() && i < kMostLines; ++i) {
    const std::size_t more = counts[{firsts[i]->file, firsts[i]->text}] - 1;
    say(fmt::format("{}{}{}", what, lineOf(*firsts[i]),
                    more > 0 ? fmt::format(" (and {} rows more)", more) : ""));
  }
  if (firsts.size() > kMostLines) {
    say(fmt::format("... and {} more; --json lists all", firsts.size() - kMostLines));
  }
}

std::string missingText(const std::vector<archive::Track>& missing) {
  if (missing.empty()) return {};
  std::string text;
  for (std::size_t i = 0; i < missing.size() && i < kMostLines; ++i) {
    text += fmt::format("no longer there: {}\n", app::trackLine(missing[i]));
  }
  return text + fmt::format(
                    "{} rows that this catalogue had before are not in it; their tracks stay. "
                    "--json lists all,\n`attacca remove ID ...` takes tracks out (and back)\n",
                    missing.size());
}

std::string importText(const app::CatalogueImport& result, bool dry_run) {
  const auto& entered = result.entered;
  std::string text;
  for (std::size_t i = 0; i < result.changes.size() && i < kMostLines; ++i) {
    text += fmt::format("{}: {}\n", dry_run ? "would change" : "changed", result.changes[i]);
  }
  if (!result.not_fields.empty()) {
    text += fmt::format("kept as they are, without a meaning here: {}\n",
                        fmt::join(result.not_fields, ", "));
  }
  if (entered.added == 0 && entered.changed == 0) {
    text += fmt::format("{} rows, {} refused: nothing {}\n", result.rows, result.refused.size(),
                        dry_run ? "would change" : "changed");
  } else {
    text += fmt::format("{} rows{}: {} added, {} changed, {} unchanged, {} refused\n", result.rows,
                        dry_run ? " (nothing was kept)" : "", entered.added, entered.changed,
                        entered.unchanged, result.refused.size());
  }
  if (entered.conclusions.attached > 0) {
    text += fmt::format("{} of them have their audio here\n", entered.conclusions.attached);
  }
  return text;
}

Exit importCorrections(const Context& context, const ImportArgs& args) {
  ConsoleProgress progress(context.quiet);
  std::vector<archive::Correction> corrections;
  for (const auto& file : args.files) {
    for (auto& one : app::readCorrections(readFile(file), file)) {
      corrections.push_back(std::move(one));
    }
  }
  WritableArchive writable(context, progress, store::OpenMode::create);
  auto& catalogue = writable.archive.catalogue();
  const auto before = catalogue.corrections().size();
  if (!args.dry_run) {
    const auto changes = catalogue.correct(corrections);
    if (changes.any()) publishChanges(context, writable.archive, progress);
  }
  const auto added = catalogue.corrections().size() - before;
  if (context.json) {
    print(toText(Json{{"read", corrections.size()}, {"added", added}}));
  } else if (!context.quiet) {
    print(fmt::format("{} corrections read, {} new\n", corrections.size(), added));
  }
  return Exit::done;
}

// Writes to a file, whole or not at all, or to standard output as it comes.
void write(const std::string& output,
           const std::function<void(const std::function<void(std::string_view)>&)>& produce) {
  if (output.empty()) {
    std::string held;
    constexpr std::size_t kPiece = 1 << 16;
    produce([&](std::string_view text) {
      held += text;
      if (held.size() < kPiece) return;
      print(held);
      held.clear();
    });
    print(held);
    return;
  }
  std::string all;
  produce([&](std::string_view text) { all += text; });
  writeFileAtomically(output, all);
}

}  // namespace

Exit importCatalogue(const Context& context, const ImportArgs& args) {
  if (args.corrections) return importCorrections(context, args);
  app::ImportOptions options;
  options.dry_run = args.dry_run;
  for (const auto& text : args.map) options.columns.insert(app::readMapping(text));
  ConsoleProgress progress(context.quiet);
  const std::vector<std::filesystem::path> files(args.files.begin(), args.files.end());
  for (const auto& file : files) openToRead(file);
  if (args.dry_run && !context.folder().exists()) {
    throw Error(Fault::notFound, "there is no archive here to try it on",
                "leave --dry-run out: the import makes one");
  }
  WritableArchive writable(context, progress, store::OpenMode::create);
  const auto result =
      app::importCatalogue(writable.archive.catalogue(), files, options, progress, context.stop);
  if (!args.dry_run && result.entered.conclusions.any()) {
    publishChanges(context, writable.archive, progress);
  }
  const auto missing = writable.archive.catalogue().tracks(result.entered.missing);
  if (context.json) {
    print(toText(importJson(result, missing, args.dry_run)));
  } else {
    sayRemarks("refused: ", result.refused);
    if (!context.quiet) {
      sayRemarks("note: ", result.notes);
      print(importText(result, args.dry_run) + missingText(missing));
    }
  }
  return result.refused.empty() ? Exit::done : Exit::refused;
}

Exit exportCatalogue(const Context& context, const ExportArgs& args) {
  OpenArchive archive(context);
  const bool json = context.json || args.format == "json";
  write(args.output, [&](const auto& give) {
    app::exportCatalogue(archive.catalogue(), json ? app::TableFormat::json : app::TableFormat::csv,
                         give);
  });
  return Exit::done;
}

Exit exportCorrections(const Context& context, const ExportArgs& args) {
  OpenArchive archive(context);
  const auto text = app::writeCorrections(archive.catalogue().corrections());
  write(args.output, [&](const auto& give) { give(text); });
  return Exit::done;
}

}  // namespace attacca::cli
