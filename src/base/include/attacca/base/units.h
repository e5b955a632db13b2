// Units that are easily confused, as types.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace attacca {

using Seconds = std::chrono::duration<double>;
using UnixTime = std::chrono::sys_time<std::chrono::milliseconds>;

// "1:02:03" or "2:03", rounded to whole seconds, for people.
std::string formatDuration(Seconds duration);
// "2026-11-24T08:13:16Z" (milliseconds only where there are any).
std::string formatTime(UnixTime time);
// Seconds since 1970 (a number, fractions allowed) or ISO 8601 ("2026-11-24", "2026-11-24 08:13",
// "2026-11-24T08:13:16.5+02:00"; without a zone it is UTC). Throws Fault::usage.
UnixTime parseTime(std::string_view text);
// "412 kB", "3.1 MB": powers of 1000.
std::string formatBytes(std::uint64_t bytes);

}  // namespace attacca
