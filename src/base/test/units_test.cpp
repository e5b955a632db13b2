#include "attacca/base/units.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

using std::chrono::milliseconds;

TEST(Units, DurationsReadLikeAClock) {
  EXPECT_EQ(formatDuration(Seconds{0}), "0:00");
  EXPECT_EQ(formatDuration(Seconds{59.6}), "1:00");
  EXPECT_EQ(formatDuration(Seconds{3723}), "1:02:03");
}

TEST(Units, BytesReadShort) {
  EXPECT_EQ(formatBytes(412), "412 B");
  EXPECT_EQ(formatBytes(3'140'000), "3.1 MB");
  EXPECT_EQ(formatBytes(999'999), "1.0 MB");
  EXPECT_EQ(formatBytes(80'000'000'000), "80 GB");
}

TEST(ParseTime, SecondsAndIsoAgree) {
  const UnixTime expected{milliseconds{1795508000500}};
  EXPECT_EQ(parseTime("1795508000.5"), expected);
  EXPECT_EQ(parseTime("2026-11-24T08:13:20.5Z"), expected);
  EXPECT_EQ(parseTime("2026-11-24 08:13:20.5"), expected);
  EXPECT_EQ(parseTime("2026-11-24T10:13:20.500+02:00"), expected);
  EXPECT_EQ(parseTime("2026-11-24T03:13:20,5-0500"), expected);
}

TEST(ParseTime, DatesAloneAreMidnight) {
  EXPECT_EQ(formatTime(parseTime("2024-02-29")), "2024-02-29T00:00:00Z");
}

TEST(ParseTime, FormatComesBack) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "1969-12-31T23:59:59.001Z", "2026-11-24T08:13:16.250Z"}) {
    EXPECT_EQ(formatTime(parseTime(text)), text);
  }
}

TEST(ParseTime, EverythingElseIsRefused) {
  for (const char* text :
       {"", "yesterday", "2023-02-29", "2026-13-01", "2026-11-24T25:00", "24/11/2026", "1e400",
        "nan", "1795508000000000", "2026-11-24T08:13:20+99:00", "12abc"}) {
    EXPECT_THROW(parseTime(text), Error) << text;
  }
}

}  // namespace
}  // namespace attacca
