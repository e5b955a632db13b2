#include "table.h"

#include <gmock/gmock.h>

namespace attacca::cli {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(displayWidth("Dvořák"), 6U);
  EXPECT_EQ(displayWidth("e\xCC\x81"), 1U);  // a combining accent
  EXPECT_EQ(displayWidth("交響曲"), 6U);
}

TEST(Fitted, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(fitted("Serenade", 8), "Serenade");
  EXPECT_EQ(fitted("Serenade", 5), "Sere…");
  EXPECT_EQ(fitted("交響曲", 4), "交…");
  EXPECT_EQ(fitted("a\nb\x1b[31m", 80), "a b [31m");
}

TEST(Table, AlignsByWhatIsSeen) {
  Table table(
      {{"id", Table::Align::right}, {"title", Table::Align::left}, {"n", Table::Align::right}});
  table.add({"1", "Dvořák", "10"});
  table.add({"12", "交響曲", "2"});
  EXPECT_EQ(table.text(0),
            "id  title    n\n"
            " 1  Dvořák  10\n"
            "12  交響曲   2\n");
}

TEST(Table, FlexibleColumnsGiveWayWidestFirst) {
  Table table({{"id", Table::Align::right}, {"title", Table::Align::left, true}});
  table.add({"1", "A very long title that goes on"});
  EXPECT_EQ(table.text(20),
            "id  title\n"
            " 1  A very long tit…\n");
}

TEST(Table, IndentsCellsThatBeginWithSpaces) {
  Table table({{"title", Table::Align::left, true}});
  table.add({"Serenade"});
  table.add({"  1. Moderato, a long one"});
  EXPECT_EQ(table.text(14), "title\nSerenade\n  1. Moderato…\n");
}

TEST(Table, ControlCharactersNeverReachTheTerminal) {
  Table table({{"title", Table::Align::left}});
  table.add({"evil\x1b]0;title\x07\r\nsecond line"});
  EXPECT_EQ(table.text(0), "title\nevil ]0;title second line\n");
}

}  // namespace
}  // namespace attacca::cli
