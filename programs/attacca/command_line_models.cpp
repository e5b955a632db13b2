#include "command_line_models.h"

#include "options.h"

namespace attacca::cli {
namespace {

// Of processes that load a model.
void engineSettings(const DeclareSettings& settings, CLI::App& app) {
  settings(app, {"openvino", "hear-memory-mb", "hear-seconds", "hear-load-seconds",
                 "hear-stall-seconds"});
}

void declareRepresentations(const DeclareCommand& declare, const DeclareSettings& settings,
                            CLI::App& app, ModelArgs& args) {
  CLI::App* representation = app.add_subcommand(
      "representation", "what recordings can be compared by: list, fetch, add, check, remove");
  representation->require_subcommand(1);

  CLI::App* fetch =
      declare(representation, "fetch", "download a model from its authors, check it and import it",
              "  attacca representation fetch\n"
              "  attacca representation fetch msd-musicnn mtt-vgg\n"
              "  attacca representation fetch --from musicnn-0.1.0-py3-none-any.whl",
              [&args](const Context& context) { return fetchRepresentation(context, args.fetch); });
  addOption(*fetch, option::kNameOrUsual, args.fetch.names);
  fetch->add_option("--from", args.fetch.from,
                    "the authors' package, if you have the file already");
  settings(*fetch, {"representation"});
  engineSettings(settings, *fetch);

  CLI::App* add = declare(
      representation, "add", "bring in an ONNX model, once it is checked",
      "  attacca representation add mert-95m.onnx --accept-licence\n"
      "  attacca representation add model.onnx --manifest model.toml\n"
      "docs/manifests.md says what a manifest holds. The model is loaded and hears a test sound "
      "and\n"
      "silence before it is accepted.",
      [&args](const Context& context) {
        return addRepresentation(context, args.add_representation);
      });
  add->add_option("MODEL", args.add_representation.model, "the .onnx file")->required();
  add->add_option("--manifest", args.add_representation.manifest,
                  "what it is (not needed for NAME.onnx of a NAME in `representation list`)");
  add->add_flag("--accept-licence", args.add_representation.accept_licence,
                "its licence, which is shown otherwise");
  engineSettings(settings, *add);

  declare(representation, "list", "which there are, which are ready, and how to get the others",
          "  attacca representation list",
          [](const Context& context) { return listRepresentations(context); });

  CLI::App* show =
      declare(representation, "show", "all about one: licence, clips, state, what it takes on disk",
              "  attacca representation show msd-musicnn", [&args](const Context& context) {
                return showRepresentation(context, args.representation.name);
              });
  addOption(*show, option::kNameAndVersion, args.representation.name)->required();

  CLI::App* verify =
      declare(representation, "verify", "check its model file and its embeddings",
              "  attacca representation verify\n  attacca representation verify mtt-vgg",
              [&args](const Context& context) {
                return verifyRepresentation(context, args.representation.name);
              });
  addOption(*verify, option::kNameOrUsual, args.representation.name);
  settings(*verify, {"representation"});

  CLI::App* remove = declare(
      representation, "remove", "remove it with its embeddings",
      "  attacca representation remove mtt-vgg\n"
      "  attacca representation remove msd-musicnn@0123456789abcdef\n"
      "What lists are made from, and embeddings that cannot be computed here, stay unless --force\n"
      "is given; the lists of the setting `recipe` go on as they are.",
      [&args](const Context& context) {
        return removeRepresentation(context, args.representation);
      });
  addOption(*remove, option::kNameAndVersion, args.representation.name)->required();
  remove->add_flag("--force", args.representation.force, "even if lists are made from it");
  settings(*remove, {"recipe"});
}

void declareEmbeddings(const DeclareCommand& declare, const DeclareSettings& settings,
                       CLI::App& app, ModelArgs& args) {
  CLI::App* embeddings =
      app.add_subcommand("embeddings", "embeddings as files: out for numpy, in from elsewhere");
  embeddings->require_subcommand(1);

  CLI::App* out =
      declare(embeddings, "export", "write all embeddings of a representation, for numpy",
              "  attacca embeddings export --output musicnn\n"
              "  attacca embeddings export --representation mtt-vgg --clips --output vgg-clips\n"
              "The folder gets embeddings.npy, ids.csv (what each row is of) and provenance.json.",
              [&args](const Context& context) {
                return exportEmbeddings(context, args.export_embeddings);
              });
  addOption(*out, option::kNewFolder, args.export_embeddings.output)->required();
  addFlag(*out, option::kClips, args.export_embeddings.clips);
  settings(*out, {"representation"});

  CLI::App* in = declare(
      embeddings, "import", "take in embeddings that were computed elsewhere",
      "  attacca embeddings import jukebox.npy --ids ids.csv --representation jukebox \\\n"
      "    --accept-licence\n"
      "  attacca embeddings import X.npy --ids X.csv --representation ours --manifest ours.toml\n"
      "  attacca embeddings import musicnn/embeddings.npy --ids musicnn/ids.csv \\\n"
      "    --representation msd-musicnn --manifest musicnn/provenance.json\n"
      "The ids are CSV; the first line names its columns: audio_hash, track_id or catalogue_id "
      "(one\n"
      "is enough), and clip where rows are clips. Rows that cannot be used are listed (they count\n"
      "from 0, as in numpy), the others go in; it may be repeated.",
      [&args](const Context& context) {
        return importEmbeddings(context, args.import_embeddings);
      });
  in->add_option("FILE", args.import_embeddings.matrix, "float32 .npy, one row each")->required();
  in->add_option("--ids", args.import_embeddings.ids, "CSV, one line a row")->required();
  in->add_option("--representation", args.import_embeddings.representation, "what they are of")
      ->required();
  in->add_option("--manifest", args.import_embeddings.manifest,
                 "its manifest, or the provenance.json of an export");
  in->add_flag("--accept-licence", args.import_embeddings.accept_licence,
               "its licence, which is shown otherwise");
  in->add_flag("--replace", args.import_embeddings.replace,
               "embeddings that differ from those that are there");
}

}  // namespace

void declareModels(const DeclareCommand& declare, const DeclareSettings& settings, CLI::App& app,
                   ModelArgs& args) {
  declareRepresentations(declare, settings, app, args);
  declareEmbeddings(declare, settings, app, args);

  CLI::App* embed = declare(
      nullptr, "embed", "hear what the archive knows with another representation, or one file",
      "  attacca embed --all --representation msd-musicnn,mtt-vgg\n"
      "  attacca embed song.flac --output song.npy\n"
      "  attacca embed song.flac --output clips.npy --clips --representation mtt-musicnn\n"
      "With --all, recordings that lack an embedding are heard again, from where they are; lists "
      "go\n"
      "on as they are until all have it. It can be stopped and run again at any moment.",
      [&args](const Context& context) { return cli::embed(context, args.embed); });
  auto* file = embed->add_option("FILE", args.embed.file,
                                 "a recording, whose embedding is written; it need not be in the "
                                 "archive");
  auto* output = addOption(*embed, option::kNewMatrix, args.embed.output);
  auto* clips = addFlag(*embed, option::kClips, args.embed.clips);
  embed->add_flag("--all", args.embed.all, "all recordings of the archive")
      ->excludes(file)
      ->excludes(output)
      ->excludes(clips);
  settings(*embed, {"representation", "jobs", "recipe"});
  engineSettings(settings, *embed);
}

}  // namespace attacca::cli
