#include "attacca/base/settings.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca {
namespace {

using test::TempFolder;

std::function<std::optional<std::string>(const std::string&)> environment(
    std::map<std::string, std::string> values = {}) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(Settings, EachNameIsUsedOnce) {
  std::set<std::string> names;
  for (const auto& row : settingsTable()) {
    EXPECT_TRUE(names.insert(std::string(row.key)).second);
    EXPECT_TRUE(names.insert(std::string(row.environment)).second);
    EXPECT_FALSE(row.help.empty());
  }
}

TEST(Settings, EnvironmentBeatsFileBeatsDefault) {
  const TempFolder folder;
  writeFileAtomically(folder / "attacca.toml",
                      "limit = 5\nper-album = 7\nrepresentation = \"msd-vgg\"\n");
  const Settings settings =
      readSettings(folder / "attacca.toml", environment({{"ATTACCA_LIMIT", "6"}}));
  EXPECT_EQ(settings.limit, 6);
  EXPECT_EQ(settings.per_album, 7);
  EXPECT_EQ(settings.representation, "msd-vgg");
  EXPECT_EQ(settings.per_work, Settings{}.per_work);
}

TEST(Settings, NoFileIsFine) {
  const TempFolder folder;
  EXPECT_EQ(readSettings(folder / "none.toml", environment()).limit, Settings{}.limit);
}

void expectRefused(std::string_view file, std::string_view names) {
  const TempFolder folder;
  writeFileAtomically(folder / "attacca.toml", file);
  try {
    readSettings(folder / "attacca.toml", environment());
    FAIL() << file;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    EXPECT_NE(error.problem().find(names), std::string::npos) << error.problem();
  }
}

TEST(Settings, MistakesInTheFileAreNamed) {
  expectRefused("limt = 5\n", "line 1: limt");
  expectRefused("limit = 0\n", "limit");
  expectRefused("jobs = 1\nlimit = \"many\"\n",
                "line 2: limit must be a whole number from 1 to 1000");
  expectRefused("limit = true\n", "limit");
  expectRefused("archive = \"elsewhere\"\n", "archive");
  expectRefused("recipe = \"\"\n", "recipe");
  expectRefused("limit = \n", "line 1");
}

TEST(Settings, MistakesInTheEnvironmentAreNamed) {
  const TempFolder folder;
  EXPECT_THROW(readSettings(folder / "none", environment({{"ATTACCA_LIMIT", "1001"}})), Error);
  EXPECT_THROW(readSettings(folder / "none", environment({{"ATTACCA_LIMIT", "5x"}})), Error);
}

TEST(Settings, DocumentationIsTrue) {
  EXPECT_EQ(readFile(ATTACCA_SOURCE_DIR "/docs/settings.md"), settingsDocumentation())
      << "run `attacca settings --markdown > docs/settings.md`";
}

}  // namespace
}  // namespace attacca
