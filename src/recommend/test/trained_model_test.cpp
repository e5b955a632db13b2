#include "attacca/recommend/trained_model.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/testing/temp_folder.h"

#include "helpers.h"

namespace attacca::recommend {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TrainedModel model(NetworkKind kind = NetworkKind::shallow, std::size_t input = 4) {
  TrainedModel made;
  made.network = emptyNetwork(
      {kind, ItemInput::content, input, 3, kind == NetworkKind::contrastive ? 5U : 0U, 0, 0, 0, 0});
  float value = 0.5F;
  for (auto& [name, tensor] : made.network.tensors) {
    for (float& one : tensor.values) one = value += 0.25F;
  }
  ModelCard& card = made.card;
  card.strategy = kind;
  card.made = UnixTime(std::chrono::seconds(1764547200));
  card.attacca = "0.1.0";
  card.library = "libtorch 1.13.1";
  card.tracks = 41;
  card.listeners = 7;
  card.plays = 512;
  card.data = std::string(64, 'a');
  card.space = std::string(64, 'b');
  card.recipe = "similar";
  card.representation = "msd-musicnn@0123456789abcdef";
  card.configuration = trainingConfig(kind);
  card.epochs = 12;
  card.best_epoch = 2;
  card.losses = {0.5, 0.25, 0.125};
  card.judged_on = 6;
  card.judged = {{std::string(nameOf(kind)), 0.5, 0.75, 0.375, 0.25}, {"knn", 0.25, 0.5, 0.125, 1}};
  card.chance_ndcg10 = 0.0625;
  card.cpu_s = 1.5;
  card.wall_s = 0.75;
  card.peak_bytes = 123456789;
  return made;
}

fs::path golden() { return fs::path(ATTACCA_SOURCE_DIR) / "src/recommend/test/golden/card.json"; }

TEST(ModelCard, IsTheGoldenOne) {
  ModelCard card = model().card;
  card.version = 3;
  card.network = std::string(64, 'c');
  EXPECT_EQ(cardJson(card), readFile(golden()));
  EXPECT_EQ(readCard(readFile(golden()), "card.json"), card);
}

TEST(ModelCard, OfAnotherFormatOrDamagedIsRefused) {
  const auto refused = [](const std::string& from, const std::string& to) {
    std::string text = readFile(golden());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    try {
      readCard(text, "that/card.json");
    } catch (const Error& fault) {
      EXPECT_THAT(fault.problem(), HasSubstr("that/card.json"));
      return fault.fault();
    }
    ADD_FAILURE() << "taken: " << to;
    return Fault::io;
  };
  EXPECT_EQ(refused("\"format\": 1", "\"format\": 2"), Fault::unsupported);
  EXPECT_EQ(refused("\"strategy\": \"shallow\"", "\"strategy\": \"deep\""), Fault::unsupported);
  EXPECT_EQ(refused("\"epochs\": 12,", ""), Fault::corrupt);
  EXPECT_EQ(refused("\"epochs\": 12", "\"epochs\": \"many\""), Fault::corrupt);
  EXPECT_EQ(refused("width = 64", "width = 0"), Fault::corrupt);
  EXPECT_EQ(refused("{", "["), Fault::corrupt);
}

TEST(ModelCard, SaysWhetherTheModelIsWorthIts) {
  ModelCard card = model().card;
  EXPECT_TRUE(card.worthIts());
  EXPECT_EQ(card.score(), 0.5);
  card.judged[1].ndcg10 = 0.5;
  EXPECT_FALSE(card.worthIts());
  card.judged[1].strategy = "popularity";
  EXPECT_FALSE(card.worthIts());
  card.judged[1].ndcg10 = 0.25;
  EXPECT_TRUE(card.worthIts());
  card.judged.clear();
  EXPECT_FALSE(card.worthIts());
  EXPECT_EQ(card.score(), 0);
}

TEST(ModelCard, HoldsForItsSpaceAlone) {
  std::mt19937 random(1);
  MadeUpArchive archive;
  for (std::int64_t id = 1; id < 9; ++id) archive.add(id, randomVector(random));
  const auto snapshot = archive.snapshot();
  ModelCard card = model().card;
  card.space = snapshot->space();
  EXPECT_EQ(unfit(card, *snapshot), std::nullopt);
  card.space = std::string(64, '0');
  EXPECT_THAT(unfit(card, *snapshot).value_or(""), HasSubstr("msd-musicnn@0123456789abcdef"));
  card.representation = "made-up@1";
  EXPECT_THAT(unfit(card, *snapshot).value_or(""), HasSubstr("recipe similar"));
  card.recipe = "mean-cosine";
  EXPECT_THAT(unfit(card, *snapshot).value_or(""), HasSubstr("older than the catalogue"));
  card.recipe = "";
  EXPECT_THAT(unfit(card, *snapshot).value_or(""), HasSubstr("not trained on this archive"));
  card.configuration.items = ItemInput::ids;
  EXPECT_EQ(unfit(card, *snapshot), std::nullopt);
}

class Models : public testing::Test {
 protected:
  test::TempFolder root_;
  ModelFolder models_{root_.path() / "models"};
};

TEST_F(Models, AreKeptInVersionsAndReadAsTheyWere) {
  EXPECT_THAT(models_.list().cards, IsEmpty());
  const ModelCard first = models_.keep(model());
  EXPECT_EQ(first.version, 1);
  EXPECT_EQ(models_.keep(model(NetworkKind::contrastive)).version, 1);
  TrainedModel other = model();
  other.card.epochs = 99;
  other.names = {"a", "b\"\n", "c", "d"};
  EXPECT_EQ(models_.keep(other).version, 2);
  EXPECT_EQ(models_.open(NetworkKind::shallow, 1).card, first);
  EXPECT_EQ(models_.open(NetworkKind::shallow, 1).network, model().network);
  const TrainedModel newest = models_.open(NetworkKind::shallow);
  EXPECT_EQ(newest.card.epochs, 99U);
  EXPECT_EQ(newest.names, other.names);
  std::vector<std::string> listed;
  for (const auto& card : models_.list().cards) {
    listed.push_back(std::string(nameOf(card.strategy)) + std::to_string(card.version));
  }
  EXPECT_THAT(listed, ElementsAre("shallow1", "shallow2", "contrastive1"));
  models_.remove(NetworkKind::shallow, 2);
  EXPECT_EQ(models_.open(NetworkKind::shallow).card.version, 1);
  EXPECT_THROW(models_.remove(NetworkKind::shallow, 2), Error);
}

TEST_F(Models, OfIdsKnowTheirTracks) {
  TrainedModel ids;
  ids.network = emptyNetwork({NetworkKind::sasrec, ItemInput::ids, 3, 4, 0, 1, 2, 8, 5});
  ids.card = model().card;
  ids.card.strategy = NetworkKind::sasrec;
  ids.card.configuration = trainingConfig(NetworkKind::sasrec);
  ids.card.configuration.items = ItemInput::ids;
  ids.tracks = {{7}, {3}, {12}};
  models_.keep(ids);
  EXPECT_EQ(models_.open(NetworkKind::sasrec).tracks, ids.tracks);
  const fs::path file = models_.root() / "sasrec/1/tracks.json";
  for (const char* damaged : {"[7,3]", "[7,3,\"12\"]", "7", "["}) {
    writeFileAtomically(file, damaged);
    EXPECT_THROW(models_.open(NetworkKind::sasrec), Error) << damaged;
  }
}

TEST_F(Models, ThatAreNotThereOrDamagedAreSaidToBe) {
  const auto problem = [&](const auto& ask) -> std::string {
    try {
      ask();
    } catch (const Error& fault) {
      return fault.what();
    }
    return "";
  };
  EXPECT_THAT(problem([&] { models_.open(NetworkKind::shallow); }),
              HasSubstr("`attacca train shallow`"));
  models_.keep(model());
  EXPECT_THAT(problem([&] { models_.open(NetworkKind::shallow, 7); }), HasSubstr("shallow 7"));
  models_.check(NetworkKind::shallow, 1);
  const fs::path network = models_.root() / "shallow/1/model.safetensors";
  std::string bytes = readFile(network);
  bytes.back() ^= 1;  // another number, but a number
  writeFileAtomically(network, bytes);
  EXPECT_THAT(problem([&] { models_.check(NetworkKind::shallow, 1); }), HasSubstr("sha256"));
  writeFileAtomically(network, bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(problem([&] { models_.open(NetworkKind::shallow); }), HasSubstr("model.safetensors"));
  writeFileAtomically(models_.root() / "shallow/1/card.json", "{}");
  EXPECT_THAT(models_.list().problems, SizeIs(1));
  EXPECT_THAT(models_.list().problems.front(), HasSubstr("card.json"));
}

TEST_F(Models, AreTrainedByOneProcessAtATime) {
  const Training one(models_, NetworkKind::shallow);
  const Training other(models_, NetworkKind::sasrec);
  try {
    const Training second(models_, NetworkKind::shallow);
    ADD_FAILURE() << "both train";
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::busy);
  }
  writeFileAtomically(one.checkpoint(), "half a run");
  EXPECT_THAT(models_.list().cards, IsEmpty());
  EXPECT_THAT(models_.list().problems, IsEmpty());
  models_.keep(model());
  EXPECT_TRUE(fs::exists(one.checkpoint()));  // somebody's who may go on
  one.forget();
  EXPECT_FALSE(fs::exists(one.checkpoint()));
  one.forget();
}

TEST_F(Models, AreThereWholeOrNotAtAllWheneverAProcessIsKilled) {
  models_.keep(model());
  for (int delay_us = 0; delay_us < 40'000; delay_us += 1000) {
    const pid_t child = ::fork();
    if (child == 0) {
      while (true) models_.keep(model());
    }
    ::usleep(static_cast<useconds_t>(delay_us));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
  }
  const auto listed = models_.list();
  EXPECT_THAT(listed.problems, IsEmpty());
  EXPECT_GT(listed.cards.size(), 1U);  // some of them got as far as that
  for (const auto& card : listed.cards) models_.check(card.strategy, card.version);
  models_.keep(model());  // and takes away what was left behind
  for (const auto& entry : fs::directory_iterator(models_.root() / "shallow")) {
    EXPECT_FALSE(entry.path().filename().native().starts_with(".unfinished-")) << entry.path();
  }
}

}  // namespace
}  // namespace attacca::recommend
