#include "attacca/base/blob.h"

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca {

void checkBlobKey(std::string_view key) {
  const auto bad = [&](std::string_view why) {
    throw Error(Fault::usage, fmt::format("\"{}\" cannot name a blob: {}", key, why));
  };
  if (key.empty() || key.size() > 512) bad("it must have 1 to 512 characters");
  std::size_t start = 0;
  while (true) {
    const std::size_t slash = key.find('/', start);
    const std::string_view part = key.substr(start, slash - start);
    if (part.empty() || part == "." || part == "..") bad("a component is empty, \".\" or \"..\"");
    for (const char c : part) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '@' ||
                         c == '+';
      if (!plain) bad("it may hold letters, digits and . - _ @ + only");
    }
    if (slash == std::string_view::npos) return;
    start = slash + 1;
  }
}

}  // namespace attacca
