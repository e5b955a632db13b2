// The file of known works holds together: what each line says can be found, and by one work only.
#include "known_works.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/archive/people.h"
#include "attacca/base/error.h"

namespace attacca::archive {
namespace {

using ::testing::HasSubstr;

const std::vector<KnownWork>& works() { return KnownWorks::shipped().works(); }

std::string written(const Phrase& phrase) {
  std::string text;
  for (const std::string& word : phrase) text += (text.empty() ? "" : " ") + word;
  return text;
}

// Whom a title of this composer means; nullptr for nobody, or for one of several.
const KnownWork* meant(const std::string& composer, const std::string& title) {
  const auto found = KnownWorks::shipped().find(composer, readTitle(title));
  return found ? found->work : nullptr;
}

TEST(KnownWorks, EachComposerIsAPersonOfTheAuthority) {
  for (const KnownWork& work : works())
    EXPECT_NE(NameAuthority::shipped().named(work.composer), nullptr) << work.composer;
}

TEST(KnownWorks, NoTwoWorksOfAComposerClaimOneNumberOrTitle) {
  std::map<std::string, std::string> claimed;
  for (const KnownWork& work : works()) {
    std::set<std::string> own = {"title " + work.title};
    for (const CatalogueNumber& number : work.numbers) own.insert(number.key());
    for (const std::string& claim : own) {
      const auto [at, fresh] = claimed.try_emplace(work.composer + ": " + claim, work.title);
      EXPECT_TRUE(fresh) << at->first << " is of " << at->second << " and of " << work.title;
    }
  }
}

// Some were finished or printed by others soon after their composer's death.
TEST(KnownWorks, EachIsOfItsComposersLifetime) {
  for (const KnownWork& work : works()) {
    const Person* composer = NameAuthority::shipped().named(work.composer);
    if (!work.year || composer == nullptr) continue;
    if (composer->born) {
      EXPECT_GE(*work.year, *composer->born + 8) << work.title;
    }
    if (composer->died) {
      EXPECT_LE(*work.year, *composer->died + 2) << work.title;
    }
  }
}

// "Op. 25" whose songs stand in the file too is a set: else "Op. 25 No. 1" could mean either.
TEST(KnownWorks, AnOpusWhosePiecesAreWorksIsASet) {
  const auto number = [](const KnownWork& work, CatalogueNumber of) {
    of.part.clear();
    return work.composer + ": " + of.key();
  };
  std::map<std::string, std::string> whole;
  for (const KnownWork& work : works()) {
    for (const CatalogueNumber& its : work.numbers) {
      if (its.part.empty() && !work.set) whole[number(work, its)] = work.title;
    }
  }
  for (const KnownWork& work : works()) {
    for (const CatalogueNumber& its : work.numbers) {
      if (its.part.empty()) continue;
      const auto at = whole.find(number(work, its));
      EXPECT_EQ(at, whole.end()) << work.composer << ": " << work.title << " is of " << at->second;
    }
  }
}

TEST(KnownWorks, ATitleWithItsNumberMeansItsWork) {
  for (const KnownWork& work : works()) {
    if (work.set || work.numbers.empty()) continue;
    const std::string title = work.title + ", " + work.numbers[0].text();
    EXPECT_EQ(meant(work.composer, title), &work) << work.composer << ": " << title;
  }
}

TEST(KnownWorks, EachWorkWithoutANumberHasANameOfItsOwn) {
  for (const KnownWork& work : works()) {
    if (work.set || !work.numbers.empty()) continue;
    const bool named =
        meant(work.composer, work.title) == &work ||
        std::any_of(work.aliases.begin(), work.aliases.end(), [&](const Phrase& alias) {
          return meant(work.composer, written(alias)) == &work;
        });
    EXPECT_TRUE(named) << work.composer << ": " << work.title;
  }
}

// Several works of a composer may bear one name, and then it means none of them.
TEST(KnownWorks, ANameOfAWorkMeansNoOther) {
  for (const KnownWork& work : works()) {
    for (const Phrase& alias : work.aliases) {
      const KnownWork* found = meant(work.composer, written(alias));
      if (found == nullptr || found == &work) continue;
      EXPECT_NE(std::find(found->aliases.begin(), found->aliases.end(), alias),
                found->aliases.end())
          << work.composer << ": \"" << written(alias) << "\" is " << work.title << ", but means "
          << found->title;
    }
  }
}

TEST(KnownWorks, ALineThatIsNotOfTheFormatIsNamed) {
  const auto complaint = [](const std::string& text) {
    try {
      const KnownWorks read(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(complaint("Sonata | | | cham | |"), HasSubstr("line 1"));
  EXPECT_THAT(complaint("= A. Maker\nSonata | | | cham |"), HasSubstr("line 2"));
  EXPECT_THAT(complaint("= A. Maker\n\nSonata | | | kazoo | |"), HasSubstr("line 3"));
  EXPECT_THAT(complaint("= A. Maker\nSonata | | | cham | soon |"), HasSubstr("line 2"));
  EXPECT_EQ(complaint("= A. Maker\nSonata | | | cham | 1900 | Allegro; Presto"), "");
}

}  // namespace
}  // namespace attacca::archive
