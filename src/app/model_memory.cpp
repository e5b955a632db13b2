#include "model_memory.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <system_error>

namespace attacca::app {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;
// OpenVINO itself with a small model, and what loading takes for each byte of a file.
constexpr std::uint64_t kEngineMb = 250;
constexpr std::uint64_t kTimesFile = 3;

// The number after `key` in a file like /proc/meminfo; in kB there.
std::optional<std::uint64_t> numberAfter(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    std::uint64_t number = 0;
    if (word == key && in >> number) return number;
  }
  return std::nullopt;
}

// "max" or nothing where there is no limit.
std::optional<std::uint64_t> numberIn(const char* file) {
  std::ifstream in(file);
  std::uint64_t number = 0;
  if (in >> number) return number;
  return std::nullopt;
}

}  // namespace

int modelMemoryMb(const HearModel& model) {
  if (model.manifest.memory_mb > 0) return model.manifest.memory_mb;
  std::error_code ignored;
  const auto bytes = std::filesystem::file_size(model.model_file, ignored);
  return static_cast<int>(kEngineMb + kTimesFile * (ignored ? 0 : bytes) / kMegabyte);
}

int availableMemoryMb() {
  std::uint64_t bytes = std::numeric_limits<int>::max() * kMegabyte;
  if (const auto free_kb = numberAfter("/proc/meminfo", "MemAvailable:")) {
    bytes = std::min(bytes, *free_kb * 1024);
  }
  for (const char* limit :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    if (const auto most = numberIn(limit)) bytes = std::min(bytes, *most);
  }
  return static_cast<int>(bytes / kMegabyte);
}

}  // namespace attacca::app
