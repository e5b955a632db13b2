// Finds the files under named folders that are meant to be music.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/types.h"

struct stat;

namespace attacca::app {

archive::FileStamp stampOf(const struct stat& info);
archive::FileStamp stampOfFile(int fd);  // throws Fault::io

struct FoundFile {
  std::string path;  // absolute
  archive::FileStamp stamp;
};

// Something a person named, or a folder below it, that cannot be looked at.
struct Unreadable {
  std::string path;
  std::string reason;
};

struct Scan {
  std::vector<std::string> roots;  // what was named, absolute, links in it resolved
  std::vector<FoundFile> files;    // in byte order of paths, each once
  std::vector<Unreadable> unreadable;
  std::vector<std::string> missing;  // those of `roots` that are not there
  std::size_t skipped = 0;           // regular files that are not meant to be music
};

// By its extension, whatever is in it.
bool isMusicName(std::string_view name);

// A folder is looked through with all below it, but for hidden names, `exclude` and links: nothing
// outside the named folders is opened. A file that is named itself is taken whatever its name. A
// link is followed only where it was named itself. Everything but regular files is left alone.
// Throws Fault::cancelled.
Scan scanForMusic(std::span<const std::filesystem::path> named,
                  const std::filesystem::path& exclude, std::stop_token stop);

}  // namespace attacca::app
