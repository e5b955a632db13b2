// Runs the built program as a person would, and makes recordings for it.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "attacca/base/testing/temp_folder.h"

namespace attacca::test {

struct Ended {
  int code = -1;  // exit code, or 128 + the signal that ended it
  std::string out;
  std::string err;

  nlohmann::json json() const { return nlohmann::json::parse(out); }  // throws for anything else
};

// A running `attacca`. Its output goes to files beside `scratch`.
class Running {
 public:
  Running(const std::vector<std::string>& arguments, const std::filesystem::path& scratch,
          const std::filesystem::path& folder);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();  // kills it if it was not waited for

  pid_t pid() const { return pid_; }
  // Not others: LeakSanitizer has a child of its own while it looks, and waits for ever once that
  // is killed.
  std::vector<pid_t> hearChildren() const;
  std::string errSoFar() const;
  void signal(int number) const { ::kill(pid_, number); }
  bool ended();  // without waiting
  Ended wait();

 private:
  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
  int status_ = 0;
  bool reaped_ = false;
};

// Waits until `condition` holds; false when it does not within two minutes.
bool eventually(const std::function<bool()>& condition);

// What a recording says of itself.
struct WavTags {
  std::string title;
  std::string album;
  std::string artist;
  // With a work, the tags are ID3 instead of INFO, which knows none.
  std::string composer = {};
  std::string work = {};
  std::string movement = {};
  int movement_number = 0;
  int track_number = 0;
};

// 16 kHz mono, 16 bits: chords and noise that differ with `seed` and are the same every time.
void writeWav(const std::filesystem::path& path, double seconds, std::uint32_t seed,
              const WavTags& tags = {});
// 16-bit samples as they are.
void writeWav(const std::filesystem::path& path, std::span<const std::int16_t> interleaved,
              int channels, int rate_hz);
// A chord and then silence, which takes no room on disk. At most two hours: a larger hole would be
// where a download stopped.
void writeLongWav(const std::filesystem::path& path, double seconds);

// All files below a folder, by name; none where there is no such folder.
std::map<std::string, std::string> contents(const std::filesystem::path& folder);

// A folder for one test: an archive with the small representation, and music.
class Place {
 public:
  Place();

  std::filesystem::path archive() const { return root_.path() / "archive"; }
  std::filesystem::path music() const { return root_.path() / "music"; }
  std::filesystem::path operator/(std::string_view name) const { return root_.path() / name; }
  const std::string& representation() const { return representation_; }

  // `attacca ARGUMENTS --archive ...`, with the small representation and the recipe mean-cosine
  // chosen by the archive's attacca.toml.
  Ended run(const std::vector<std::string>& arguments) const;
  std::unique_ptr<Running> start(const std::vector<std::string>& arguments) const;
  // `count` short recordings named 01.wav, 02.wav, ... with titles "Piece 1", ... of one album.
  void makeMusic(int count) const;

 private:
  TempFolder root_;
  std::string representation_;
  mutable int runs_ = 0;
};

}  // namespace attacca::test
