// What a person means by TRACK: an id, a path, or an unambiguous part of a title.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/catalogue.h"

namespace attacca::app {

// "12  Largo, Antonín Dvořák (Symphony no. 9)": for lists of candidates.
std::string trackLine(const archive::Track& track);

// A path may be relative. Throws Fault::notFound when nothing matches, Fault::usage listing the
// candidates when more than one track does.
archive::Track resolveTrack(const archive::Catalogue& catalogue, std::string_view text);

// What `remove` may be given besides: a folder means all tracks that have a place below it.
// `removed` looks among the removed tracks instead. In order of ids, each once.
std::vector<archive::Track> resolveTracks(const archive::Catalogue& catalogue,
                                          std::span<const std::string> texts, bool removed);

}  // namespace attacca::app
