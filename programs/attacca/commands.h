// The commands of `attacca`. Each prints its result, and returns how it ended; what goes wrong is
// an Error, which main prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "session.h"

namespace attacca::cli {

struct AddArgs {
  std::vector<std::string> paths;
};
struct RemoveArgs {
  std::vector<std::string> names;
  bool undo = false;
};
struct ImportArgs {
  std::vector<std::string> files;
  std::vector<std::string> map;  // "composer=Komponist"
  bool dry_run = false;
  bool corrections = false;
};
struct ExportArgs {
  std::string format = "csv";
  std::string output;  // empty: standard output
};
struct WorksArgs {
  std::vector<std::string> text;  // words of one text; empty: all
};
struct WorkArgs {
  std::string id;
  bool why = false;
};
struct EditArgs {
  std::string album;  // one of the three, or a track before the fields
  std::string work;
  std::string person;
  std::vector<std::string> fields;  // "composer=Antonín Dvořák"
  std::vector<std::int64_t> undo;
  bool list = false;
};
struct TracksArgs {
  std::string album;  // id, or part of a title; empty: all
  bool removed = false;
  bool why = false;
  int limit = -1;
  int offset = 0;
};
struct ListArgs {
  bool raw = false;
  bool whole_works = false;
  bool same_work = false;
  bool other_performances = false;
};
struct SimilarArgs {
  std::vector<std::string> track;  // words of one name
  std::string representation;      // empty: what the settings say
  std::string from;                // of a passage; empty: from the start
  std::string to;                  // and: to the end
  std::optional<double> sound;     // 0: the music alone, 1: the sound alone
  ListArgs list;
};
struct RecommendArgs {
  std::string user;
  std::string representation;  // empty: what the settings say
  std::string strategy;        // empty: the best that was trained, else knn
  std::uint64_t seed = 1;
  std::string at;  // empty: now
  ListArgs list;
};
struct ModelsArgs {
  std::vector<std::string> remove;  // a strategy and a version; empty: list
};
struct ListenArgs {
  std::string user;
  std::vector<std::string> track;
  std::string at;
  double fraction = 1;
};
struct QualityArgs {
  std::string passages;   // a table of passages that are the same music; empty: none is known
  std::size_t worst = 0;  // so many of the lists that do least are shown
  bool all = false;       // every recipe that has a snapshot
};
struct FetchArgs {
  std::vector<std::string> names;
  std::string from;
};
struct AddRepresentationArgs {
  std::string model;
  std::string manifest;  // empty: the program's own
  bool accept_licence = false;
};
struct RepresentationArgs {
  std::string name;  // bare, or with a version
  bool force = false;
};
struct EmbedArgs {
  bool all = false;  // else one file
  std::string file;
  std::string output;
  bool clips = false;
};
struct ExportEmbeddingsArgs {
  std::string output;
  bool clips = false;
};
struct ImportEmbeddingsArgs {
  std::string matrix;
  std::string ids;
  std::string representation;
  std::string manifest;  // empty: it is known already
  bool replace = false;
  bool accept_licence = false;
};

Exit add(const Context& context, const AddArgs& args);
// Hears what the archive knows with the representations that it lacks embeddings of.
Exit embedAll(const Context& context);
Exit remove(const Context& context, const RemoveArgs& args);
Exit refused(const Context& context);

Exit tracks(const Context& context, const TracksArgs& args);
// `track`: words of one name.
Exit show(const Context& context, const std::vector<std::string>& track);
Exit albums(const Context& context);
Exit duplicates(const Context& context);

Exit importCatalogue(const Context& context, const ImportArgs& args);
Exit exportCatalogue(const Context& context, const ExportArgs& args);
Exit exportCorrections(const Context& context, const ExportArgs& args);
Exit works(const Context& context, const WorksArgs& args);
Exit work(const Context& context, const WorkArgs& args);
Exit people(const Context& context, const WorksArgs& args);
Exit edit(const Context& context, const EditArgs& args);

Exit similar(const Context& context, const SimilarArgs& args);
Exit recommend(const Context& context, const RecommendArgs& args);
Exit strategies(const Context& context);
// What was trained.
Exit models(const Context& context, const ModelsArgs& args);
Exit performances(const Context& context, const std::vector<std::string>& track);
Exit listen(const Context& context, const ListenArgs& args);
Exit importLog(const Context& context, const std::string& file);

// Do the lists make sense?
Exit quality(const Context& context, const QualityArgs& args);

Exit fetchRepresentation(const Context& context, const FetchArgs& args);
Exit addRepresentation(const Context& context, const AddRepresentationArgs& args);
Exit listRepresentations(const Context& context);
Exit showRepresentation(const Context& context, const std::string& name);
// An empty name: the one that `add` uses.
Exit verifyRepresentation(const Context& context, const std::string& name);
Exit removeRepresentation(const Context& context, const RepresentationArgs& args);
Exit embed(const Context& context, const EmbedArgs& args);
Exit exportEmbeddings(const Context& context, const ExportEmbeddingsArgs& args);
Exit importEmbeddings(const Context& context, const ImportEmbeddingsArgs& args);

Exit backup(const Context& context, const std::string& to);
Exit restore(const Context& context, const std::string& from);
Exit verify(const Context& context);
Exit status(const Context& context);
Exit doctor(const Context& context);
Exit showSettings(const Context& context, bool markdown);

}  // namespace attacca::cli
