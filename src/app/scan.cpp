#include "attacca/app/scan.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include "attacca/base/error.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 32> kExtensions{
    "3gp", "aac", "aif", "aifc", "aiff", "alac", "avi",  "caf",  "flac", "flv", "m4a",
    "m4b", "m4v", "mka", "mkv",  "mov",  "mp2",  "mp3",  "mp4",  "mpeg", "mpg", "oga",
    "ogg", "ogv", "ogx", "opus", "w64",  "wav",  "wave", "webm", "wma",  "wmv"};
static_assert(std::is_sorted(kExtensions.begin(), kExtensions.end()));

std::string message(int error_number) { return std::generic_category().message(error_number); }

class Scanner {
 public:
  Scanner(const fs::path& exclude, std::stop_token stop) : stop_(std::move(stop)) {
    struct stat info;
    excluded_ = ::stat(exclude.c_str(), &info) == 0;
    if (excluded_) exclude_ = {info.st_dev, info.st_ino};
  }

  void name(const fs::path& named) {
    std::error_code fault;
    fs::path root = fs::canonical(named, fault);
    if (fault) {
      root = fs::absolute(named).lexically_normal();
      if (!root.has_filename()) root = root.parent_path();
    }
    scan_.roots.push_back(root.native());
    struct stat info;
    if (::lstat(root.c_str(), &info) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) {
        scan_.missing.push_back(root.native());
      } else {
        scan_.unreadable.push_back({root.native(), message(errno)});
      }
    } else if (S_ISDIR(info.st_mode)) {
      lookThrough(root);
    } else if (S_ISREG(info.st_mode)) {
      scan_.files.push_back({root.native(), stampOf(info)});
    } else if (S_ISLNK(info.st_mode) && ::stat(root.c_str(), &info) != 0 && errno == ENOENT) {
      scan_.missing.push_back(root.native());  // a link to a disk that is not there
    } else {
      scan_.unreadable.push_back({root.native(), "it is not a regular file or folder"});
    }
  }

  Scan finish() {
    const auto by_path = [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; };
    const auto same = [](const FoundFile& a, const FoundFile& b) { return a.path == b.path; };
    std::sort(scan_.files.begin(), scan_.files.end(), by_path);
    scan_.files.erase(std::unique(scan_.files.begin(), scan_.files.end(), same), scan_.files.end());
    return std::move(scan_);
  }

 private:
  void lookThrough(const fs::path& top) {
    std::vector<fs::path> folders{top};
    while (!folders.empty()) {
      const fs::path folder = std::move(folders.back());
      folders.pop_back();
      std::error_code fault;
      auto entries = fs::directory_iterator(folder, fault);
      for (; !fault && entries != fs::directory_iterator(); entries.increment(fault)) {
        if (stop_.stop_requested())
          throw Error(Fault::cancelled, "stopped while looking for music");
        const fs::path& path = entries->path();
        const std::string name = path.filename().native();
        if (name.starts_with('.')) continue;
        struct stat info;
        if (::lstat(path.c_str(), &info) != 0) {
          if (errno != ENOENT) scan_.unreadable.push_back({path.native(), message(errno)});
        } else if (S_ISDIR(info.st_mode)) {
          const bool ours = excluded_ && exclude_ == std::pair(info.st_dev, info.st_ino);
          if (!ours) folders.push_back(path);
        } else if (S_ISREG(info.st_mode)) {
          if (isMusicName(name)) {
            scan_.files.push_back({path.native(), stampOf(info)});
          } else {
            ++scan_.skipped;
          }
        }
      }
      if (fault) scan_.unreadable.push_back({folder.native(), fault.message()});
    }
  }

  Scan scan_;
  std::stop_token stop_;
  bool excluded_ = false;
  std::pair<dev_t, ino_t> exclude_;
};

}  // namespace

archive::FileStamp stampOf(const struct stat& info) {
  return {static_cast<std::uint64_t>(info.st_size),
          static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec};
}

archive::FileStamp stampOfFile(int fd) {
  struct stat info;
  if (::fstat(fd, &info) != 0) throwErrno("read", "a recording");
  return stampOf(info);
}

bool isMusicName(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  std::string extension(name.substr(dot + 1));
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::binary_search(kExtensions.begin(), kExtensions.end(), extension);
}

Scan scanForMusic(std::span<const fs::path> named, const fs::path& exclude, std::stop_token stop) {
  Scanner scanner(exclude, std::move(stop));
  for (const auto& path : named) scanner.name(path);
  return scanner.finish();
}

}  // namespace attacca::app
