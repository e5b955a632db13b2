// Runs: the same again, broken off and gone on from, ended early, and of what cannot be learned.
#include <limits>
#include <stop_token>

#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"

#include "training_helpers.h"

namespace attacca::learn {
namespace {

using recommend::ItemInput;
using recommend::NetworkKind;
using recommend::Trained;
using recommend::TrainingConfig;
using recommend::TrainingProgress;

struct Kind {
  const char* name;
  NetworkKind kind;
  ItemInput items;
};

class Training : public testing::TestWithParam<Kind> {
 public:
  ~Training() override { std::filesystem::remove_all(folder); }

 protected:
  Training() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  TrainingConfig config() const { return smallConfig(GetParam().kind, GetParam().items); }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("attacca-learn-" + std::to_string(getpid()));
  const Circles circles{4, 12, 90, 7};
};

TEST_P(Training, EqualSeedsGiveEqualBits) {
  const Trained one = train(circles.data, config());
  const Trained two = train(circles.data, config());
  EXPECT_EQ(one.network, two.network);
  EXPECT_EQ(one.losses, two.losses);
  auto other = config();
  other.seed = 2;
  EXPECT_NE(train(circles.data, other).network, one.network);
  for (const auto& [name, tensor] : one.network.tensors) {
    for (const float value : tensor.values) ASSERT_TRUE(std::isfinite(value)) << name;
  }
}

TEST_P(Training, EqualSeedsGiveEqualBitsOnTwoThreads) {
  auto shorter = config();
  shorter.epochs = 1;
  const Trained one = train(circles.data, shorter, runOf({}, {}, 2));
  EXPECT_EQ(one.network, train(circles.data, shorter, runOf({}, {}, 2)).network);
}

TEST_P(Training, WhatWasBrokenOffGoesOnToTheSameBits) {
  const Trained whole = train(circles.data, config());
  ASSERT_EQ(whole.epochs, 4U);
  for (const std::size_t epochs : {1U, 3U}) {
    std::stop_source stop;
    auto broken = runOf(folder / "checkpoint", stop.get_token());
    broken.progress = [&](const TrainingProgress& progress) {
      if (progress.validation && progress.epoch == epochs) stop.request_stop();
    };
    const Trained part = train(circles.data, config(), broken);
    EXPECT_TRUE(part.stopped);
    EXPECT_EQ(part.epochs, epochs);
    const Trained rest = train(circles.data, config(), runOf(folder / "checkpoint"));
    EXPECT_FALSE(rest.stopped);
    EXPECT_EQ(rest.network, whole.network);
    EXPECT_EQ(rest.losses, whole.losses);
    EXPECT_EQ(rest.best, whole.best);
    EXPECT_EQ(rest.best_epoch, whole.best_epoch);
    // Of a run at its end, the result once more.
    EXPECT_EQ(train(circles.data, config(), runOf(folder / "checkpoint")).network, whole.network);
    std::filesystem::remove(folder / "checkpoint");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks, Training,
    testing::Values(Kind{"Bert4recContent", NetworkKind::bert4rec, ItemInput::content},
                    Kind{"Bert4recIds", NetworkKind::bert4rec, ItemInput::ids},
                    Kind{"SasrecContent", NetworkKind::sasrec, ItemInput::content},
                    Kind{"SasrecIds", NetworkKind::sasrec, ItemInput::ids}),
    [](const auto& test) { return test.param.name; });

class OneKind : public Training {};
INSTANTIATE_TEST_SUITE_P(Networks, OneKind,
                         testing::Values(Kind{"SasrecIds", NetworkKind::sasrec, ItemInput::ids}),
                         [](const auto& test) { return test.param.name; });

TEST_P(OneKind, StoppingKeepsTheBestSoFar) {
  auto longer = config();
  longer.learning_rate = 0.02;  // so that not every epoch is better
  longer.epochs = longer.patience = 100;
  std::vector<double> validations;
  std::vector<TrainingProgress> told;
  std::stop_source stop;
  auto run = runOf({}, stop.get_token());
  run.progress = [&](const TrainingProgress& progress) {
    told.push_back(progress);
    if (!progress.validation) return;
    validations.push_back(*progress.validation);
    // Once an epoch was worse than an earlier one.
    if (*progress.validation < progress.best) stop.request_stop();
  };
  const Trained result = train(circles.data, longer, run);
  ASSERT_TRUE(result.stopped);
  const auto best = std::ranges::max_element(validations);
  ASSERT_NE(best, validations.end() - 1);
  EXPECT_EQ(result.best, *best);
  EXPECT_EQ(result.best_epoch, static_cast<std::size_t>(best - validations.begin()) + 1);
  EXPECT_EQ(result.epochs, validations.size());
  EXPECT_EQ(told.back().step, told.back().steps);
  EXPECT_EQ(told.back().loss, result.losses.back());
  // Its weights are those of a run that ends there.
  auto shorter = longer;
  shorter.epochs = result.best_epoch;
  EXPECT_EQ(result.network, train(circles.data, shorter).network);
}

TEST_P(OneKind, EndsWhenItIsNoLongerBetter) {
  auto patient = config();
  patient.learning_rate = 0.05;
  patient.epochs = 100;
  patient.patience = 3;
  const Trained result = train(circles.data, patient);
  EXPECT_FALSE(result.stopped);
  EXPECT_LT(result.epochs, 100U);
  EXPECT_EQ(result.epochs, result.best_epoch + 3);
}

TEST_P(OneKind, WithoutAnythingHeldOutTheNewestEpochIsTheBest) {
  auto data = circles.data;
  data.held_out.clear();
  const Trained result = train(data, config());
  EXPECT_EQ(result.epochs, 4U);
  EXPECT_EQ(result.best_epoch, 4U);
  EXPECT_EQ(result.best, 0);
}

TEST_P(OneKind, StoppedBeforeItsFirstEpochIsWhatItBeganWith) {
  std::stop_source stop;
  stop.request_stop();
  const Trained result = train(circles.data, config(), runOf({}, stop.get_token()));
  EXPECT_TRUE(result.stopped);
  EXPECT_EQ(result.epochs, 0U);
  EXPECT_EQ(result.best_epoch, 0U);
  EXPECT_EQ(result.network.tensors.at("positions").values.size(), 8U * 16U);
}

Fault faultOf(const std::function<void()>& action, const std::string& words) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    EXPECT_FALSE(error.remedy().empty()) << error.what();
    return error.fault();
  }
  ADD_FAILURE() << "nothing was refused: " << words;
  return Fault::io;
}

TEST_P(OneKind, CheckpointsOfSomethingElseAreRefused) {
  const auto path = folder / "checkpoint";
  train(circles.data, config(), runOf(path));
  auto other = config();
  other.dropout = 0.3;
  const auto refused = "the checkpoint is of other data";
  EXPECT_EQ(faultOf([&] { train(circles.data, other, runOf(path)); }, refused), Fault::refused);
  EXPECT_EQ(faultOf([&] { train(circles.data, config(), runOf(path, {}, 2)); }, refused),
            Fault::refused);
  auto data = circles.data;
  std::swap(data.histories[0], data.histories[1]);
  EXPECT_EQ(faultOf([&] { train(data, config(), runOf(path)); }, refused), Fault::refused);
  std::string bytes = readFile(path);
  bytes[bytes.size() / 2] ^= 1;
  writeFileAtomically(path, bytes);
  EXPECT_EQ(faultOf([&] { train(circles.data, config(), runOf(path)); }, "is damaged"),
            Fault::corrupt);
  writeFileAtomically(path, "attacca");
  EXPECT_EQ(faultOf([&] { train(circles.data, config(), runOf(path)); }, "is damaged"),
            Fault::corrupt);
}

TEST_P(OneKind, ALossThatIsNotFiniteIsRefused) {
  auto wild = config();
  wild.learning_rate = 1e30;
  EXPECT_EQ(faultOf([&] { train(circles.data, wild); }, "smaller learning_rate"), Fault::refused);
}

TEST_P(OneKind, DataThatCannotBeLearnedFromIsRefused) {
  const auto refused = [&](auto change, const char* words, ItemInput items = ItemInput::ids) {
    auto data = circles.data;
    auto changed = smallConfig(NetworkKind::bert4rec, items);
    change(data, changed);
    EXPECT_EQ(faultOf([&] { train(data, changed); }, words), Fault::usage) << words;
  };
  refused([](auto& data, auto&) { data.items = 1; }, "there are 1 tracks");
  refused([](auto& data, auto&) { data.histories = {{1}, {2}, {}}; }, "no listener played two");
  refused([](auto& data, auto&) { data.histories.clear(); }, "no listener played two");
  refused([](auto& data, auto&) { data.histories[5][2] = 48; }, "history 5 has row 48 of 48");
  refused([](auto& data, auto&) { data.histories[5][2] = -1; }, "history 5 has row -1");
  refused([](auto& data, auto&) { data.held_out[1].next = 99; }, "held-out listener 1 has row 99");
  refused([](auto& data, auto&) { data.held_out[1].next = data.held_out[1].before[0]; },
          "so it is not new");
  refused([](auto& data, auto&) { data.embeddings.rows = 3; }, "embeddings of 3 tracks",
          ItemInput::content);
  auto values = circles.embeddings;
  values[7 * circles.data.embeddings.cols] = std::numeric_limits<float>::quiet_NaN();
  refused([&](auto& data, auto&) { data.embeddings.data = values.data(); },
          "embedding of row 7 is not finite", ItemInput::content);
  refused([](auto&, auto& config) { config.heads = 3; }, "heads does not divide width");
  refused([](auto&, auto& config) { config.length = 1; }, "length is below 2");
  refused([](auto&, auto& config) { config.dropout = 1; }, "dropout is not in");
  EXPECT_EQ(faultOf(
                [&] {
                  makeTrainer(NetworkKind::sasrec)
                      ->train(circles.data, smallConfig(NetworkKind::bert4rec, ItemInput::ids), {});
                },
                "another kind"),
            Fault::usage);
}

}  // namespace
}  // namespace attacca::learn
