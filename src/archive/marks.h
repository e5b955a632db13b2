// The words by which a name field says who did what ("arr. by", "after"). Private to the room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attacca::archive {

enum class Mark {
  none,
  arranger,    // "arr. by X": X arranged
  source,      // "after X": X composed, and who is named before arranged
  composer,    // "composed by X"
  attributed,  // "attrib. X": X composed, unless somebody else is named
  dropped,     // "lyrics by X": X is neither
};

// A stretch of a field between marks.
struct Marked {
  Mark mark = Mark::none;  // the mark that stands before it
  std::string text;        // trimmed; "" where nothing follows the mark
};

// Whether a folded word marks an arranger: wherever it stands ("arr"), or only before "." or ":" or
// "by" ("ed", "version").
enum class ArrangerWord { no, surely, before_name };
ArrangerWord arrangerWord(std::string_view folded);

// Splits at marks. The first stretch has no mark, and may be empty.
std::vector<Marked> splitAtMarks(std::string_view text);

// "NaN", "Various", "-": a field that names nobody.
bool namesNobody(std::string_view text);
// "Traditional" or "Anonymous" for the many ways to write them, else "".
std::string_view nobodysName(std::string_view text);

}  // namespace attacca::archive
