// How sure of a name one must be (Match and Credit, people.h; matching.cpp says what makes sure).
#pragma once

namespace attacca::archive {

constexpr double kSurelyMeant = 0.84;  // a surname alone, or better
constexpr double kInFull = 0.93;       // more than a surname

}  // namespace attacca::archive
