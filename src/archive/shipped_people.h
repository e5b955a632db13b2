// The name authority's file, compiled in. Made by CMake from data/people.txt.
#pragma once

#include <string_view>

namespace attacca::archive::detail {

std::string_view shippedPeople();

}  // namespace attacca::archive::detail
