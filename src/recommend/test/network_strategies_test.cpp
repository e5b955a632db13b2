// Strategies that run trained networks, and the hybrid.
#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/recommend/forward.h"

#include "strategies_helpers.h"

namespace attacca::recommend {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kNetworks = {"bert4rec", "sasrec", "shallow", "contrastive"};

void expectNotMade(const World& world, std::string_view name, Fault fault,
                   const std::string& words) {
  try {
    makeStrategy(name, {world.snapshot, world.log, world.facts, kNow, 1, world.network,
                        world.network_items});
    FAIL() << "no Error for " << name;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    EXPECT_THAT(error.problem(), HasSubstr(words));
    EXPECT_FALSE(error.remedy().empty());
  }
}

World idsWorld(NetworkKind kind, const std::vector<std::int64_t>& items) {
  World world{plainSnapshot(20), {}, {}};
  for (const auto id : items) world.network_items.push_back({id});
  std::mt19937 random(3);
  NetworkShape shape{kind, ItemInput::ids, items.size(), 8, 0, 1, 2, 9, 6};
  world.network = std::make_shared<const Network>(randomNetwork(shape, random));
  return world;
}

TEST(NetworkStrategies, NeedANetworkOfTheirKindAndTheSnapshotsRepresentation) {
  for (const auto& name : kNetworks) {
    World world{plainSnapshot(5), {}, {}};
    expectNotMade(world, name, Fault::notFound, "no " + name + " network");
    world.network = drawnNetwork(name == "sasrec" ? "bert4rec" : "sasrec", 4);
    expectNotMade(world, name, Fault::refused, name + " needs its own");
    world.network = drawnNetwork(name, 5);
    expectNotMade(world, name, Fault::refused, "embeddings of 5 numbers, and these have 4");
  }
  World world = idsWorld(NetworkKind::sasrec, {1, 2, 3});
  world.network_items.pop_back();
  expectNotMade(world, "sasrec", Fault::refused, "knows 3 tracks, and its list of them has 2");
}

TEST(NetworkStrategies, ScoreAsTheNetworkDoes) {
  const World world{plainSnapshot(20), {}, {}};
  for (const auto& name : kNetworks) {
    const auto network = drawnNetwork(name, 4);
    const ForwardPass pass(network, world.snapshot->vectors());
    const bool ordered = network->shape.layers > 0;
    const std::vector<Row> read =
        ordered ? std::vector<Row>{8, 2, 5, 2} : std::vector<Row>{2, 5, 8};
    const auto expected = pass.scores(pass.listener(read));
    const auto scores = world.scores(name, historyOf({9, 3, 6, 3})).of;
    EXPECT_EQ(scores, std::vector<double>(expected.begin(), expected.end())) << name;
  }
}

TEST(NetworkStrategies, SkipsAreNotRead) {
  const World world{plainSnapshot(20), {}, {}};
  for (const auto& name : kNetworks) {
    auto history = historyOf({9, 3, 6});
    history[1].fraction = 0.1;
    EXPECT_EQ(world.scores(name, history).of, world.scores(name, historyOf({9, 6})).of) << name;
    history = historyOf({9});
    history[0].fraction = 0;
    EXPECT_TRUE(hasNote(world.ask(name, history), "nothing heard that says what pleases")) << name;
    EXPECT_TRUE(hasNote(world.ask(name, {}), "nothing heard yet")) << name;
  }
}

TEST(NetworkStrategies, ScoresThatAreNoNumbersAreAnError) {
  for (const auto& name : kNetworks) {
    World world{plainSnapshot(8), {}, {}};
    Network network = *drawnNetwork(name, 4);
    for (auto& [tensor, values] : network.tensors) {
      for (float& value : values.values) value *= 1e30F;
    }
    world.network = std::make_shared<const Network>(network);
    try {
      world.ask(name, historyOf({1, 2}));
      FAIL() << "no Error for " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::refused);
      EXPECT_THAT(error.problem(), HasSubstr("the " + name + " network gives scores that are no"));
    }
  }
}

TEST(NetworkStrategies, ReadTheNewestPlaysOldestFirst) {
  const auto snapshot = plainSnapshot(9);
  std::vector<std::int64_t> plays;
  std::vector<Row> expected;
  for (std::size_t i = 0; i < kSequencePlays + 50; ++i) {
    plays.push_back(1 + static_cast<std::int64_t>(i * i % 9));
    if (i >= 50) expected.push_back(static_cast<Row>(plays.back() - 1));
  }
  EXPECT_EQ(makeListener(*snapshot, historyOf(plays), kNow).sequence, expected);
  auto history = historyOf({5, 99, 2, 5});
  history.push_back({{3}, kNow, 0.1});
  const Listener listener = makeListener(*snapshot, history, kNow);
  EXPECT_THAT(listener.sequence, ElementsAre(4, 1, 4));
  EXPECT_EQ(listener.last, 4);
}

TEST(NetworkStrategies, OfSilenceNothingIsSaid) {
  std::mt19937 random(5);
  MadeUpArchive archive;
  for (std::int64_t id = 1; id <= 12; ++id) {
    archive.add(id, id % 4 == 0 ? std::vector<float>(4) : randomVector(random, 4));
  }
  const World world{archive.snapshot(), {}, {}};
  for (const auto& name : kNetworks) {
    EXPECT_TRUE(hasNote(world.ask(name, historyOf({4, 8})), "nothing heard but silence")) << name;
    EXPECT_EQ(world.scores(name, historyOf({1, 4, 2})).of,
              world.scores(name, historyOf({1, 2})).of);
    Policies policies;
    policies.limit = 12;
    const auto ids = idsOf(world.ask(name, historyOf({1, 4, 2}), policies));
    ASSERT_EQ(ids.size(), 9U);  // of 12, three were heard
    EXPECT_THAT(std::vector(ids.end() - 2, ids.end()), ElementsAre(8, 12)) << name;
  }
}

TEST(NetworkStrategies, OfIdsKnowNothingOfTracksAddedLater) {
  for (const auto kind : {NetworkKind::bert4rec, NetworkKind::sasrec}) {
    const std::string name(nameOf(kind));
    // Not in order; one of them is no longer there.
    World world = idsWorld(kind, {12, 3, 99, 7, 5, 1});
    const auto ids = idsOf(world.ask(name, historyOf({2, 3, 20})));
    EXPECT_THAT(ids, testing::UnorderedElementsAre(12, 7, 5, 1));
    EXPECT_EQ(world.scores(name, historyOf({2, 3, 20})).of, world.scores(name, historyOf({3})).of);
    const ForwardPass pass(world.network, {});
    const auto expected = pass.scores(pass.listener(std::vector<Row>{1, 0}));
    const auto scores = world.scores(name, historyOf({3, 12})).of;
    EXPECT_EQ(scores[6], static_cast<double>(expected[3]));
    EXPECT_TRUE(hasNote(world.ask(name, historyOf({2, 20})),
                        "nothing of what was heard was there when the network was trained"));
  }
}

TEST(NetworkStrategies, SayWhichPlaysTheScoreOwesMostTo) {
  const World world{plainSnapshot(30), {}, {}};
  std::size_t shown = 0;
  for (const auto* name : {"bert4rec", "sasrec"}) {
    const auto all = world.scores(name, historyOf({4, 9, 17, 4})).of;
    for (const auto& item : world.ask(name, historyOf({4, 9, 17, 4})).list) {
      double last = INFINITY;
      for (const Reason& reason : item.reasons) {
        EXPECT_EQ(reason.kind, ReasonKind::followsFrom);
        if (!reason.track) continue;
        std::vector<std::int64_t> rest;
        for (const std::int64_t id : {4, 9, 17, 4}) {
          if (id != reason.track.value) rest.push_back(id);
        }
        const auto row = static_cast<std::size_t>(*world.snapshot->row(item.track));
        EXPECT_NEAR(reason.value, all[row] - world.scores(name, historyOf(rest)).of[row], 1e-5);
        EXPECT_GT(reason.value, 0);
        EXPECT_LE(reason.value, last);
        last = reason.value;
        ++shown;
      }
    }
    const auto one = world.ask(name, historyOf({4, 4}));
    ASSERT_FALSE(one.list.empty());
    EXPECT_EQ(one.list[0].reasons[0].track, TrackId{4});
    EXPECT_EQ(one.list[0].reasons[0].value, 0);
  }
  EXPECT_GT(shown, 10U);
}

TEST(NetworkStrategies, SayWhichHeardTracksTheirNetworkPutsNearest) {
  const World world{plainSnapshot(30), {}, {}};
  for (const auto* name : {"shallow", "contrastive"}) {
    const ForwardPass pass(drawnNetwork(name, 4), world.snapshot->vectors());
    for (const auto& item : world.ask(name, historyOf({4, 9, 17, 25})).list) {
      ASSERT_EQ(item.reasons.size(), 3U);
      const auto place = pass.space().row(static_cast<std::size_t>(item.track.value - 1));
      std::vector<float> cosines;
      for (const Row row : {3, 8, 16, 24}) cosines.push_back(pass.score(place, row));
      std::sort(cosines.rbegin(), cosines.rend());
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(item.reasons[i].kind, ReasonKind::learnedLike);
        EXPECT_FLOAT_EQ(static_cast<float>(item.reasons[i].value), cosines[i]);
      }
    }
  }
}

// Of 240 tracks in four styles, the last 40 are cold. Listeners hear one style; of the warm ones,
// they hear within a style those of their own circle, which sound does not tell.
struct Planted {
  static constexpr std::int64_t kWarm = 200;
  static constexpr std::int64_t kAll = 240;
  static std::int64_t style(std::int64_t id) { return id % 4; }
  static std::int64_t circle(std::int64_t id) { return id / 4 % 5; }

  World world;
  std::vector<std::vector<std::int64_t>> histories;

  explicit Planted(std::uint32_t seed) {
    std::mt19937 random(seed);
    MadeUpArchive archive;
    std::vector<std::vector<float>> centres;
    for (int i = 0; i < 4; ++i) centres.push_back(randomVector(random, 8));
    for (std::int64_t id = 1; id <= kAll; ++id) {
      archive.add(id, near(centres[static_cast<std::size_t>(style(id))], 0.5F, random));
    }
    std::vector<std::vector<std::int64_t>> heard(200);
    for (std::size_t i = 0; i < heard.size(); ++i) {
      heard[i] = listen(random, static_cast<std::int64_t>(i % 20));
    }
    histories.assign(heard.begin(), heard.begin() + 40);
    // What is to be foretold is not learned from.
    for (std::size_t i = 0; i < 40; ++i) heard[i].resize(5);
    world = {archive.snapshot(), logOf(heard), {}};
  }

  // Ten of the ten tracks of a style and circle, or sometimes others, in any order.
  static std::vector<std::int64_t> listen(std::mt19937& random, std::int64_t taste) {
    std::vector<std::int64_t> own;
    for (std::int64_t id = 1; id <= kWarm; ++id) {
      if (style(id) == taste % 4 && circle(id) == taste / 4) own.push_back(id);
    }
    std::shuffle(own.begin(), own.end(), random);
    for (auto& id : own) {
      if (random() % 10 == 0) id = 1 + below(random, kWarm);
    }
    return own;
  }

  // Of warm tracks: the share of what was heard later that is among the first five.
  double recall(std::string_view name) const {
    const Made made = world.make(name);
    std::size_t found = 0;
    std::size_t asked = 0;
    for (const auto& history : histories) {
      const std::vector<std::int64_t> before(history.begin(), history.begin() + 5);
      const auto scores =
          made.strategy->scores(makeListener(*world.snapshot, historyOf(before), kNow)).of;
      for (std::size_t i = 5; i < history.size(); ++i) {
        if (std::find(before.begin(), before.end(), history[i]) != before.end()) continue;
        const double own = scores[static_cast<std::size_t>(history[i] - 1)];
        std::size_t better = 0;
        for (std::int64_t id = 1; id <= kWarm; ++id) {
          if (std::find(before.begin(), before.end(), id) != before.end()) continue;
          if (scores[static_cast<std::size_t>(id - 1)] > own) ++better;
        }
        found += better < 5 && own > 0 ? 1 : 0;
        ++asked;
      }
    }
    return static_cast<double>(found) / static_cast<double>(asked);
  }

  // Of cold tracks: how often one of the listener's style comes before one of another.
  double coldOrder(std::string_view name) const {
    const Made made = world.make(name);
    double right = 0;
    double pairs = 0;
    for (std::size_t i = 0; i < histories.size(); ++i) {
      const std::vector<std::int64_t> before(histories[i].begin(), histories[i].begin() + 5);
      const auto scores =
          made.strategy->scores(makeListener(*world.snapshot, historyOf(before), kNow)).of;
      for (std::int64_t a = kWarm + 1; a <= kAll; ++a) {
        for (std::int64_t b = kWarm + 1; b <= kAll; ++b) {
          const auto own = static_cast<std::int64_t>(i % 4);
          if (style(a) != own || style(b) == own) continue;
          const double of_a = scores[static_cast<std::size_t>(a - 1)];
          const double of_b = scores[static_cast<std::size_t>(b - 1)];
          right += of_a > of_b ? 1 : of_a == of_b ? 0.5 : 0;
          ++pairs;
        }
      }
    }
    return right / pairs;
  }
};

TEST(Hybrid, KnowsColdTracksBySoundAndWarmOnesByTheLog) {
  for (const std::uint32_t seed : {1, 2, 3}) {
    const Planted planted(seed);
    const double by_log = planted.recall("item-knn");
    const double by_sound = planted.recall("knn-published");
    const double hybrid = planted.recall("hybrid");
    ASSERT_GT(by_log, by_sound + 0.2);  // else there is nothing to choose between
    EXPECT_GT(hybrid, by_log - 0.03) << "by the log " << by_log << ", by sound " << by_sound;
    EXPECT_DOUBLE_EQ(planted.coldOrder("item-knn"), 0.5);
    EXPECT_GT(planted.coldOrder("hybrid"), 0.8);
  }
}

TEST(Hybrid, WithoutALogGoesBySound) {
  const World world{plainSnapshot(40), {}, {}};
  const Answer answer = world.ask("hybrid", historyOf({3, 9}));
  EXPECT_EQ(answer.strategy, "hybrid");
  ASSERT_EQ(answer.list.size(), 10U);
  for (const auto& item : answer.list) EXPECT_EQ(item.reasons[0].kind, ReasonKind::similarTo);
}

TEST(Hybrid, SaysWhatItWentBy) {
  const Planted planted(4);
  const std::vector<std::int64_t> before(planted.histories[0].begin(),
                                         planted.histories[0].begin() + 5);
  Policies policies;
  policies.limit = 60;
  bool log = false;
  bool sound = false;
  for (const auto& item : planted.world.ask("hybrid", historyOf(before), policies).list) {
    const ReasonKind kind = item.reasons[0].kind;
    EXPECT_TRUE(kind == ReasonKind::heardTogether || kind == ReasonKind::similarTo);
    if (item.track.value > Planted::kWarm) {
      EXPECT_EQ(kind, ReasonKind::similarTo);
    }
    log = log || kind == ReasonKind::heardTogether;
    sound = sound || kind == ReasonKind::similarTo;
  }
  EXPECT_TRUE(log && sound);
}

}  // namespace
}  // namespace attacca::recommend
