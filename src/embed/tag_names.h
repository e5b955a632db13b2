// The tags that the MusicNN family was trained to tell, in the order of the networks' outputs, one
// a line. Facts of the data sets: Million Song Dataset (Last.fm) and MagnaTagATune.
#pragma once

#include <string_view>

namespace attacca::embed {

extern const std::string_view kMsdTags;
extern const std::string_view kMttTags;

}  // namespace attacca::embed
