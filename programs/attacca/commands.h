// The commands of `attacca`. Each prints its result, and returns how it ended; what goes wrong is
// an Error, which main prints.
#pragma once

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
struct TracksArgs {
  std::string album;  // id, or part of a title; empty: all
  bool removed = false;
  int limit = -1;
  int offset = 0;
};
struct SimilarArgs {
  std::vector<std::string> track;  // words of one name
  bool raw = false;
};
struct RecommendArgs {
  std::string user;
  std::string strategy = "knn";
  std::string at;  // empty: now
  bool raw = false;
};
struct ListenArgs {
  std::string user;
  std::vector<std::string> track;
  std::string at;
  double fraction = 1;
};
struct FetchArgs {
  std::vector<std::string> names;
  std::string from;
};
struct EmbedArgs {
  std::string file;
  std::string output;
  bool clips = false;
};

Exit add(const Context& context, const AddArgs& args);
Exit remove(const Context& context, const RemoveArgs& args);
Exit refused(const Context& context);

Exit tracks(const Context& context, const TracksArgs& args);
Exit albums(const Context& context);
Exit duplicates(const Context& context);

Exit similar(const Context& context, const SimilarArgs& args);
Exit recommend(const Context& context, const RecommendArgs& args);
Exit listen(const Context& context, const ListenArgs& args);
Exit importLog(const Context& context, const std::string& csv);

// Do the lists make sense? `worst`: how many of those that do least are shown.
Exit quality(const Context& context, std::size_t worst);

Exit fetchRepresentation(const Context& context, const FetchArgs& args);
Exit listRepresentations(const Context& context);
Exit embed(const Context& context, const EmbedArgs& args);

Exit backup(const Context& context, const std::string& to);
Exit restore(const Context& context, const std::string& from);
Exit verify(const Context& context);
Exit status(const Context& context);
Exit doctor(const Context& context);
Exit showSettings(const Context& context, bool markdown);

}  // namespace attacca::cli
