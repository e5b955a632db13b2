// What a recording's beginning sounds like, in 32 bits for each eighth of a second: nearly equal
// for the same recording in another encoding, and not for another performance
// (archive/duplicates.h).
//
// The items are Chromaprint's (algorithm 2, TEST2: AcoustID's) of the first minute: 16
// comparisons of neighbouring parts of a chromagram, two bits each. They do not depend on tags.
//
// The file, little-endian:
//   offset  0  8 bytes  "ATTPRINT"
//           8  u32      version, 1
//          12  u32      algorithm, 2
//          16  u32      sampling rate that it works at in Hz, 11025
//          20  u32      samples from an item to the next, 1365
//          24  u32 each the items, at most kMostFingerprintItems, none for a very short recording
//   at the end 32 bytes SHA-256 of all before
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/units.h"

namespace attacca {

using FingerprintItem = std::uint32_t;

constexpr int kFingerprintRateHz = 11025;
constexpr int kFingerprintStep = 1365;  // samples
constexpr Seconds kFingerprintItemSeconds{static_cast<double>(kFingerprintStep) /
                                          kFingerprintRateHz};
constexpr Seconds kFingerprintLength{60};  // of a recording, from its start
constexpr std::size_t kMostFingerprintItems = 500;

std::string fingerprintBytes(std::span<const FingerprintItem> items);

// Throws Fault::corrupt naming `name` for another version or algorithm, and for a file that is not
// as it was written.
std::vector<FingerprintItem> readFingerprint(std::span<const std::byte> file,
                                             std::string_view name);

}  // namespace attacca
