#include "run.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <numbers>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/file.h"

#include "small_model.h"

extern char** environ;

namespace attacca::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kRate = 16000;

void put(std::string& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

std::string chunk(std::string_view id, std::string_view content) {
  std::string bytes(id);
  put(bytes, static_cast<std::uint32_t>(content.size()), 4);
  bytes += content;
  if (content.size() % 2 == 1) bytes += '\0';
  return bytes;
}

// Everything before the samples.
std::string wavHead(std::uint32_t sample_bytes, std::string_view list, std::uint32_t channels = 1,
                    std::uint32_t rate_hz = kRate) {
  std::string format;
  put(format, 1, 2);  // PCM
  put(format, channels, 2);
  put(format, rate_hz, 4);
  put(format, rate_hz * channels * 2, 4);
  put(format, channels * 2, 2);
  put(format, 16, 2);
  std::string rest = "WAVE" + chunk("fmt ", format) + std::string(list) + "data";
  put(rest, sample_bytes, 4);
  std::string head = "RIFF";
  put(head, static_cast<std::uint32_t>(rest.size()) + sample_bytes, 4);
  return head + rest;
}

// ID3v2.4.
std::string id3(const WavTags& tags) {
  const auto size = [](std::size_t length) {  // seven bits a byte
    std::string bytes;
    for (int shift = 21; shift >= 0; shift -= 7) bytes += static_cast<char>(length >> shift & 0x7f);
    return bytes;
  };
  std::string frames;
  const auto add = [&](std::string_view id, const std::string& value) {
    frames += std::string(id) + size(value.size() + 1) + std::string("\0\0\3", 3) + value;
  };
  add("TIT2", tags.title);
  add("TALB", tags.album);
  add("TPE1", tags.artist);
  add("TCOM", tags.composer);
  add("TIT1", tags.work);
  add("MVNM", tags.movement);
  add("MVIN", std::to_string(tags.movement_number));
  add("TRCK", std::to_string(tags.track_number));
  return chunk("id3 ", std::string("ID3\4\0\0", 6) + size(frames.size()) + frames);
}

std::string tagList(const WavTags& tags) {
  if (!tags.work.empty()) return id3(tags);
  std::string info = "INFO";
  const auto add = [&](std::string_view id, const std::string& value) {
    if (!value.empty()) info += chunk(id, value + std::string(1, '\0'));
  };
  add("INAM", tags.title);
  add("IPRD", tags.album);
  add("IART", tags.artist);
  return info.size() > 4 ? chunk("LIST", info) : std::string();
}

// Samples as they lie in the file.
std::string music(double seconds, std::uint32_t seed) {
  const auto count = static_cast<std::uint32_t>(seconds * kRate);
  std::string bytes;
  std::uint32_t noise = seed * 2654435761U + 1;
  const double base = 110 * std::pow(2.0, seed % 24 / 12.0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / kRate;
    const double chord = std::sin(2 * std::numbers::pi * base * t) +
                         0.5 * std::sin(2 * std::numbers::pi * base * 1.5 * t) +
                         0.3 * std::sin(2 * std::numbers::pi * base * (2 + seed % 5) * t);
    noise = noise * 1664525U + 1013904223U;
    const double hiss = static_cast<double>(noise >> 16) / 65536 - 0.5;
    const double beat = std::exp(-8 * std::fmod(t * (1 + seed % 3), 1.0));
    const double sample = 0.25 * chord + (0.02 + 0.02 * (seed % 4)) * hiss + 0.2 * beat * hiss;
    put(bytes, static_cast<std::uint32_t>(static_cast<std::int32_t>(sample * 30000)), 2);
  }
  return bytes;
}

}  // namespace

Running::Running(const std::vector<std::string>& arguments, const fs::path& scratch,
                 const fs::path& folder)
    : out_(scratch.native() + ".out"), err_(scratch.native() + ".err") {
  std::vector<std::string> all{ATTACCA_PROGRAM};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(all.size() + 1);
  for (auto& argument : all) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  const int fault = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0) throw std::runtime_error(fmt::format("cannot run {}", ATTACCA_PROGRAM));
}

Running::~Running() {
  if (reaped_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, &status_, 0);
}

std::vector<pid_t> Running::hearChildren() const {
  std::vector<pid_t> found;
  // Children belong to the thread that started them.
  std::error_code gone;
  for (const auto& task : fs::directory_iterator(fmt::format("/proc/{}/task", pid_), gone)) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) {
      std::string name;
      std::getline(std::ifstream(fmt::format("/proc/{}/comm", child)), name);
      if (name == "attacca-hear") found.push_back(child);
    }
  }
  return found;
}

std::string Running::errSoFar() const { return readFile(err_); }

bool Running::ended() {
  if (!reaped_) reaped_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
  return reaped_;
}

Ended Running::wait() {
  if (!reaped_) ::waitpid(pid_, &status_, 0);
  reaped_ = true;
  Ended result;
  result.code = WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
  result.out = readFile(out_);
  result.err = readFile(err_);
  return result;
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

void writeWav(const fs::path& path, double seconds, std::uint32_t seed, const WavTags& tags) {
  const std::string samples = music(seconds, seed);
  std::ofstream(path, std::ios::binary)
      << wavHead(static_cast<std::uint32_t>(samples.size()), tagList(tags)) << samples;
}

void writeWav(const fs::path& path, std::span<const std::int16_t> interleaved, int channels,
              int rate_hz) {
  std::string bytes;
  for (const std::int16_t sample : interleaved) {
    put(bytes, static_cast<std::uint16_t>(sample), 2);
  }
  std::ofstream(path, std::ios::binary)
      << wavHead(static_cast<std::uint32_t>(bytes.size()), {}, static_cast<std::uint32_t>(channels),
                 static_cast<std::uint32_t>(rate_hz))
      << bytes;
}

void writeLongWav(const fs::path& path, double seconds) {
  const auto bytes = static_cast<std::uint32_t>(seconds * kRate) * 2;
  const std::string head = wavHead(bytes, {});
  std::ofstream(path, std::ios::binary) << head << music(1, 99);
  fs::resize_file(path, head.size() + bytes);
}

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> all;
  if (!fs::exists(folder)) return all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    all[entry.path().lexically_relative(folder).native()] = readFile(entry.path());
  }
  return all;
}

Place::Place() {
  fs::create_directories(music());
  representation_ = installSmallModel(archive());
  std::ofstream(archive() / "attacca.toml") << "representation = \"small\"\n"
                                               "recipe = \"mean-cosine\"\n";
  // As `representation fetch` would have made it.
  std::ofstream(archive() / "FORMAT") << "attacca archive, format 1\n";
}

Ended Place::run(const std::vector<std::string>& arguments) const {
  return start(arguments)->wait();
}

std::unique_ptr<Running> Place::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{"--archive", archive().native()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return std::make_unique<Running>(all, root_.path() / fmt::format("run-{}", ++runs_),
                                   root_.path());
}

void Place::makeMusic(int count) const {
  for (int i = 1; i <= count; ++i) {
    writeWav(music() / fmt::format("{:02}.wav", i), 3.5 + 0.25 * (i % 5),
             static_cast<std::uint32_t>(i),
             {fmt::format("Piece {}", i), "Pieces for Tests", "Nobody"});
  }
}

}  // namespace attacca::test
