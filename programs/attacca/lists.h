// Small things that more than one list shows.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

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

// "*Largo* (Antonín Dvořák)"
inline std::string named(const archive::Track& track) {
  const std::string by = creator(track);
  return by.empty() ? fmt::format("*{}*", track.title) : fmt::format("*{}* ({})", track.title, by);
}

// The words of one name, as they were typed.
inline std::string words(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

}  // namespace attacca::cli
