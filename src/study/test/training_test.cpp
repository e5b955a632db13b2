#include "attacca/study/training.h"

#include <algorithm>
#include <filesystem>
#include <random>

#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/testing/temp_folder.h"

#include "made_up.h"

namespace attacca::study {
namespace {

using recommend::NetworkKind;
using testing::HasSubstr;

// Learns nothing: a network drawn by lot.
class Drawn final : public recommend::Trainer {
 public:
  recommend::Trained train(const recommend::TrainingData& data,
                           const recommend::TrainingConfig& config,
                           const recommend::TrainingRun& run) const override {
    if (!run.checkpoint.empty() && std::filesystem::exists(run.checkpoint)) {
      throw Error(Fault::refused, "a checkpoint of other data");
    }
    seen = data;
    recommend::NetworkShape shape{config.kind, config.items, data.items, config.width};
    if (config.items == recommend::ItemInput::content) shape.input = data.embeddings.cols;
    recommend::Trained trained;
    trained.network = recommend::emptyNetwork(shape);
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (auto& [name, tensor] : trained.network.tensors) {
      for (float& value : tensor.values) value = normal(random);
    }
    for (float& value : trained.network.tensors.at("input.scale").values) value = 1;
    trained.epochs = 3;
    trained.best_epoch = run.stop.stop_requested() ? 0 : 2;
    trained.stopped = run.stop.stop_requested();
    trained.losses = {3, 2, 1};
    return trained;
  }
  mutable recommend::TrainingData seen;
};

Lesson lesson(std::size_t listeners) {
  Lesson made;
  const auto tracks = madeUpTracks(30, 3);
  made.snapshot = snapshotOf(tracks);
  World world;
  world.listeners = listeners;
  world.days = 40;
  world.until = UnixTime(std::chrono::hours(24 * 20000));
  for (const auto& play : simulate(tracks, world)) {
    made.log.push_back(
        {static_cast<std::int64_t>(play.listener) + 1, play.track, play.at, play.fraction});
  }
  return made;
}

recommend::TrainedModel learned(const Lesson& from, const recommend::Trainer& trainer,
                                const recommend::TrainingRun& run = {}) {
  return learn(from, recommend::trainingConfig(NetworkKind::shallow), run, trainer,
               [](std::string_view) {});
}

TEST(Learn, HoldsOutTheEndAndTellsWhatWasLearnedFrom) {
  const Lesson made = lesson(40);
  const Drawn trainer;
  const auto model = learned(made, trainer);
  const auto& card = model.card;
  EXPECT_EQ(card.tracks, 90U);
  EXPECT_EQ(card.space, made.snapshot->space());
  EXPECT_EQ(card.epochs, 3U);
  EXPECT_EQ(card.data.size(), 64U);
  EXPECT_GT(card.judged_on, 5U);
  EXPECT_EQ(trainer.seen.held_out.size(), card.judged_on);
  std::size_t plays = 0;
  for (const auto& history : trainer.seen.histories) plays += history.size();
  EXPECT_EQ(plays, card.plays);
  EXPECT_EQ(trainer.seen.histories.size(), card.listeners);
  // Neither skips nor the last tenth of the plays.
  EXPECT_LT(plays, made.log.size() * 9 / 10);
  EXPECT_GT(plays, made.log.size() / 2);
  EXPECT_TRUE(model.tracks.empty());
}

TEST(Learn, JudgesTheModelBesideItsYardsticks) {
  const Lesson made = lesson(200);
  const auto card = learned(made, Drawn()).card;
  std::vector<std::string> names;
  for (const auto& one : card.judged) names.push_back(one.strategy);
  EXPECT_EQ(names,
            (std::vector<std::string>{"shallow", "knn", "popularity", "item-knn", "markov"}));
  EXPECT_GT(card.of("popularity")->ndcg10, 1.3 * card.chance_ndcg10);
  EXPECT_GT(card.of("markov")->ndcg10, 1.3 * card.chance_ndcg10);
  EXPECT_LT(card.score(), 1.3 * card.chance_ndcg10);  // it learned nothing
}

TEST(Learn, DependsOnTheDataAlone) {
  const auto a = learned(lesson(20), Drawn());
  EXPECT_EQ(a, learned(lesson(20), Drawn()));
  EXPECT_NE(a.card.data, learned(lesson(21), Drawn()).card.data);
}

TEST(Learn, ForgetsACheckpointOfSomethingElse) {
  const test::TempFolder folder;
  recommend::TrainingRun run;
  run.checkpoint = folder.path() / "checkpoint";
  writeFileAtomically(run.checkpoint, "of another run");
  std::string told;
  const auto model = learn(lesson(20), recommend::trainingConfig(NetworkKind::shallow), run,
                           Drawn(), [&](std::string_view note) { told = note; });
  EXPECT_THAT(told, HasSubstr("begins anew"));
  EXPECT_EQ(model.card.best_epoch, 2U);
}

TEST(Learn, KeepsNothingOfARunThatWasStoppedAtOnce) {
  std::stop_source stop;
  stop.request_stop();
  recommend::TrainingRun run;
  run.stop = stop.get_token();
  EXPECT_THROW(learned(lesson(20), Drawn(), run), Error);
}

TEST(Learn, SaysWhatItLacks) {
  const auto problem = [](const Lesson& from) -> std::string {
    try {
      learned(from, Drawn());
    } catch (const Error& fault) {
      EXPECT_FALSE(fault.remedy().empty());
      return fault.problem();
    }
    return "";
  };
  Lesson made = lesson(20);
  made.log.clear();
  EXPECT_THAT(problem(made), HasSubstr("no play to learn from"));
  made = lesson(20);
  made.log.resize(1);
  EXPECT_THAT(problem(made), HasSubstr("too little"));
  made.snapshot = madeUpSnapshot(1);
  EXPECT_THAT(problem(made), HasSubstr("one track"));
}

TEST(Learn, WithoutAnEndToHoldOutJudgesNothing) {
  Lesson made = lesson(5);
  for (auto& play : made.log) play.at = UnixTime{};
  const auto card = learned(made, Drawn()).card;
  EXPECT_EQ(card.judged_on, 0U);
  EXPECT_TRUE(card.judged.empty());
  EXPECT_FALSE(card.worthIts());
}

}  // namespace
}  // namespace attacca::study
