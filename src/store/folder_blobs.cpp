#include "attacca/store/folder_blobs.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacca/base/error.h"

namespace attacca::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinished = ".tmp";

// Makes `folder` and what is missing above it, each durable in the one above.
void makeFolder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0777) == 0) {
    syncFolder(folder.parent_path());
    return;
  }
  if (errno == EEXIST) return;
  if (errno != ENOENT || folder.parent_path() == folder) throwErrno("make", folder.native());
  makeFolder(folder.parent_path());
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) throwErrno("make", folder.native());
  syncFolder(folder.parent_path());
}

class FolderWriter final : public BlobWriter {
 public:
  FolderWriter(const fs::path& unfinished_folder, fs::path target) : target_(std::move(target)) {
    makeFolder(unfinished_folder);
    temporary_ = (unfinished_folder / "blob-XXXXXX").native();
    fd_ = UniqueFd(::mkostemp(temporary_.data(), O_CLOEXEC));
    if (!fd_) throwErrno("write", target_.native());
  }
  ~FolderWriter() override {
    if (!committed_) ::unlink(temporary_.c_str());
  }

  int descriptor() const override { return fd_.get(); }

  void write(std::span<const std::byte> bytes) override {
    writeAll(fd_.get(), bytes, target_.native());
  }

  void commit() override {
    assert(!committed_);
    makeFolder(target_.parent_path());
    if (::fchmod(fd_.get(), 0644) != 0 || ::fsync(fd_.get()) != 0 ||
        ::rename(temporary_.c_str(), target_.c_str()) != 0) {
      throwErrno("write", target_.native());
    }
    committed_ = true;
    syncFolder(target_.parent_path());
  }

 private:
  const fs::path target_;
  std::string temporary_;
  UniqueFd fd_;
  bool committed_ = false;
};

bool isRegularFile(const fs::path& path, struct stat& info) {
  return ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool isKey(std::string_view text) {
  try {
    checkBlobKey(text);
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Adds the blobs at and below `folder`, whose keys begin with `key`. Files may come and go
// meanwhile.
void collect(const fs::path& folder, const std::string& key, std::string_view prefix,
             std::vector<BlobInfo>& found) {
  std::error_code fault;
  fs::directory_iterator entries(folder, fault);
  if (fault == std::errc::no_such_file_or_directory || fault == std::errc::not_a_directory) return;
  if (fault) throwSystemError("list", folder.native(), fault.value());
  for (; entries != fs::directory_iterator(); entries.increment(fault)) {
    const std::string name = entries->path().filename().native();
    if (key.empty() && name == kUnfinished) continue;
    const std::string inner = key + name;
    const std::size_t common = std::min(inner.size(), prefix.size());
    if (inner.compare(0, common, prefix, 0, common) != 0) continue;
    std::error_code gone;
    const auto status = entries->symlink_status(gone);
    if (fs::is_directory(status)) {
      collect(entries->path(), inner + "/", prefix, found);
    } else if (struct stat info; inner.size() >= prefix.size() && isKey(inner) &&
                                 isRegularFile(entries->path(), info)) {
      found.push_back({inner, static_cast<std::uint64_t>(info.st_size)});
    }
  }
  if (fault) throwSystemError("list", folder.native(), fault.value());
}

}  // namespace

FolderBlobs::FolderBlobs(const fs::path& root) : root_(fs::absolute(root).lexically_normal()) {}

fs::path FolderBlobs::pathOf(std::string_view key) const {
  checkBlobKey(key);
  if (key == kUnfinished || key.substr(0, kUnfinished.size() + 1) == ".tmp/") {
    throw Error(Fault::usage, fmt::format("\"{}\" cannot name a blob: .tmp is taken", key));
  }
  return root_ / key;
}

bool FolderBlobs::exists(std::string_view key) const {
  struct stat info;
  return isRegularFile(pathOf(key), info);
}

FileBytes FolderBlobs::read(std::string_view key) const {
  const fs::path path = pathOf(key);
  struct stat info;
  if (!isRegularFile(path, info)) {
    throw Error(Fault::notFound, fmt::format("{} is missing", path.native()));
  }
  return FileBytes::map(path);
}

std::unique_ptr<BlobWriter> FolderBlobs::create(std::string_view key) {
  return std::make_unique<FolderWriter>(root_ / kUnfinished, pathOf(key));
}

void FolderBlobs::put(std::string_view key, std::string_view content) {
  const auto writer = create(key);
  writer->write(std::as_bytes(std::span(content)));
  writer->commit();
}

void FolderBlobs::remove(std::string_view key) {
  const fs::path path = pathOf(key);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    throwErrno("remove", path.native());
  }
}

std::vector<BlobInfo> FolderBlobs::list(std::string_view prefix) const {
  std::vector<BlobInfo> found;
  collect(root_, "", prefix, found);
  std::sort(found.begin(), found.end(),
            [](const BlobInfo& a, const BlobInfo& b) { return a.key < b.key; });
  return found;
}

std::size_t FolderBlobs::removeUnfinished() {
  std::size_t removed = 0;
  std::error_code fault;
  for (const auto& entry : fs::directory_iterator(root_ / kUnfinished, fault)) {
    if (::unlink(entry.path().c_str()) == 0) ++removed;
  }
  return removed;
}

}  // namespace attacca::store
