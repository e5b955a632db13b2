// What a person means by WORK and ALBUM.
#pragma once

#include <string>

#include "attacca/archive/catalogue.h"

namespace attacca::cli {

// An id, a key, or an unambiguous part of title and composer. Throws Fault::notFound, or
// Fault::usage listing the candidates.
archive::Work resolveWork(const archive::Catalogue& catalogue, const std::string& text);
// An id, or an unambiguous part of the title. Throws like resolveWork.
archive::Album resolveAlbum(const archive::Catalogue& catalogue, const std::string& text);

}  // namespace attacca::cli
