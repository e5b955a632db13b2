// A folder that is being filled beside its place, gone with the object unless it took that place.
#pragma once

#include <filesystem>
#include <string_view>

namespace attacca {

// What an interrupted program leaves behind has names that begin so.
constexpr std::string_view kUnfinishedFolder = ".unfinished-";

class UnfinishedFolder {
 public:
  // In `parent`, which is there.
  explicit UnfinishedFolder(const std::filesystem::path& parent);
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;
  ~UnfinishedFolder();

  const std::filesystem::path& path() const { return path_; }
  // Durable on return. An empty folder may be there already.
  void publishAs(const std::filesystem::path& final_path);

 private:
  std::filesystem::path path_;
};

// For whoever is alone in `parent`.
void removeUnfinishedFolders(const std::filesystem::path& parent);

}  // namespace attacca
