// Small things that more than one list shows.
#pragma once

#include <span>
#include <string>

#include "attacca/archive/types.h"

namespace attacca::cli {

inline std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Whom people look for: the composer, else the artist.
inline std::string creator(const archive::Track& track) {
  return joined(track.composers.empty() ? track.artists : track.composers);
}

// What keeps a track from being played, if anything does.
inline std::string stateOf(const archive::Track& track) {
  if (!track.heard()) return "not heard yet";
  return track.offline ? "offline" : "";
}

}  // namespace attacca::cli
