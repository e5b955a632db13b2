#include "attacca/base/toml_fields.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

using testing::ElementsAre;

constexpr std::string_view kFile = R"(title = "A title"
size = 7
share = 0.5
tempi = [1, 0.5]
[clips]
hop = 3
loud = true
[[part]]
kind = "first"
[[part]]
kind = "second"
)";

std::string problemOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::refused);
    return fault.problem();
  }
  return "nothing is wrong";
}

TEST(TomlFields, AreReadWithTheirKindAndRange) {
  const TomlFields file = TomlFields::parse(kFile, "own.toml");
  EXPECT_EQ(file.text("title"), "A title");
  EXPECT_EQ(file.whole("size", 1, 7), 7);
  EXPECT_EQ(file.number("size", 0, 10), 7);
  EXPECT_EQ(file.numberOr("share", 1, 0, 1), 0.5);
  EXPECT_EQ(file.numberOr("other", 1, 0, 1), 1);
  EXPECT_THAT(file.numbers("tempi", 0, 1), ElementsAre(1, 0.5));
  EXPECT_TRUE(file.section("clips").flag("loud"));
  const auto parts = file.sections("part");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1].text("kind"), "second");
}

TEST(TomlFields, AFaultNamesTheFileTheLineAndTheField) {
  const TomlFields file = TomlFields::parse(kFile, "own.toml");
  EXPECT_EQ(problemOf([&] { file.whole("size", 1, 6); }),
            "own.toml, line 2: size must be a whole number from 1 to 6");
  EXPECT_EQ(problemOf([&] { file.whole("share", 0, 1); }),
            "own.toml, line 3: share must be a whole number from 0 to 1");
  EXPECT_EQ(problemOf([&] { file.section("clips").text("hop"); }),
            "own.toml, line 6: clips.hop must be a text");
  EXPECT_EQ(problemOf([&] { file.sections("part")[1].flag("kind"); }),
            "own.toml, line 11: part 2: kind must be true or false");
  EXPECT_EQ(problemOf([&] { file.text("missing"); }), "own.toml: missing must be a text");
  EXPECT_EQ(problemOf([&] { file.name("title"); }),
            "own.toml, line 1: title may hold lower-case letters, digits and - only");
  EXPECT_THAT(problemOf([] { TomlFields::parse("a = 1\nb =", "own.toml"); }),
              testing::HasSubstr("own.toml, line 2"));
}

TEST(TomlFields, WhatNobodyReadIsRefusedWithItsLine) {
  const TomlFields file = TomlFields::parse(kFile, "own.toml");
  const auto unread = [&] { return problemOf([&] { file.refuseUnread(); }); };
  for (const char* key : {"title", "size", "share", "tempi"}) EXPECT_TRUE(file.has(key));
  EXPECT_EQ(unread(), "own.toml, line 5: clips is not known here");
  const TomlFields clips = file.section("clips");
  const auto parts = file.sections("part");
  for (const TomlFields& part : parts) part.text("kind");
  clips.flag("loud");
  EXPECT_EQ(unread(), "own.toml, line 6: clips.hop is not known here");
  clips.whole("hop", 0, 9);
  EXPECT_EQ(unread(), "nothing is wrong");
}

TEST(TomlFields, ATextIsWrittenAsItIsRead) {
  const std::string text = "a \"quoted\" \\ path\nand\ttab\x7f";
  EXPECT_EQ(TomlFields::parse("text = " + tomlText(text), "x").text("text"), text);
}

}  // namespace
}  // namespace attacca
