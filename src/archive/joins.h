// Chains of "is the same as".
#pragma once

#include <map>
#include <string>

namespace attacca::archive {

using Chains = std::map<std::string, std::string>;

// Who `name` is in the end.
inline const std::string& endOf(const Chains& chains, const std::string& name) {
  const std::string* at = &name;
  for (auto next = chains.find(*at); next != chains.end(); next = chains.find(*at))
    at = &next->second;
  return *at;
}

// `from` is `to` from now on. What was said before and would lead back to `from` no longer holds.
inline void lead(Chains& chains, const std::string& from, const std::string& to) {
  chains.erase(from);
  if (from == to) return;
  for (auto at = chains.find(to); at != chains.end(); at = chains.find(at->second)) {
    if (at->second != from) continue;
    chains.erase(at);
    break;
  }
  chains.emplace(from, to);
}

}  // namespace attacca::archive
