#include "attacca/archive/log_file.h"

#include <gmock/gmock.h>

#include "attacca/base/error.h"

namespace attacca::archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr UnixTime kNow{std::chrono::hours(24 * 20000)};

// "line user track seconds fraction"
std::vector<std::string> rowsOf(LogFile& file) {
  std::vector<std::string> rows;
  while (const auto row = file.next()) {
    rows.push_back(std::to_string(row->line) + " " + row->user + " " + row->track + " " +
                   std::to_string(row->at.time_since_epoch().count() / 1000) + " " +
                   std::to_string(row->fraction).substr(0, 4));
  }
  return rows;
}

std::string problemOf(std::string_view text) {
  try {
    LogFile(text, "log.csv", kNow);
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::usage);
    return fault.problem() + ": " + fault.remedy();
  }
  return "none";
}

TEST(LogFile, ReadsCsv) {
  LogFile file(
      "\xEF\xBB\xBFTimestamp,User,note,TRACK,fraction\r\n"
      "1700000000,anna,x,\"a, b\",0.5\r\n"
      "\r\n"
      "1970-01-02, ben ,x,7,\r\n"
      "86400,ben,x,8\n",
      "log.csv", kNow);
  EXPECT_THAT(rowsOf(file), ElementsAre("2 anna a, b 1700000000 0.50", "4 ben 7 86400 1.00",
                                        "5 ben 8 86400 1.00"));
  EXPECT_EQ(file.rows(), 3);
  EXPECT_THAT(file.refused(), IsEmpty());
  EXPECT_THAT(file.repeated(), IsEmpty());
}

TEST(LogFile, ReadsRecBolesFiles) {
  LogFile file(
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
      "1\t\"x\t5\t978300760.5\n"
      "1\ta,b\t3\t978300761\n",
      "ml.inter", kNow);
  EXPECT_THAT(rowsOf(file), ElementsAre("2 1 \"x 978300760 1.00", "3 1 a,b 978300761 1.00"));
}

TEST(LogFile, NeedsItsColumns) {
  EXPECT_THAT(problemOf(""), HasSubstr("log.csv has no column \"user\""));
  EXPECT_THAT(problemOf("user,song,timestamp\n"), HasSubstr("no column \"track\": its first line"));
  EXPECT_THAT(problemOf("user_id:token\titem_id:token\n1\t2\n"),
              HasSubstr("no column \"timestamp\": its first line must name the columns: user_id"));
}

TEST(LogFile, KeepsWhatMakesNoSenseWithItsLine) {
  LogFile file(
      "user,track,timestamp,fraction\n"
      "anna,1,5,1\n"
      ",1,5,1\n"
      "anna,,5,1\n"
      "anna,1,soon,1\n"
      "anna,1,6,1.5\n"
      "anna,1,6,nan\n"
      "anna\n"
      "anna,1,2030-01-01,1\n"
      "anna,\"1,7,1\n",
      "log.csv", kNow);
  EXPECT_THAT(rowsOf(file), ElementsAre("2 anna 1 5 1.00"));
  EXPECT_EQ(file.rows(), 9);
  std::vector<std::string> refused;
  for (const RefusedRow& row : file.refused()) {
    refused.push_back(std::to_string(row.line) + " " + row.reason);
  }
  EXPECT_THAT(refused,
              ElementsAre(HasSubstr("3 it names no user"), HasSubstr("4 it names no track"),
                          HasSubstr("5 \"soon\""), HasSubstr("6 \"1.5\" is not a fraction"),
                          HasSubstr("7 \"nan\" is not a fraction"), HasSubstr("8 it has only 1"),
                          HasSubstr("9 2030-01-01T00:00:00Z lies in the future"),
                          HasSubstr("10 a quotation mark is never closed")));
}

TEST(LogFile, AClockMayBeADayAhead) {
  LogFile file("user,track,timestamp\na,1,1728050400\nb,1,1728090001\n", "log.csv", kNow);
  EXPECT_THAT(rowsOf(file), ElementsAre("2 a 1 1728050400 1.00"));
  EXPECT_EQ(file.refused().size(), 1U);
}

TEST(LogFile, KeepsRowsThatSayAnEarlierOneAgain) {
  LogFile file(
      "user,track,timestamp,fraction\n"
      "anna,1,5,1\n"
      "anna,1,6,1\n"
      "anna,1,5,0.3\n"
      "ben,1,5,1\n"
      "anna,1,1970-01-01T00:00:05Z,1\n",
      "log.csv", kNow);
  EXPECT_THAT(rowsOf(file), ElementsAre("2 anna 1 5 1.00", "3 anna 1 6 1.00", "5 ben 1 5 1.00"));
  ASSERT_EQ(file.repeated().size(), 2U);
  EXPECT_EQ(file.repeated()[0].line, 4);
  EXPECT_EQ(file.repeated()[0].first, 2);
  EXPECT_EQ(file.repeated()[1].line, 6);
  EXPECT_EQ(file.repeated()[1].first, 2);
}

}  // namespace
}  // namespace attacca::archive
