// One member of a zip archive held in memory: stored or deflated, no encryption, no zip64, no
// archive in several parts. Nothing in the archive is believed before it is checked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace attacca::embed {

// Throws Fault::corrupt for a damaged archive or member (CRC-32), one without that member, or one
// larger than `most_bytes`.
std::string readZipMember(std::string_view archive, std::string_view member,
                          std::size_t most_bytes);

}  // namespace attacca::embed
