#include <string>

#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/recommend/trainer.h"

namespace attacca::recommend {
namespace {

using testing::HasSubstr;

constexpr NetworkKind kKinds[] = {NetworkKind::bert4rec, NetworkKind::sasrec, NetworkKind::shallow,
                                  NetworkKind::contrastive};

std::string refusal(const std::string& toml, NetworkKind kind = NetworkKind::bert4rec) {
  try {
    readTrainingConfig(toml, "mine.toml", trainingConfig(kind));
    return "";
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::usage);
    EXPECT_FALSE(fault.remedy().empty());
    return fault.problem();
  }
}

TEST(TrainingConfig, HasThePublishedFigures) {
  const TrainingConfig bert = trainingConfig(NetworkKind::bert4rec, true);
  EXPECT_EQ(bert.layers, 2U);
  EXPECT_EQ(bert.heads, 2U);
  EXPECT_EQ(bert.feed_forward, 256U);
  EXPECT_EQ(bert.mask, 0.2);
  EXPECT_EQ(bert.length, 300U);
  EXPECT_EQ(bert.batch, 128U);
  const TrainingConfig shallow = trainingConfig(NetworkKind::shallow, true);
  EXPECT_EQ(shallow.margin, 0.2);
  EXPECT_EQ(shallow.negatives, 20U);
  EXPECT_EQ(shallow.learning_rate, 1e-3);
  EXPECT_LT(trainingConfig(NetworkKind::bert4rec).length, bert.length);
}

TEST(TrainingConfig, IsReadAsItWasWritten) {
  for (const NetworkKind kind : kKinds) {
    for (const bool published : {false, true}) {
      TrainingConfig config = trainingConfig(kind, published);
      EXPECT_EQ(config.kind, kind);
      config.items = ItemInput::ids;
      config.learning_rate = 0.1 + 0.2;
      config.seed = 2147483647;
      config.margin = 0;
      EXPECT_EQ(readTrainingConfig(trainingConfigToml(config), "it", trainingConfig(kind)), config);
    }
  }
}

TEST(TrainingConfig, ChangesWhatAFileSetsAndNothingElse) {
  TrainingConfig expected = trainingConfig(NetworkKind::bert4rec);
  expected.width = 32;
  expected.dropout = 0;
  EXPECT_EQ(readTrainingConfig("width = 32\ndropout = 0\n", "mine.toml",
                               trainingConfig(NetworkKind::bert4rec)),
            expected);
}

TEST(TrainingConfig, RefusesWhatMakesNoSenseByName) {
  EXPECT_EQ(refusal("width = 32"), "");
  EXPECT_THAT(refusal("breadth = 32"), HasSubstr("mine.toml, line 1: breadth is not known"));
  EXPECT_THAT(refusal("\nwidth = 0"), HasSubstr("line 2: width must be a whole number from 1"));
  EXPECT_THAT(refusal("width = 1.5"), HasSubstr("width"));
  EXPECT_THAT(refusal("width = \"wide\""), HasSubstr("width"));
  EXPECT_THAT(refusal("learning_rate = nan"), HasSubstr("learning_rate"));
  EXPECT_THAT(refusal("dropout = 1"), HasSubstr("dropout must be a number from 0 to 0.95"));
  EXPECT_THAT(refusal("kind = \"shallow\""), HasSubstr("bert4rec"));
  EXPECT_THAT(refusal("items = \"words\""), HasSubstr("items"));
  EXPECT_THAT(refusal("heads = 3"), HasSubstr("heads must divide the width, 64"));
  EXPECT_EQ(refusal("heads = 3", NetworkKind::shallow), "");  // it has none
  EXPECT_THAT(refusal("width = "), HasSubstr("mine.toml, line 1"));
}

}  // namespace
}  // namespace attacca::recommend
