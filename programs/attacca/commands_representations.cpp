#include <algorithm>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "attacca/app/representation_states.h"
#include "attacca/app/verify.h"
#include "attacca/base/error.h"
#include "attacca/base/representation.h"

#include "commands.h"
#include "findings.h"
#include "json_text.h"
#include "lists.h"
#include "table.h"

namespace attacca::cli {
namespace {

using app::Readiness;

std::string_view inWords(Readiness readiness) {
  switch (readiness) {
    case Readiness::ready:
      return "ready";
    case Readiness::imported:
      return "imported";
    case Readiness::weightsMissing:
      return "weights missing";
    case Readiness::partMissing:
      return "optional part missing";
    case Readiness::noManifest:
      break;
  }
  return "embeddings only";
}

std::vector<app::RepresentationState> allStates(const Context& context) {
  const app::ArchiveFolder folder = context.folder();
  return app::representationStates(folder, store::FolderBlobs(folder.blobs()),
                                   hasOpenVino(context));
}

std::string embeddingsText(const app::EmbeddingUse& use) {
  if (use.recordings == 0) return "";
  return fmt::format("{} in {}", formatBytes(use.bytes), use.recordings);
}

Json stateJson(const app::RepresentationState& state) {
  const Manifest& manifest = state.manifest;
  Json json{{"name", manifest.name},
            {"title", manifest.title},
            {"licence", manifest.licence},
            {"credit", manifest.credit},
            {"dimension", manifest.dimension},
            {"ready", state.readiness == Readiness::ready},
            {"state", inWords(state.readiness)}};
  if (!state.remedy.empty()) json["remedy"] = state.remedy;
  if (!state.versioned_name.empty()) {
    json["versioned_name"] = state.versioned_name;
    json["bytes"] = state.model_bytes;
    json["embeddings"] = {{"recordings", state.embeddings.recordings},
                          {"bytes", state.embeddings.bytes}};
    json["snapshots"] = state.snapshots;
  }
  return json;
}

// "clips of 3 s, one every 3 s"
std::string clipsText(const Manifest& manifest) {
  if (manifest.network.empty() || isExternal(manifest)) return "";
  if (manifest.clips.choice == ClipChoice::whole) return "the whole recording at once";
  std::string text = fmt::format("{:.3g} s, one every {:.3g} s", clipLength(manifest).count(),
                                 clipHop(manifest).count());
  switch (manifest.clips.choice) {
    case ClipChoice::first:
      return text + ", the first only";
    case ClipChoice::random:
      return text + ", one at random";
    case ClipChoice::middle:
      return text + fmt::format(", of the middle {:g} s", manifest.clips.choice_seconds);
    case ClipChoice::all:
    case ClipChoice::whole:
      break;
  }
  return text;
}

std::string stateText(const app::RepresentationState& state) {
  const Manifest& manifest = state.manifest;
  Table table({{"", Table::Align::left}, {"", Table::Align::left}});
  const auto line = [&](std::string_view what, std::string value) {
    if (!value.empty()) table.add({std::string(what), std::move(value)});
  };
  line("name", manifest.name);
  line("version", state.versioned_name);
  line("what it is", manifest.title);
  line("licence", manifest.licence);
  line("credit", manifest.credit);
  if (manifest.dimension > 0) line("numbers", std::to_string(manifest.dimension));
  line("they are", joined(manifest.numbers));
  line("computed by", manifest.layer.empty()
                          ? manifest.network
                          : fmt::format("{}, {}", manifest.network, manifest.layer));
  line("clips", clipsText(manifest));
  line("state", std::string(inWords(state.readiness)));
  line("what to do", state.remedy);
  if (state.model_bytes > 0) line("model", formatBytes(state.model_bytes));
  if (state.embeddings.recordings > 0) {
    line("embeddings", fmt::format("{} of {} recordings", formatBytes(state.embeddings.bytes),
                                   state.embeddings.recordings));
  }
  line("snapshots", joined(state.snapshots));
  return table.text(0);
}

}  // namespace

Exit listRepresentations(const Context& context) {
  const auto states = allStates(context);
  if (context.json) {
    Json json;
    json["representations"] = Json::array();
    for (const auto& state : states) json["representations"].push_back(stateJson(state));
    print(toText(json));
    return Exit::done;
  }
  Table table({{"name", Table::Align::left},
               {"numbers", Table::Align::right},
               {"licence", Table::Align::left},
               {"state", Table::Align::left},
               {"model", Table::Align::right},
               {"embeddings", Table::Align::right},
               {"what it is", Table::Align::left, true}});
  std::string remedies;
  for (const auto& state : states) {
    const Manifest& manifest = state.manifest;
    const bool several = std::count_if(states.begin(), states.end(), [&](const auto& other) {
                           return other.manifest.name == manifest.name;
                         }) > 1;
    const std::string& name = several ? state.versioned_name : manifest.name;
    table.add({name, manifest.dimension > 0 ? std::to_string(manifest.dimension) : "",
               manifest.licence, std::string(inWords(state.readiness)),
               state.model_bytes > 0 ? formatBytes(state.model_bytes) : "",
               embeddingsText(state.embeddings), manifest.title});
    if (!state.remedy.empty()) remedies += fmt::format("  {}: {}\n", name, state.remedy);
  }
  std::string text = table.text(terminalWidth(1));
  if (!context.quiet && !remedies.empty()) text += "\nWhat to do:\n" + remedies;
  print(text);
  return Exit::done;
}

Exit showRepresentation(const Context& context, const std::string& name) {
  const auto found = app::statesOf(allStates(context), name);
  if (context.json) {
    Json json;
    json["representations"] = Json::array();
    for (const auto& state : found) {
      Json entry = stateJson(state);
      entry["numbers"] = state.manifest.numbers;
      if (!state.manifest.network.empty()) entry["manifest"] = state.manifest.toml();
      json["representations"].push_back(std::move(entry));
    }
    print(toText(json));
    return Exit::done;
  }
  std::string text;
  for (const auto& state : found) {
    if (!text.empty()) text += '\n';
    text += stateText(state);
  }
  print(text);
  return Exit::done;
}

Exit verifyRepresentation(const Context& context, const std::string& name) {
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto installed = app::installedRepresentation(
      archive.folder, name.empty() ? context.representations().front() : name);
  const auto result = app::verifyRepresentation({archive.catalogue(), archive.blobs, progress},
                                                installed, context.stop);
  if (context.json) {
    print(toText(Json{{"versioned_name", installed.versioned_name},
                      {"recordings", result.recordings},
                      {"embeddings", result.embeddings},
                      {"damaged", result.damaged()},
                      {"findings", findingsJson(result.findings)}}));
  } else {
    std::string text = findingsText(result.findings);
    if (!context.quiet || result.damaged()) {
      text += fmt::format("{}: {} embeddings: {}\n", installed.versioned_name, result.embeddings,
                          result.damaged() ? "something is damaged" : "all is well");
    }
    print(text);
  }
  return result.damaged() ? Exit::error : Exit::done;
}

Exit removeRepresentation(const Context& context, const RepresentationArgs& args) {
  ConsoleProgress progress(context.quiet);
  const app::ArchiveFolder folder = context.folder();
  folder.check();
  const auto lock = app::WriterLock::acquire(folder, progress, context.stop);
  store::FolderBlobs blobs(folder.blobs());
  auto found =
      app::statesOf(app::representationStates(folder, blobs, hasOpenVino(context)), args.name);
  std::erase_if(found, [](const auto& state) {
    const bool built_in = state.readiness != Readiness::noManifest && isBuiltIn(state.manifest);
    return state.versioned_name.empty() || (built_in && state.embeddings.recordings == 0);
  });
  if (found.empty()) {
    throw Error(Fault::notFound, fmt::format("nothing of {} is in this archive", args.name));
  }
  if (found.size() > 1) {
    std::string names;
    for (const auto& state : found) names += (names.empty() ? "" : ", ") + state.versioned_name;
    throw Error(Fault::usage, fmt::format("there are several versions of {}", args.name),
                "name one of them: " + names);
  }
  const auto& state = found.front();
  const bool recomputed =
      state.readiness != Readiness::imported && state.readiness != Readiness::noManifest;
  if (!args.force && !state.snapshots.empty()) {
    throw Error(Fault::usage,
                fmt::format("{} is what lists are made from ({})", state.versioned_name,
                            joined(state.snapshots)),
                "--force removes it all the same");
  }
  if (!args.force && !recomputed && state.embeddings.recordings > 0) {
    throw Error(Fault::usage,
                fmt::format("the {} embeddings of {} cannot be computed here",
                            state.embeddings.recordings, state.versioned_name),
                "`attacca embeddings export` keeps them; --force removes them");
  }
  app::removeRepresentation(folder, blobs, state, usualKey(context));
  if (context.json) {
    Json json = stateJson(state);
    json["removed"] = true;
    print(toText(json));
  } else if (!context.quiet) {
    print(fmt::format("{} removed: {} of model, {} embeddings ({})\n{}\n", state.versioned_name,
                      formatBytes(state.model_bytes), state.embeddings.recordings,
                      formatBytes(state.embeddings.bytes),
                      recomputed ? "Nothing is lost: `attacca embed --all` computes them again."
                                 : "Import them again to have them back."));
  }
  return Exit::done;
}

}  // namespace attacca::cli
