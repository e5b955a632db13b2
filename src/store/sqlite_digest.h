// A digest of values in their order, which tells whether something must be done again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/types.h"
#include "attacca/archive/works.h"
#include "attacca/base/sha256.h"

namespace attacca::store {

class Digest {
 public:
  Digest& operator<<(std::string_view text) {
    hash_.updateLittleEndian(text.size());
    hash_.update(text);
    return *this;
  }
  Digest& operator<<(std::int64_t number) {
    hash_.updateLittleEndian(static_cast<std::uint64_t>(number));
    return *this;
  }
  Digest& operator<<(std::optional<int> number) {
    return *this << (number ? std::int64_t{*number} : std::int64_t{-1});
  }
  Digest& operator<<(const archive::Why& why) {
    constexpr double kSteps = 1e9;
    return *this << static_cast<std::int64_t>(why.confidence * kSteps) << why.reason;
  }
  Digest& operator<<(const std::vector<std::string>& texts) {
    *this << static_cast<std::int64_t>(texts.size());
    for (const std::string& text : texts) *this << text;
    return *this;
  }
  Digest& operator<<(const std::vector<archive::Credit>& credits) {
    *this << static_cast<std::int64_t>(credits.size());
    for (const archive::Credit& one : credits) {
      *this << one.name << one.written << archive::Why{one.confidence, one.reason};
    }
    return *this;
  }
  std::string finish() {
    const Sha256Digest digest = hash_.finish();
    return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
  }

 private:
  Sha256 hash_;
};

}  // namespace attacca::store
