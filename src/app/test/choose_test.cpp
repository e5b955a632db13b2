#include "attacca/app/choose.h"

#include <random>

#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/base/memory_blobs.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::app {
namespace {

using recommend::NetworkKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Choosing : public testing::Test {
 protected:
  Choosing() {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    std::vector<index::SnapshotTrack> tracks;
    std::vector<float> vectors;
    for (std::int64_t id = 1; id <= 9; ++id) {
      tracks.push_back({{id}, {{id}, {0}, {id}}, "{}"});
      for (int j = 0; j < 4; ++j) vectors.push_back(normal(random));
    }
    MemoryBlobs blobs;
    index::publishSnapshot(blobs, "mean-cosine", "made-up@1", tracks, {vectors.data(), 9, 4},
                           UnixTime{});
    snapshot_ = index::Snapshot::openCurrent(blobs, "mean-cosine");
  }

  // A model whose card says so much for it, and so much for knn.
  void keep(NetworkKind kind, double own, double knn, bool fits = true) {
    recommend::TrainedModel model;
    recommend::NetworkShape shape{kind, recommend::ItemInput::content, 4, 4, 3};
    if (kind == NetworkKind::bert4rec || kind == NetworkKind::sasrec) {
      shape.hidden = 0;
      shape.layers = 1;
      shape.heads = 2;
      shape.feed_forward = 8;
      shape.length = 5;
    }
    if (kind == NetworkKind::shallow) shape.hidden = 0;
    model.network = recommend::emptyNetwork(shape);
    model.card.strategy = kind;
    model.card.configuration = recommend::trainingConfig(kind);
    model.card.recipe = "mean-cosine";
    model.card.representation = fits ? "made-up@1" : "made-up@0";
    model.card.space = fits ? snapshot_->space() : "another";
    model.card.judged = {{std::string(recommend::nameOf(kind)), own}, {"knn", knn}};
    models_.keep(std::move(model));
  }
  Choice choose(std::string_view asked) const { return chooseStrategy(models_, *snapshot_, asked); }

  test::TempFolder root_;
  recommend::ModelFolder models_{root_.path() / "models"};
  std::shared_ptr<const index::Snapshot> snapshot_;
};

TEST_F(Choosing, TakesKnnWhereNothingIsBetter) {
  EXPECT_EQ(choose("").strategy, "knn");
  EXPECT_THAT(choose("").notes, IsEmpty());
  keep(NetworkKind::shallow, 0.2, 0.2);
  keep(NetworkKind::sasrec, 0.9, 0.1, false);
  EXPECT_EQ(choose("").strategy, "knn");
  EXPECT_FALSE(choose("").model);
}

TEST_F(Choosing, TakesTheModelThatGainsMostOverKnn) {
  keep(NetworkKind::shallow, 0.5, 0.45);
  keep(NetworkKind::bert4rec, 0.3, 0.1);
  EXPECT_EQ(choose("").strategy, "bert4rec");
  EXPECT_EQ(choose("").model->card.score(), 0.3);
  keep(NetworkKind::bert4rec, 0.1, 0.1);  // trained anew, and it is no better any more
  EXPECT_EQ(choose("").strategy, "shallow");
}

TEST_F(Choosing, WhatIsAskedForComesThoughItIsNotTheBest) {
  keep(NetworkKind::bert4rec, 0.5, 0.1);
  keep(NetworkKind::shallow, 0.1, 0.4);
  EXPECT_EQ(choose("shallow").strategy, "shallow");
  EXPECT_THAT(choose("shallow").notes, IsEmpty());
  EXPECT_EQ(choose("popularity").strategy, "popularity");
  EXPECT_EQ(choose("knn").strategy, "knn");
}

TEST_F(Choosing, FallsBackFromWhatWasNotTrained) {
  EXPECT_EQ(choose("bert4rec").strategy, "knn");
  EXPECT_THAT(choose("bert4rec").notes,
              ElementsAre("no bert4rec was trained here (`attacca train bert4rec` does that); knn "
                          "answers instead"));
  keep(NetworkKind::shallow, 0.5, 0.4);
  const Choice choice = choose("bert4rec");
  EXPECT_EQ(choice.strategy, "shallow");
  EXPECT_TRUE(choice.model);
  EXPECT_THAT(choice.notes, ElementsAre(HasSubstr("shallow answers instead")));
}

TEST_F(Choosing, FallsBackFromWhatDoesNotHoldAnyMore) {
  keep(NetworkKind::bert4rec, 0.5, 0.4, false);
  const Choice choice = choose("bert4rec");
  EXPECT_EQ(choice.strategy, "knn");
  EXPECT_THAT(choice.notes, ElementsAre(HasSubstr("made-up@0")));
  EXPECT_THAT(choice.notes, ElementsAre(HasSubstr("`attacca train bert4rec`")));
  EXPECT_THROW(choose("bert5rec"), Error);
}

}  // namespace
}  // namespace attacca::app
