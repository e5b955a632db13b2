#include "attacca/base/csv.h"

#include <gmock/gmock.h>

namespace attacca {
namespace {

using testing::ElementsAre;

std::vector<std::vector<std::string>> fields(std::string_view text) {
  CsvReader reader(text);
  std::vector<std::vector<std::string>> rows;
  while (auto row = reader.next()) rows.push_back(row->fields);
  return rows;
}

TEST(CsvReader, ReadsRowsWithEitherLineEnd) {
  EXPECT_THAT(fields("a,b\n1,2\r\n3,4"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2"), ElementsAre("3", "4")));
}

TEST(CsvReader, QuotedFieldsMayHoldCommasQuotesAndLineEnds) {
  EXPECT_THAT(fields("\"a, \"\"b\"\"\",\"c\r\nd\"\n"),
              ElementsAre(ElementsAre("a, \"b\"", "c\r\nd")));
}

TEST(CsvReader, PassesOverAByteOrderMarkAndEmptyLines) {
  EXPECT_THAT(fields("\xEF\xBB\xBF"
                     "a\n\n\r\nb\n"),
              ElementsAre(ElementsAre("a"), ElementsAre("b")));
}

TEST(CsvReader, EmptyFieldsAreFields) {
  EXPECT_THAT(fields(",x,\n"), ElementsAre(ElementsAre("", "x", "")));
}

TEST(CsvReader, KnowsTheLineWhereARowBegins) {
  CsvReader reader("head\n\"two\nlines\"\nlast\n");
  EXPECT_EQ(reader.next()->line, 1);
  EXPECT_EQ(reader.next()->line, 2);
  EXPECT_EQ(reader.next()->line, 4);
  EXPECT_FALSE(reader.next().has_value());
}

TEST(CsvReader, SaysWhenAQuoteIsNeverClosed) {
  CsvReader reader("a,\"b\nc");
  EXPECT_TRUE(reader.next()->unterminated);
}

TEST(CsvReader, TakesQuotationMarksAsTheyAreWhereTheyMeanNothing) {
  CsvReader reader("\"a\tb\"\n1\t\"2", '\t', false);
  EXPECT_THAT(reader.next()->fields, ElementsAre("\"a", "b\""));
  EXPECT_THAT(reader.next()->fields, ElementsAre("1", "\"2"));
}

}  // namespace
}  // namespace attacca
