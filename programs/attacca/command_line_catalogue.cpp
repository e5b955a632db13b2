#include "command_line_catalogue.h"

#include <utility>

namespace attacca::cli {
namespace {

void declareTables(const DeclareCommand& declare, CLI::App& app, CatalogueArgs& args) {
  CLI::App* import = declare(
      nullptr, "import", "bring in the catalogue that an archive has kept so far",
      "  attacca import tracks.json\n"
      "  attacca import albums.csv tracks.csv --dry-run\n"
      "  attacca import tracks.csv --map composer=Komponist --map title=Stück\n"
      "  attacca import --corrections corrections.json\n"
      "JSON is a list of objects; CSV names its columns in the first line. Columns are found by\n"
      "their names (title, composers, track_id, duration, ...); --map names others. Rows that "
      "make\n"
      "no sense are listed, the rest goes in, or nothing. Imported again, rows that changed are\n"
      "changed. Audio that `add` finds is joined to its row by path, else by title and length.",
      [&args](const Context& context) { return importCatalogue(context, args.import); });
  import->add_option("FILE", args.import.files, "JSON or CSV files of one catalogue")->required();
  import->add_option("--map", args.import.map, "a field's column: FIELD=COLUMN");
  import->add_flag("--dry-run", args.import.dry_run, "say what would change, and change nothing");
  import->add_flag("--corrections", args.import.corrections,
                   "the files are what `attacca export corrections` wrote");

  CLI::App* out = app.add_subcommand("export", "write the catalogue, or what was corrected");
  out->require_subcommand(1);
  CLI::App* catalogue =
      declare(out, "catalogue", "the whole catalogue as a table, one row a track",
              "  attacca export catalogue --output catalogue.csv\n"
              "  attacca export catalogue --format json --output catalogue.json\n"
              "track_id is the imported id where there is one; several names are joined by ';'.",
              [&args](const Context& context) { return exportCatalogue(context, args.export_); });
  catalogue->add_option("--format", args.export_.format, "csv or json")
      ->check(CLI::IsMember({"csv", "json"}));
  catalogue->add_option("--output", args.export_.output, "a file (default: standard output)");
  CLI::App* corrections =
      declare(out, "corrections", "what was corrected, to be shared or kept",
              "  attacca export corrections --output corrections.json\n"
              "  attacca import --corrections corrections.json    (into another archive)",
              [&args](const Context& context) { return exportCorrections(context, args.export_); });
  corrections->add_option("--output", args.export_.output, "a file (default: standard output)");
}

void declareKnowledge(const DeclareCommand& declare, CatalogueArgs& args) {
  CLI::App* works =
      declare(nullptr, "works", "the works that the archive holds",
              "  attacca works\n  attacca works mozart serenade",
              [&args](const Context& context) { return cli::works(context, args.works); });
  works->add_option("TEXT", args.works.text, "only those whose title or composer has these words");

  CLI::App* work =
      declare(nullptr, "work", "one work: its performances, movement by movement",
              "  attacca work 12\n  attacca work 12 --why",
              [&args](const Context& context) { return cli::work(context, args.work); });
  work->add_option("ID", args.work.id, "a work's id or an unambiguous part of its title")
      ->required();
  work->add_flag("--why", args.work.why, "why its tracks are of this work, and so on");

  CLI::App* people =
      declare(nullptr, "people", "composers, arrangers and performers",
              "  attacca people\n  attacca people tchaik",
              [&args](const Context& context) { return cli::people(context, args.works); });
  people->add_option("TEXT", args.works.text, "only those whose name has these words");
}

void declareEdit(const DeclareCommand& declare, CatalogueArgs& args) {
  CLI::App* edit = declare(
      nullptr, "edit", "correct what the catalogue says (it can be undone)",
      "  attacca edit 17 composer=\"Antonín Dvořák\" movement_number=3\n"
      "  attacca edit 17 arranger=              (none)\n"
      "  attacca edit 17 own_work=\"Adagio in G minor\"  (not of the work it was taken for)\n"
      "  attacca edit --album 3 date=1998 artist=\"Smetana Quartet; Josef Suk\"\n"
      "  attacca edit --work 12 title=\"Serenade for Strings, Op. 48\" period=romantic\n"
      "  attacca edit --work 12 same_as=15      (two that are one)\n"
      "  attacca edit --person \"E. Greig\" same_as=\"Edvard Grieg\"\n"
      "  attacca edit --person \"Johann Strauss II\" split=\"J. Strauss\"  (somebody else)\n"
      "  attacca edit --list\n"
      "  attacca edit --undo 3\n"
      "Tracks have: title, composer, arranger, artist, conductor, performer, work, own_work,\n"
      "movement, movement_number, disc, track, genre; albums: title, artist, conductor, date; "
      "works:\n"
      "title, key, period, instrumentation, same_as; people: name, sort_name, born, died, "
      "same_as,\n"
      "split. Several names are joined by ';'. Corrections outlive a rescan and another import.",
      [&args](const Context& context) { return cli::edit(context, args.edit); });
  edit->add_option("TRACK", args.edit.fields,
                   "a track (its id, path or a part of its title), then FIELD=VALUE ...");
  edit->add_option("--album", args.edit.album, "an album instead: its id or a part of its title");
  edit->add_option("--work", args.edit.work, "a work instead: its id");
  edit->add_option("--person", args.edit.person, "a person instead: the name");
  edit->add_flag("--list", args.edit.list, "what was corrected");
  edit->add_option("--undo", args.edit.undo, "take corrections back, by their numbers");
}

}  // namespace

void declareCatalogue(const DeclareCommand& declare_plain, const DeclareSettings& settings,
                      CLI::App& app, CatalogueArgs& args) {
  // Most of these change what lists are made from, and publish them anew.
  const DeclareCommand declare = [&](CLI::App* parent, const std::string& name,
                                     const std::string& description, const std::string& examples,
                                     Command does) {
    CLI::App* sub = declare_plain(parent, name, description, examples, std::move(does));
    settings(*sub, {"representation", "recipe"});
    return sub;
  };
  declareTables(declare, app, args);
  declareKnowledge(declare, args);
  declareEdit(declare, args);
}

}  // namespace attacca::cli
