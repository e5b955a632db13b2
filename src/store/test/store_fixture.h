// What the tests of store share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "attacca/archive/catalogue.h"
#include "attacca/base/sha256.h"

namespace attacca::store {

// A fresh folder, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "attacca-XXXXXX").native();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline AudioHash audioOf(const std::string& name) { return AudioHash{sha256(name)}; }

// A file with this audio at this path; tags are for the test to fill in.
inline archive::Arrival arrivalOf(const std::string& path, const std::string& audio,
                                  const std::string& album = "Serenades") {
  archive::Arrival arrival;
  arrival.path = path;
  arrival.stamp = {1000, 1};
  arrival.identity.hash = audioOf(audio);
  arrival.identity.tags.title = "Title of " + audio;
  arrival.identity.tags.album = album;
  arrival.identity.tags.album_artists = {"Orchestra"};
  arrival.identity.format = "flac";
  arrival.identity.rate_hz = 44100;
  arrival.identity.channels = 2;
  arrival.heard.hash = arrival.identity.hash;
  arrival.heard.duration = Seconds(180.5);
  return arrival;
}

inline std::vector<std::string> pathsOf(const std::vector<archive::Place>& places) {
  std::vector<std::string> paths;
  for (const auto& place : places) paths.push_back(place.path);
  return paths;
}

inline std::vector<std::string> titlesOf(const std::vector<archive::Track>& tracks) {
  std::vector<std::string> titles;
  for (const auto& track : tracks) titles.push_back(track.title);
  return titles;
}

}  // namespace attacca::store
