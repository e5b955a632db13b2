// What the tests of store share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "attacca/archive/catalogue.h"
#include "attacca/base/error.h"
#include "attacca/base/sha256.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::store {

using TemporaryFolder = test::TempFolder;

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

// What a call throws; a test fails when it throws nothing.
inline Fault faultOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.fault();
  }
  throw std::runtime_error("no Error");
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
