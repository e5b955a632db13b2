// Lists of suggestions, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "attacca/app/suggest.h"

#include "json_text.h"

namespace attacca::cli {

// What lines say beside the tracks. `why`: a reason of its own; else all have that of the heading.
enum class Extra { none, why, places };

// `head` comes first.
Json suggestionsJson(const app::Suggestions& suggestions, Json head);
// A table below its heading, then the notes. What tracks sound like is a column where it is known
// of any.
std::string suggestionsText(const app::Suggestions& suggestions, const std::string& heading,
                            Extra extra);

Json tracksJson(const app::Performance& performance);
std::string playingTime(const app::Performance& performance);
// Whom a performance is told by: artists and conductors, but not the composer, whom many taggers
// name as the artist.
std::string performers(const archive::Track& track);
// "1:02-1:17, 3:40-3:55"
std::string placesText(const std::vector<recommend::Region>& places);
// "  2. Largo": below the work's own line.
std::string movementLine(const archive::Track& track);

}  // namespace attacca::cli
