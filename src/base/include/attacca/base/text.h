// Small text tools that more than one room needs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attacca {

bool isValidUtf8(std::string_view text);
// Valid UTF-8 in any case: bytes that are not become U+FFFD, control characters become spaces, runs
// of white space one space, ends trimmed, and at most `max_bytes` long (cut between characters).
std::string cleanText(std::string_view text, std::size_t max_bytes);
// For comparing what people type: NFKD, case folded, combining marks removed, punctuation as space.
std::string foldText(std::string_view text);
// "LUSITANO", but neither "Lusitano" nor "12".
bool isInCapitals(std::string_view text);
// "LUSITANO" as "Lusitano": all but the first character becomes small.
std::string withCapital(std::string_view word);
std::vector<std::string> splitWords(std::string_view text);
// "slow", "slow and dark", "slow, soft and dark"
std::string enumerated(std::span<const std::string_view> words);

}  // namespace attacca
