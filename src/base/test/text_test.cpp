#include "attacca/base/text.h"

#include <gtest/gtest.h>

namespace attacca {
namespace {

TEST(CleanText, KeepsWordsAndNothingElse) {
  EXPECT_EQ(cleanText("  Dvořák \t\n Serenade\0op. 22 ", 100), "Dvořák Serenade");
  EXPECT_EQ(cleanText("a\x1b[31mb", 100), "a [31mb");
  EXPECT_EQ(cleanText("\xff\xfe", 100), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(CleanText, CutsBetweenCharacters) {
  EXPECT_EQ(cleanText("ařařa", 3), "ař");
  EXPECT_EQ(cleanText("ařařa", 2), "a");
  EXPECT_EQ(cleanText("ab cd", 3), "ab");
}

TEST(CleanText, IsAlwaysValid) {
  std::string bytes;
  unsigned state = 1;
  for (int i = 0; i < 5000; ++i) {
    state = state * 1664525u + 1013904223u;
    bytes += static_cast<char>(state >> 24);
  }
  for (std::size_t cut = 0; cut < 200; ++cut) EXPECT_TRUE(isValidUtf8(cleanText(bytes, cut)));
}

TEST(Enumerated, HasCommasAndAnAnd) {
  EXPECT_EQ(enumerated({}), "");
  const std::vector<std::string_view> words{"slow", "soft", "dark"};
  EXPECT_EQ(enumerated(std::span(words).first(1)), "slow");
  EXPECT_EQ(enumerated(std::span(words).first(2)), "slow and soft");
  EXPECT_EQ(enumerated(words), "slow, soft and dark");
}

TEST(Capitals, AreOfAnyAlphabet) {
  EXPECT_TRUE(isInCapitals("DVOŘÁK"));
  EXPECT_TRUE(isInCapitals("J. S. 1"));
  EXPECT_FALSE(isInCapitals("DVOŘáK"));
  EXPECT_FALSE(isInCapitals("12"));
  EXPECT_EQ(withCapital("ŘEZNÍČEK"), "Řezníček");
  EXPECT_EQ(withCapital("A\xFFX"), "A\xFFx");
  EXPECT_EQ(withCapital(""), "");
}

TEST(FoldText, IgnoresCaseMarksAndPunctuation) {
  EXPECT_EQ(foldText("Dvořák: Serenáda, Op. 22"), "dvorak serenada op 22");
  EXPECT_EQ(foldText("DON’T don't"), "dont dont");
  EXPECT_EQ(foldText("Liliʻuokalani"), foldText("Liliuokalani"));
  EXPECT_EQ(foldText("ﬁnale Straße"), "finale strasse");
  EXPECT_EQ(foldText("Чайковский"), foldText("ЧАЙКОВСКИЙ"));
  EXPECT_EQ(foldText("..."), "");
}

TEST(SplitWords, GivesTheWords) {
  EXPECT_EQ(splitWords(" a  bc d"), (std::vector<std::string>{"a", "bc", "d"}));
  EXPECT_TRUE(splitWords("  ").empty());
}

}  // namespace
}  // namespace attacca
