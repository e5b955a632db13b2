// Tables as people and programs write them.
#include "table_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/app/share_corrections.h"
#include "attacca/base/error.h"

namespace attacca::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string problemOf(const std::string& text) {
  try {
    readTable(text, "tracks");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    return error.problem();
  }
  ADD_FAILURE() << "no Error for " << text;
  return {};
}

TEST(JsonRows, AreReadWithTheirLines) {
  const auto table = readTable("[\n {\"title\": \"a\", \"n\": 1},\n {\"title\": \"b\"}\n]\n", "t");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].line, 2);
  EXPECT_EQ(table.rows[1].line, 3);
  EXPECT_THAT(table.rows[0].cells, ElementsAre(Pair("title", "a"), Pair("n", "1")));
  EXPECT_THAT(table.columns, ElementsAre("title", "n"));
}

TEST(JsonRows, AnyValueBecomesText) {
  const auto table = readTable(
      R"([{"a": null, "b": NaN, "c": 3.0, "d": 2.5, "e": ["x", "y"], "f": true, "g": "NaN \"q\""}])",
      "t");
  EXPECT_THAT(table.rows.at(0).cells,
              ElementsAre(Pair("a", ""), Pair("b", ""), Pair("c", "3"), Pair("d", "2.5"),
                          Pair("e", "x;y"), Pair("f", "true"), Pair("g", "NaN \"q\"")));
}

TEST(JsonRows, ABrokenRowIsRefusedAndTheOthersAreNot) {
  const auto table =
      readTable("[{\"title\": \"a\"},\n{\"title\": },\n7,\n{\"title\": \"b\"}]", "t");
  ASSERT_EQ(table.rows.size(), 4U);
  EXPECT_EQ(table.rows[0].fault, "");
  EXPECT_THAT(table.rows[1].fault, HasSubstr("not valid JSON"));
  EXPECT_EQ(table.rows[1].line, 2);
  EXPECT_THAT(table.rows[2].fault, HasSubstr("no object"));
  EXPECT_EQ(table.rows[3].fault, "");
}

TEST(JsonRows, AFileThatEndsTooSoonKeepsWhatIsWhole) {
  const auto table = readTable("[{\"title\": \"a\"},\n{\"title\": \"b", "t");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].fault, "");
  EXPECT_THAT(table.rows[1].fault, HasSubstr("ends"));
}

TEST(JsonRows, MayStandInAnObjectOrOneALine) {
  const auto object = readTable(
      R"({"version": [1, {"x": 2}], "albums": [{"id": 1}], "tracks": [{"title": "a"}]})", "t");
  EXPECT_EQ(object.rows.size(), 1U);
  EXPECT_EQ(object.albums.size(), 1U);
  const auto lines = readTable("{\"title\": \"a\"}\n{\"title\": \"b\"}\n", "t");
  ASSERT_EQ(lines.rows.size(), 2U);
  EXPECT_EQ(lines.rows[1].line, 2);
}

TEST(JsonRows, OfAnotherShapeAreRefusedWithTheLine) {
  EXPECT_THAT(problemOf("{\"title\": \"a\"}"), HasSubstr("without a list"));
  EXPECT_THAT(problemOf("[{\"a\": 1}\n{\"a\": 2}]"), HasSubstr("line 2"));
  EXPECT_THAT(problemOf("[{\"a\": 1}] [2]"), HasSubstr("follows"));
  EXPECT_THAT(problemOf("{\"a\" 1}"), HasSubstr("line 1"));
}

TEST(JsonRows, AnyBytesEndInRowsOrAnError) {
  for (const char* text :
       {"[", "[[[[", "{", "{\"", "[{\"a\":\"\\", "[,]", "[}", "{}", "[\"", "[]]"}) {
    try {
      readTable(text, "t");
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::refused) << text;
    }
  }
}

TEST(CsvRows, MayBePartedBySemicolonsOrTabs) {
  EXPECT_THAT(readTable("title;composer\nA, b;C\n", "t").rows.at(0).cells,
              ElementsAre(Pair("title", "A, b"), Pair("composer", "C")));
  EXPECT_THAT(readTable("title\tcomposer\nA\tC\n", "t").rows.at(0).cells,
              ElementsAre(Pair("title", "A"), Pair("composer", "C")));
}

TEST(CsvRows, ThatAreRaggedAreRefusedAndTheOthersAreNot) {
  const auto table = readTable("title,composer\na,b\nc\nd,e,f\ng,h,,\n,\ni,j\n", "t");
  ASSERT_EQ(table.rows.size(), 5U);
  EXPECT_THAT(table.rows[1].fault, HasSubstr("1 fields, the first line has 2"));
  EXPECT_EQ(table.rows[1].line, 3);
  EXPECT_THAT(table.rows[2].fault, HasSubstr("3 fields"));
  EXPECT_EQ(table.rows[3].fault, "");
  EXPECT_EQ(table.rows[4].line, 7);
}

TEST(CsvRows, WithTwoColumnsOfOneNameAreRefused) {
  EXPECT_THAT(problemOf("title,Title\na,b\n"), HasSubstr("two columns"));
}

TEST(Tables, MayBeginWithAMarkAndBeOfAnotherEncoding) {
  EXPECT_THAT(readTable("\xEF\xBB\xBFtitle\nA\n", "t").columns, ElementsAre("title"));
  EXPECT_THAT(readTable("\xEF\xBB\xBF[{\"title\": \"A\"}]", "t").columns, ElementsAre("title"));
  const auto latin = readTable("title\nDvo\xE9\x93\n", "t");
  EXPECT_THAT(latin.rows.at(0).cells, ElementsAre(Pair("title", "Dvo\u00e9\u201c")));
  EXPECT_THAT(latin.notes, ElementsAre(HasSubstr("Windows-1252")));
}

TEST(Tables, ThatAreNoneAreRefused) {
  EXPECT_THAT(problemOf(""), HasSubstr("empty"));
  EXPECT_THAT(problemOf(" \n "), HasSubstr("empty"));
  EXPECT_THAT(problemOf(std::string("PK\0\x03", 4)), HasSubstr("no text"));
  EXPECT_THAT(problemOf("\xFF\xFE[\x20"), HasSubstr("UTF-16"));
}

TEST(SharedCorrections, ComeBackAsTheyWere) {
  const std::vector<archive::Correction> all = {
      {3, archive::Subject::track, "id:6", "composer", "A; B", UnixTime(std::chrono::seconds(5))},
      {4, archive::Subject::work, std::string("k\x1f\"ey"), "title", "T", UnixTime{}}};
  const auto back = readCorrections(writeCorrections(all), "file");
  ASSERT_EQ(back.size(), 2U);
  EXPECT_TRUE(back[0].says(all[0]));
  EXPECT_TRUE(back[1].says(all[1]));
  EXPECT_EQ(back[0].at, all[0].at);
  EXPECT_THAT(readCorrections(writeCorrections({}), "file"), IsEmpty());
}

TEST(SharedCorrections, AreTakenWholeOrNotAtAll) {
  for (const char* text :
       {"[{\"subject\": \"track\", \"key\": \"id:6\", \"field\": \"colour\", \"value\": \"x\"}]",
        "[{\"subject\": \"planet\", \"key\": \"id:6\", \"field\": \"title\", \"value\": \"x\"}]",
        "[{\"key\": \"id:6\", \"field\": \"title\", \"value\": \"x\"}]", "[1]"}) {
    try {
      readCorrections(text, "file");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::refused);
      EXPECT_THAT(error.problem(), HasSubstr("line 1"));
    }
  }
}

}  // namespace
}  // namespace attacca::app
