#include "moments.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::cli {

Seconds parseMoment(std::string_view text, std::string_view flag) {
  const auto wrong = [&] {
    return Error(Fault::usage, fmt::format("{}: \"{}\" is not a moment", flag, text),
                 "write seconds or 1:02 or 1:02:03");
  };
  double seconds = 0;
  std::string_view rest = text;
  for (int parts = 1;; ++parts) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const std::string_view part = rest.substr(0, colon);
    double value = 0;
    const auto [end, fault] =
        std::from_chars(part.data(), part.data() + part.size(), value, std::chars_format::fixed);
    if (fault != std::errc{} || end != part.data() + part.size() || !std::isfinite(value) ||
        std::signbit(value) || (parts > 1 && value >= 60) || parts > 3) {
      throw wrong();
    }
    seconds = 60 * seconds + value;
    if (colon == rest.size()) return Seconds(seconds);
    if (value != std::floor(value)) throw wrong();
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace attacca::cli
