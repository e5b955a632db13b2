#include "attacca/app/archive_folder.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"

namespace attacca::app {
namespace {

constexpr std::string_view kFormat = "attacca archive, format 1\n";

// Only a help for the person who waits: the lock itself is what counts.
std::string holder(const std::filesystem::path& lock_file) {
  try {
    const std::string text = readFile(lock_file);
    const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
    return digits.empty() ? "" : fmt::format(" (process {})", digits);
  } catch (const Error&) {
    return "";
  }
}

void writeHolder(const std::filesystem::path& lock_file) {
  const UniqueFd fd(::open(lock_file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (fd) writeAll(fd.get(), fmt::format("{}\n", ::getpid()), lock_file.native());
}

}  // namespace

ArchiveFolder::ArchiveFolder(const std::filesystem::path& root)
    : root_(std::filesystem::absolute(root).lexically_normal()) {
  if (!root_.has_filename()) root_ = root_.parent_path();
}

bool ArchiveFolder::exists() const {
  std::error_code fault;
  return std::filesystem::exists(formatFile(), fault);
}

void ArchiveFolder::check() const {
  if (!exists()) {
    throw Error(Fault::notFound, fmt::format("there is no archive at {}", root_.native()),
                "`attacca add FOLDER` makes one from a folder of music; `--archive DIR` names "
                "another place");
  }
  const std::string format = readFile(formatFile());
  if (format != kFormat) {
    throw Error(Fault::unsupported,
                fmt::format("the archive at {} has a format that this attacca does not know ({})",
                            root_.native(), format.substr(0, format.find('\n'))),
                "use the attacca that made it, or a newer one");
  }
}

void ArchiveFolder::create() const {
  if (!exists()) {
    std::error_code fault;
    const bool there = std::filesystem::exists(root_, fault);
    if (there && !std::filesystem::is_directory(root_, fault)) {
      throw Error(Fault::usage, fmt::format("{} is not a folder", root_.native()));
    }
    if (there) {
      for (const auto& entry : std::filesystem::directory_iterator(root_, fault)) {
        // What an interrupted creation leaves behind.
        const std::string name = entry.path().filename().native();
        if (name.starts_with("FORMAT.tmp-") || name == "lock" || name == "attacca.toml") continue;
        throw Error(Fault::usage,
                    fmt::format("{} holds other things and is not an archive", root_.native()),
                    "name a new or empty folder with --archive");
      }
    }
    if (fault) throwSystemError("read", root_.native(), fault.value());
    std::filesystem::create_directories(root_, fault);
    if (fault) throwSystemError("make", root_.native(), fault.value());
    writeFileAtomically(formatFile(), kFormat);
  }
  check();
}

WriterLock WriterLock::acquire(const ArchiveFolder& archive, Progress& progress,
                               const std::stop_token& stop) {
  const auto path = archive.lockFile();
  bool said = false;
  std::mutex mutex;
  std::condition_variable_any waiting;
  std::unique_lock guard(mutex);
  while (true) {
    if (stop.stop_requested()) throw Error(Fault::cancelled, "stopped while waiting");
    if (auto lock = FileLock::tryLock(path)) {
      writeHolder(path);
      return WriterLock(std::move(*lock));
    }
    if (!said) {
      progress.note(
          fmt::format("another attacca is changing this archive{}; waiting", holder(path)));
      said = true;
    }
    waiting.wait_for(guard, stop, std::chrono::milliseconds(200), [] { return false; });
  }
}

}  // namespace attacca::app
