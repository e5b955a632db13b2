// Gives everything back: the catalogue as a table, and the corrections.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "attacca/archive/catalogue.h"

namespace attacca::app {

enum class TableFormat { csv, json };

// One row a track, in order of albums, but for removed ones. track_id is the imported id where
// there is one, else Attacca's own; composers and arrangers are the names as concluded, several
// joined by
// ';'; what an import could not use stands behind, under the names of its columns. `write` is given
// the text piece by piece.
void exportCatalogue(const archive::Catalogue& catalogue, TableFormat format,
                     const std::function<void(std::string_view)>& write);

}  // namespace attacca::app
