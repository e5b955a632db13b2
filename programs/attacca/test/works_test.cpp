// Lists of an archive that knows works, as a person reads them.
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "run.h"

namespace attacca::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

struct Piece {
  std::string composer;
  std::string work;
  std::vector<std::string> movements;
};

// Two performances of a serenade, and one of each of two other works: the tracks 1 to 11.
class Works : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = std::make_unique<Place>();
    const Piece serenade{"Antonín Dvořák",
                         "Serenade for Strings in E major, Op. 22",
                         {"Moderato", "Tempo di valse", "Scherzo"}};
    const Piece holberg{"Edvard Grieg", "Holberg Suite, Op. 40", {"Praeludium", "Sarabande"}};
    const Piece quartet{"Franz Schubert", "String Quartet No. 14, D. 810", {"Allegro", "Andante"}};
    int file = 0;
    const auto record = [&](const Piece& piece, const std::string& album, const std::string& artist,
                            int first_track) {
      for (std::size_t i = 0; i < piece.movements.size(); ++i) {
        ++file;
        const int number = static_cast<int>(i) + 1;
        writeWav(
            place_->music() / fmt::format("{:02}.wav", file), 3.5, static_cast<std::uint32_t>(file),
            {piece.work + ": " + std::to_string(number) + ". " + piece.movements[i], album, artist,
             piece.composer, piece.work, piece.movements[i], number, first_track + number - 1});
      }
    };
    record(serenade, "Live in Prague", "Prague Strings", 1);
    record(holberg, "Live in Prague", "Prague Strings", 4);
    record(quartet, "Quartets", "A Quartet", 1);
    record(serenade, "Serenades", "London Strings", 1);
    ASSERT_EQ(place_->run({"add", place_->music().native()}).code, 0);
  }
  static void TearDownTestSuite() { place_.reset(); }
  static Ended run(const std::vector<std::string>& arguments) { return place_->run(arguments); }

  static std::vector<int> idsIn(const nlohmann::json& tracks) {
    std::vector<int> ids;
    for (const auto& track : tracks) ids.push_back(track.at("id"));
    return ids;
  }

  static std::unique_ptr<Place> place_;
};
std::unique_ptr<Place> Works::place_;

TEST_F(Works, TheSeedsOwnWorkIsNotSimilarUnlessAskedFor) {
  const auto all = run({"similar", "2", "--per-album", "9", "--per-work", "9", "--json"}).json();
  EXPECT_THAT(idsIn(all.at("tracks")), testing::UnorderedElementsAre(4, 5, 6, 7));
  EXPECT_THAT(all.at("notes").dump(), HasSubstr("nothing else to suggest but the same work"));
  const auto same =
      run({"similar", "2", "--same-work", "--per-album", "9", "--per-work", "9", "--json"}).json();
  EXPECT_THAT(idsIn(same.at("tracks")), testing::UnorderedElementsAre(1, 3, 4, 5, 6, 7));
}

TEST_F(Works, WholeWorksComeInMovementOrderWithTheirReason) {
  const auto json = run({"similar", "2", "--whole-works", "--json"}).json();
  ASSERT_THAT(json.at("tracks"), SizeIs(2));
  for (const auto& entry : json.at("tracks")) {
    const int first = entry.at("id").get<int>() < 6 ? 4 : 6;
    EXPECT_THAT(idsIn(entry.at("movements")), ElementsAre(first, first + 1));
    EXPECT_THAT(entry.at("reason").get<std::string>(), HasSubstr("sounds like"));
  }
  const Ended text = run({"similar", "2", "--whole-works"});
  EXPECT_THAT(text.out, HasSubstr("Holberg Suite, Op. 40"));
  EXPECT_THAT(text.out, testing::ContainsRegex("\n     1\\. Praeludium +0:04"));
  EXPECT_LT(text.out.find("1. Praeludium"), text.out.find("2. Sarabande"));
  EXPECT_THAT(run({"similar", "2"}).out, Not(HasSubstr("  1. Praeludium")));
}

TEST_F(Works, OtherPerformancesComeAsOneEntryWhenAskedFor) {
  const auto json = run({"similar", "4", "--other-performances", "--whole-works", "--json"}).json();
  int serenades = 0;
  for (const auto& entry : json.at("tracks")) {
    if (entry.at("work") != "Serenade for Strings in E major, Op. 22") continue;
    ++serenades;
    ASSERT_THAT(entry.at("other_performances"), SizeIs(1));
    EXPECT_THAT(entry.at("other_performances")[0].at("tracks"), SizeIs(3));
  }
  EXPECT_EQ(serenades, 1);
  EXPECT_THAT(run({"similar", "4", "--other-performances"}).out,
              testing::ContainsRegex("also: (London|Prague) Strings"));
  // The other performance of what is being heard is one entry, too.
  const auto own = run({"similar", "2", "--other-performances", "--json"}).json();
  int others = 0;
  for (const int id : idsIn(own.at("tracks"))) others += id >= 8 ? 1 : 0;
  EXPECT_EQ(others, 1);
}

TEST_F(Works, AListenerWhoAsksForTracksGetsTracks) {
  ASSERT_EQ(run({"listen", "clara", "6", "--at", "2026-11-01"}).code, 0);
  const auto json = run({"recommend", "clara", "--at", "2026-11-24", "--json"}).json();
  for (const auto& entry : json.at("tracks")) EXPECT_FALSE(entry.contains("movements"));
  const Ended whole = run({"recommend", "clara", "--at", "2026-11-24", "--whole-works"});
  EXPECT_THAT(whole.out, HasSubstr("3. Scherzo"));
  EXPECT_THAT(whole.out, HasSubstr("because you heard"));
}

TEST_F(Works, EachStrategyAnswersWithReasons) {
  std::ofstream(*place_ / "log.csv") << "user,track,timestamp\n"
                                        "eva,1,2026-11-01\neva,2,2026-11-02\neva,4,2026-11-03\n"
                                        "ben,1,2026-11-01\nben,2,2026-11-02\nben,6,2026-11-03\n"
                                        "ida,4,2026-11-01\nida,5,2026-11-02\nida,6,2026-11-03\n";
  ASSERT_EQ(run({"import-log", (*place_ / "log.csv").native()}).code, 0);
  // Another test of this place says it, too: known already, whichever comes first.
  ASSERT_EQ(run({"listen", "clara", "6", "--at", "2026-11-01"}).code, 0);
  std::map<std::string, nlohmann::json> answers;
  const auto listed = run({"strategies", "--json"}).json();
  for (const auto& info : listed.at("strategies")) {
    const std::string name = info.at("name");
    auto& json = answers[name] =
        run({"recommend", "eva", "--strategy", name, "--at", "2026-11-24", "--json"}).json();
    const bool untrained = info.at("needs_network");
    EXPECT_EQ(json.at("strategy"), untrained ? "knn" : name) << json.dump();
    if (untrained) {
      EXPECT_THAT(json.at("notes").dump(), HasSubstr("attacca train " + name));
    }
    ASSERT_FALSE(json.at("tracks").empty()) << name;
    for (const auto& entry : json.at("tracks")) {
      EXPECT_FALSE(entry.at("reason").get<std::string>().empty()) << name;
      EXPECT_FALSE(entry.at("reasons").empty()) << name;
    }
  }
  EXPECT_EQ(answers.size(), 17U);
  const auto first = [&](const char* name) { return answers.at(name).at("tracks")[0]; };
  EXPECT_EQ(first("next-movement").at("id"), 5);
  EXPECT_THAT(first("next-movement").at("reason").get<std::string>(),
              HasSubstr("the movement after"));
  EXPECT_EQ(first("markov").at("id"), 5);
  EXPECT_EQ(first("popularity").at("id"), 6);
  EXPECT_EQ(first("popularity").at("reason"), "3 listeners heard it");
  EXPECT_EQ(first("item-knn").at("id"), 6);
  EXPECT_EQ(first("ease").at("id"), 6);
  EXPECT_THAT(idsIn(answers.at("personal-popularity").at("tracks")), ElementsAre(4, 2, 1));
  // Grieg again, or the same Dvořák elsewhere.
  EXPECT_THAT(first("metadata").at("reasons")[0].at("detail").get<std::string>(),
              HasSubstr("composer"));
  EXPECT_EQ(first("same-album").at("album"), "Live in Prague");
}

TEST_F(Works, PerformancesListsThoseOfATracksWorkItsOwnFirst) {
  const auto json = run({"performances", "9", "--json"}).json();
  EXPECT_EQ(json.at("work").at("title"), "Serenade for Strings in E major, Op. 22");
  ASSERT_THAT(json.at("performances"), SizeIs(2));
  EXPECT_THAT(idsIn(json.at("performances")[0].at("tracks")), ElementsAre(8, 9, 10));
  EXPECT_THAT(idsIn(json.at("performances")[1].at("tracks")), ElementsAre(1, 2, 3));
  const Ended text = run({"performances", "9"});
  EXPECT_THAT(text.out, HasSubstr("Serenade for Strings in E major, Op. 22 (Antonín Dvořák):\n"));
  EXPECT_LT(text.out.find("London Strings"), text.out.find("Prague Strings"));
  EXPECT_THAT(text.out, HasSubstr("2. Tempo di valse"));
}

TEST_F(Works, RawAndPoliciesExcludeEachOther) {
  EXPECT_EQ(run({"similar", "2", "--raw", "--whole-works"}).code, 2);
}

}  // namespace
}  // namespace attacca::test
