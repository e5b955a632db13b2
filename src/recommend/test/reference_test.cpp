// EASE and item-kNN against tools/reference/recommenders.py.
#include <fstream>

#include <nlohmann/json.hpp>

#include "strategies_helpers.h"

namespace attacca::recommend {
namespace {

using Tracks = std::vector<std::int64_t>;

// Columns there are tracks here, numbered from 1.
Tracks tracksOf(const nlohmann::json& columns) {
  Tracks tracks;
  for (const auto& column : columns) tracks.push_back(column.get<std::int64_t>() + 1);
  return tracks;
}

class Reference : public testing::TestWithParam<const char*> {};

TEST_P(Reference, ScoresAreThoseOfTheFormulas) {
  std::ifstream file(ATTACCA_SOURCE_DIR "/src/recommend/test/golden/recommenders.json");
  const auto cases = nlohmann::json::parse(file);
  ASSERT_EQ(cases.size(), 3U);
  for (const auto& one : cases) {
    World world{plainSnapshot(one.at("tracks").get<std::size_t>()), {}, {}};
    std::vector<Tracks> heard;
    for (const auto& columns : one.at("heard")) heard.push_back(tracksOf(columns));
    world.log = logOf(heard);
    for (std::size_t i = 0; i < one.at("histories").size(); ++i) {
      const auto history = historyOf(tracksOf(one.at("histories")[i]));
      const auto scores = world.scores(GetParam(), history);
      const auto& expected = one.at(GetParam())[i];
      ASSERT_EQ(scores.of.size(), expected.size());
      for (std::size_t track = 0; track < expected.size(); ++track) {
        EXPECT_NEAR(scores.of[track], expected[track].get<double>(), 1e-9)
            << world.snapshot->size() << " tracks, history " << i << ", track " << track;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Strategies, Reference, testing::Values("ease", "item-knn"),
                         [](const auto& test) {
                           return std::string(test.param) == "ease" ? "Ease" : "ItemKnn";
                         });

}  // namespace
}  // namespace attacca::recommend
