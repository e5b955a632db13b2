#include "attacca/base/unfinished_folder.h"

#include <cstdlib>
#include <string>
#include <system_error>

#include "attacca/base/error.h"
#include "attacca/base/file.h"

namespace attacca {

namespace fs = std::filesystem;

UnfinishedFolder::UnfinishedFolder(const fs::path& parent) {
  std::string name = (parent / (std::string(kUnfinishedFolder) + "XXXXXX")).native();
  if (::mkdtemp(name.data()) == nullptr) throwErrno("make a folder in", parent.native());
  path_ = name;
}

UnfinishedFolder::~UnfinishedFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

void UnfinishedFolder::publishAs(const fs::path& final_path) {
  syncFolder(path_);
  fs::permissions(path_, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                             fs::perms::others_read | fs::perms::others_exec);
  std::error_code fault;
  fs::rename(path_, final_path, fault);
  if (fault) throwSystemError("write", final_path.native(), fault.value());
  path_.clear();
  syncFolder(final_path.parent_path());
}

void removeUnfinishedFolders(const fs::path& parent) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (entry.path().filename().native().starts_with(kUnfinishedFolder)) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

}  // namespace attacca
