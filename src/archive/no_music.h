// Titles of tracks that are no music.
#pragma once

#include <string_view>

namespace attacca::archive {

// "Applause", "Introduction by the director": somebody talks or claps.
bool namesTalk(std::string_view title);
// That, or nothing: "", "Track 01".
bool namesNoMusic(std::string_view title);

}  // namespace attacca::archive
