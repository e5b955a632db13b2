// Words by which fields name who played.
#pragma once

#include <string_view>

namespace attacca::archive {

// "vn", "piano", "violin solo", "conductor": what somebody plays, who composed nothing.
bool saysPerformer(std::string_view text);
// "ten. Franco Corelli": who sang or played, after the word for it.
bool namesSinger(std::string_view text);
// "Emerson String Quartet", "Choir & Organ", "Contestant 4": players, where nobody of this name is
// known.
bool namesEnsemble(std::string_view text);

}  // namespace attacca::archive
