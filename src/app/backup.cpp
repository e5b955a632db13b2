#include "attacca/app/backup.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacca/base/clock.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/sha256.h"
#include "attacca/base/units.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSums = "SHA256SUMS";
constexpr std::size_t kBlock = 1 << 20;

// A folder that is being filled, removed with the object unless it was moved to its place.
class Staging {
 public:
  // Beside `target`, so that moving it is one rename.
  Staging(const fs::path& target, std::string_view purpose) {
    fs::path parent = target.parent_path();
    if (parent.empty()) parent = ".";
    std::error_code fault;
    fs::create_directories(parent, fault);
    std::string name =
        (parent / fmt::format(".{}.{}-XXXXXX", target.filename().native(), purpose)).native();
    if (::mkdtemp(name.data()) == nullptr) throwErrno("make a folder in", parent.native());
    path_ = name;
    ::chmod(path_.c_str(), 0755);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }
  void release() { path_.clear(); }
  void syncAll() const {
    const UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::syncfs(fd.get()) != 0) throwErrno("write", path_.native());
  }

 private:
  fs::path path_;
};

struct Entry {
  std::string name;  // below the root, with "/"
  std::uint64_t size = 0;
};

// All that a backup holds but the database, in order of names.
std::vector<Entry> filesOf(const ArchiveFolder& archive) {
  std::vector<Entry> entries;
  const std::string database = archive.database().filename().native();
  for (auto at = fs::recursive_directory_iterator(archive.root());
       at != fs::recursive_directory_iterator(); ++at) {
    const std::string base = at->path().filename().native();
    // Unfinished work of a process that was ended.
    if (base.starts_with('.') || base.find(".tmp-") != std::string::npos) {
      if (at->is_directory() && !at->is_symlink()) at.disable_recursion_pending();
      continue;
    }
    if (at->is_symlink() || !at->is_regular_file()) continue;
    const std::string name = at->path().lexically_relative(archive.root()).native();
    if (name.starts_with(database) || name == archive.lockFile().filename().native()) continue;
    entries.push_back({name, at->file_size()});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

// Reads a file in blocks; `to` (or -1) receives a copy.
Sha256Digest digestAndCopy(const fs::path& from, int to, std::string_view to_name,
                           const std::function<void(std::size_t)>& passed) {
  const UniqueFd input = openRegularFile(from);
  Sha256 hash;
  std::vector<std::byte> block(kBlock);
  while (true) {
    const ssize_t count = ::read(input.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throwErrno("read", from.native());
    if (count == 0) return hash.finish();
    const std::span bytes(block.data(), static_cast<std::size_t>(count));
    hash.update(bytes);
    if (to >= 0) writeAll(to, bytes, to_name);
    passed(bytes.size());
  }
}

Sha256Digest copyFile(const fs::path& from, const fs::path& to,
                      const std::function<void(std::size_t)>& passed) {
  fs::create_directories(to.parent_path());
  const UniqueFd output(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!output) throwErrno("write", to.native());
  return digestAndCopy(from, output.get(), to.native(), passed);
}

struct Sum {
  std::string hex;
  std::string name;
};

std::vector<Sum> readSums(const fs::path& from) {
  std::error_code ignored;
  if (!fs::is_regular_file(from / kSums, ignored)) {
    throw Error(Fault::notFound, fmt::format("{} is not a backup of an archive", from.native()),
                "name the folder that `attacca backup` made");
  }
  const std::string text = readFile(from / kSums);
  std::vector<Sum> sums;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    const fs::path name = line.size() > 66 ? fs::path(line.substr(66)) : fs::path();
    // A name may not lead out of the folder.
    const bool inside =
        !name.empty() && name.is_relative() &&
        std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
    if (!inside || !Sha256Digest::fromHex(line.substr(0, 64)) || line.substr(64, 2) != "  ") {
      throw Error(Fault::corrupt, fmt::format("{} has a line that makes no sense: \"{}\"",
                                              (from / kSums).native(), line));
    }
    sums.push_back({line.substr(0, 64), name.native()});
  }
  return sums;
}

void stopIfAsked(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(Fault::cancelled, "stopped; nothing was changed");
}

// Replaces `place` by `staged`; what was there ends up at the name of the returned path.
fs::path exchange(const fs::path& staged, const fs::path& place) {
  std::error_code fault;
  const bool there = fs::exists(place, fault) && !fs::is_empty(place, fault);
  if (!there) {
    fs::rename(staged, place, fault);
    if (fault) throwSystemError("write", place.native(), fault.value());
    return {};
  }
  const std::string now = formatTime(std::chrono::floor<std::chrono::seconds>(SystemClock().now()));
  fs::path aside;
  for (int n = 1; aside.empty() || fs::exists(aside, fault); ++n) {
    aside = place.native() + ".before-restore-" + now + (n > 1 ? fmt::format("-{}", n) : "");
  }
  // Both at once where the file system can, so that there is an archive at every moment.
  if (::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0) {
    fs::rename(staged, aside, fault);
  } else {
    fs::rename(place, aside, fault);
    if (!fault) fs::rename(staged, place, fault);
  }
  if (fault) throwSystemError("move", place.native(), fault.value());
  return aside;
}

}  // namespace

BackupReport backupArchive(const ArchiveFolder& archive, const CopyDatabase& copy_database,
                           const fs::path& to, Progress& progress, std::stop_token stop) {
  fs::path target = fs::absolute(to).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  std::error_code fault;
  if (fs::exists(target, fault) && !(fs::is_directory(target, fault) && fs::is_empty(target))) {
    throw Error(Fault::usage, fmt::format("{} is there already", target.native()),
                "name a new folder, for example with the date in it");
  }
  if (target.native().starts_with(archive.root().native() + "/")) {
    throw Error(Fault::usage, "a backup inside the archive is lost with it", "name another place");
  }
  Staging staging(target, "unfinished-backup");
  const auto entries = filesOf(archive);
  BackupReport report;
  double total = 0;
  for (const auto& entry : entries) total += static_cast<double>(entry.size);
  progress.begin("copying", total, "bytes");
  const auto passed = [&](std::size_t bytes) {
    stopIfAsked(stop);
    report.bytes += bytes;
    progress.advanceTo(static_cast<double>(report.bytes));
  };
  // The database last: every blob that it names is in the copy.
  std::string sums;
  const auto note = [&](const Sha256Digest& digest, const std::string& name) {
    sums += fmt::format("{}  {}\n", digest.hex(), name);
    ++report.files;
  };
  for (const auto& entry : entries) {
    stopIfAsked(stop);
    note(copyFile(archive.root() / entry.name, staging.path() / entry.name, passed), entry.name);
  }
  const fs::path database = staging.path() / archive.database().filename();
  copy_database(database);
  note(digestAndCopy(database, -1, {}, passed), database.filename().native());
  writeFileAtomically(staging.path() / kSums, sums);
  staging.syncAll();
  progress.end();
  fs::rename(staging.path(), target, fault);
  if (fault) throwSystemError("write", target.native(), fault.value());
  staging.release();
  syncFolder(target.parent_path());
  return report;
}

RestoreReport restoreArchive(const ArchiveFolder& archive, const fs::path& from, Progress& progress,
                             std::stop_token stop) {
  const auto sums = readSums(from);
  if (archive.exists()) {
    archive.check();
  } else {
    std::error_code fault;
    if (fs::exists(archive.root(), fault) && !fs::is_empty(archive.root(), fault)) {
      throw Error(
          Fault::usage,
          fmt::format("{} holds other things and is not an archive", archive.root().native()),
          "name a new or empty folder with --archive");
    }
  }
  Staging staging(archive.root(), "unfinished-restore");
  RestoreReport report;
  std::error_code ignored;
  double total = 0;
  for (const auto& sum : sums) {
    const auto size = fs::file_size(from / sum.name, ignored);
    if (!ignored) total += static_cast<double>(size);
  }
  progress.begin("restoring", total, "bytes");
  for (const auto& sum : sums) {
    stopIfAsked(stop);
    const auto digest =
        copyFile(from / sum.name, staging.path() / sum.name, [&](std::size_t bytes) {
          stopIfAsked(stop);
          report.bytes += bytes;
          progress.advanceTo(static_cast<double>(report.bytes));
        });
    if (digest.hex() != sum.hex) {
      throw Error(
          Fault::corrupt,
          fmt::format("{} is not what it was when the backup was made", (from / sum.name).native()),
          "nothing was changed; use another backup");
    }
    ++report.files;
  }
  ArchiveFolder(staging.path()).check();
  staging.syncAll();
  progress.end();
  // From here on the folder may hold what was there before: it is nobody's to remove.
  const fs::path staged = staging.path();
  staging.release();
  report.kept_aside = exchange(staged, archive.root());
  syncFolder(archive.root().parent_path());
  return report;
}

}  // namespace attacca::app
