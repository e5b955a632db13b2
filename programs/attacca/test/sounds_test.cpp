// What tracks sound like, as people are told it.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <random>
#include <vector>

#include <gmock/gmock.h>

#include "run.h"

namespace attacca::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr int kRate = 16000;

// A low, soft tone that goes on.
std::vector<std::int16_t> hum(double hz) {
  std::vector<std::int16_t> samples(8 * kRate);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / kRate;
    samples[i] = static_cast<std::int16_t>(500 * std::sin(phase));
  }
  return samples;
}

// Loud noise.
std::vector<std::int16_t> hiss() {
  std::mt19937 random(1);
  std::vector<std::int16_t> samples(8 * kRate);
  for (auto& sample : samples) {
    sample = static_cast<std::int16_t>(static_cast<int>(random() % 60000) - 30000);
  }
  return samples;
}

// Two hums (1, 2) and a hiss (3).
class Sounds : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = std::make_unique<Place>();
    std::filesystem::create_directories(place_->music());
    writeWav(place_->music() / "1.wav", hum(150), 1, kRate);
    writeWav(place_->music() / "2.wav", hum(190), 1, kRate);
    writeWav(place_->music() / "3.wav", hiss(), 1, kRate);
    const Ended ended =
        place_->run({"add", place_->music().native(), "--representation", "small,aspects"});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  static void TearDownTestSuite() { place_.reset(); }
  static Ended run(const std::vector<std::string>& arguments) { return place_->run(arguments); }

  static std::unique_ptr<Place> place_;
};
std::unique_ptr<Place> Sounds::place_;

TEST_F(Sounds, ShowTellsThemInWordsAndNumbers) {
  const Ended ended = run({"show", "1"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("slow, soft, "));
  EXPECT_THAT(ended.out, AllOf(HasSubstr(", dark"), HasSubstr(" LUFS"), HasSubstr("1.wav")));
  EXPECT_THAT(ended.out, HasSubstr("no steady pulse"));  // a tone has none
  const auto aspects = run({"show", "1", "--json"}).json().at("aspects");
  EXPECT_THAT(aspects.at("words").get<std::vector<std::string>>(),
              AllOf(Contains("slow"), Contains("soft"), Contains("dark")));
  EXPECT_NEAR(aspects.at("centroid_hz"), 150, 60);
  EXPECT_LT(aspects.at("loudness_lufs"), -30);
  const auto noise = run({"show", "3", "--json"}).json().at("aspects");
  EXPECT_THAT(noise.at("words").get<std::vector<std::string>>(),
              AllOf(Contains("loud"), Contains("bright")));
  EXPECT_EQ(noise.at("key_name"), nullptr) << "noise has no key: " << noise;
}

TEST_F(Sounds, ListsHaveAColumnOfThem) {
  const Ended ended = run({"similar", "1", "--raw"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("  sounds"), HasSubstr("because you like *1*, slow, soft"),
                               HasSubstr("slow, soft, "), HasSubstr("bright")));
  const auto json = run({"similar", "1", "--raw", "--json"}).json();
  EXPECT_THAT(json.at("seed").at("aspects").at("words").dump(), HasSubstr("dark"));
  for (const auto& track : json.at("tracks")) {
    EXPECT_THAT(track.at("aspects").at("words").dump(),
                HasSubstr(track.at("id") == 3 ? "bright" : "dark"));
    EXPECT_THAT(track.at("reason").get<std::string>(), Not(HasSubstr("both")));
  }
  EXPECT_THAT(run({"recommend", "anna"}).out, HasSubstr("  sounds"));
}

TEST_F(Sounds, AreAReasonWhereListsAreMadeByThem) {
  const auto json = run({"similar", "1", "--raw", "--json", "--representation", "small+aspects"});
  ASSERT_EQ(json.code, 0) << json.err;
  const auto answer = json.json();
  for (const auto& track : answer.at("tracks")) {
    const std::string reason = track.at("reason");
    if (track.at("id") == 2) {
      EXPECT_THAT(reason, AllOf(HasSubstr(", both slow, soft"), HasSubstr("and dark")));
    } else {
      EXPECT_THAT(reason, Not(HasSubstr("dark")));
    }
  }
}

// A recipe of the archive's own: the small model for the sound, chroma for the music.
TEST(Turning, BetweenSoundAndMusic) {
  const Place place;
  place.makeMusic(6);
  std::filesystem::create_directories(place.archive() / "recipes");
  std::ofstream(place.archive() / "recipes/own.toml")
      << "format = 1\nname = \"own\"\ntitle = \"Own\"\nquestion = \"What?\"\n"
         "answers = \"tracks\"\n"
         "[[part]]\nkind = \"pooled\"\nrepresentation = \"small\"\nweight = 1\n"
         "[[part]]\nkind = \"chroma\"\nrepresentation = \"chroma\"\nweight = 3\nshingle_s = 1\n";
  const std::vector<std::string> own{"--recipe", "own"};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), own.begin(), own.end());
    return place.run(arguments);
  };
  ASSERT_EQ(run({"add", place.music().native()}).code, 0);
  const auto scores = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"similar", "1", "--raw", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.code, 0) << ended.err;
    std::map<std::int64_t, double> found;
    const auto json = ended.json();
    for (const auto& track : json.at("tracks")) found[track.at("id")] = track.at("score");
    return found;
  };
  const auto usual = scores({});
  const auto sound = scores({"--sound", "1"});
  const auto music = scores({"--sound", "0"});
  const auto quarter = scores({"--sound", "0.25"});
  ASSERT_EQ(usual.size(), 5U);
  double apart = 0;
  for (const auto& [id, score] : usual) {
    EXPECT_NEAR(quarter.at(id), score, 2e-5);  // the recipe's own balance
    EXPECT_LE(score, std::max(sound.at(id), music.at(id)) + 1e-5);
    EXPECT_GE(score, std::min(sound.at(id), music.at(id)) - 1e-5);
    apart = std::max(apart, std::abs(sound.at(id) - music.at(id)));
  }
  EXPECT_GT(apart, 0.01);
  const auto json = run({"similar", "1", "--sound", "0.25", "--json"}).json();
  EXPECT_EQ(json.at("sound"), 0.25);
  EXPECT_EQ(json.at("recipe"), "own");
  EXPECT_THAT(run({"similar", "1", "--sound", "0.25"}).out, HasSubstr("25 % by the sound"));

  for (const std::string wrong : {"1.5", "-1", "loud", "nan"}) {
    EXPECT_EQ(run({"similar", "1", "--sound", wrong}).code, 2) << wrong;
  }
  EXPECT_EQ(run({"similar", "1", "--sound", "0.5", "--from", "0:00"}).code, 2);
  const Ended one_side = place.run({"similar", "1", "--sound", "0.5", "--representation", "small"});
  EXPECT_EQ(one_side.code, 1);
  EXPECT_THAT(one_side.err, HasSubstr("nothing to turn"));
  EXPECT_THAT(one_side.err, HasSubstr("--recipe similar"));
  // What is offline has no place in the lists.
  std::filesystem::remove(place.music() / "02.wav");
  ASSERT_EQ(run({"add", place.music().native()}).code, 0);
  const Ended offline = run({"similar", "2", "--sound", "0.5"});
  EXPECT_EQ(offline.code, 1);
  EXPECT_THAT(offline.err, HasSubstr("offline"));
}

TEST(SoundsUnknown, AreLeftOutAndShowSaysHowToHearThem) {
  const Place place;
  place.makeMusic(2);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  const Ended shown = place.run({"show", "piece", "1"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("attacca embed --all --representation aspects"));
  EXPECT_EQ(place.run({"show", "1", "--json"}).json().at("aspects"), nullptr);
  const Ended similar = place.run({"similar", "1"});
  EXPECT_EQ(similar.code, 0) << similar.err;
  EXPECT_THAT(similar.out, Not(HasSubstr("sounds")));
  EXPECT_EQ(place.run({"show", "nothing"}).code, 1);
}

}  // namespace
}  // namespace attacca::test
