#include "attacca/recommend/forward.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"
#include "attacca/base/file.h"

#include "networks.h"

namespace attacca::recommend {
namespace {

using index::Row;

const std::string kGolden = ATTACCA_SOURCE_DIR "/src/recommend/test/golden/networks/";

std::string bytesOf(const std::string& name) {
  std::ifstream file(kGolden + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// The largest difference, as a share of the largest golden score (at least 1: cosines and sums of
// products of layer-normed numbers are of that size).
double apart(const std::vector<float>& scores, const std::vector<double>& golden) {
  EXPECT_EQ(scores.size(), golden.size());
  double scale = 1;
  for (const double score : golden) scale = std::max(scale, std::abs(score));
  double largest = 0;
  for (std::size_t i = 0; i < golden.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(scores[i]) - golden[i]));
  }
  return largest / scale;
}

std::vector<Row> distinct(std::vector<Row> rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

// What `scores` reads: the plays, or for the nets of towers what was heard.
std::vector<Row> inputOf(const Network& network, const std::vector<Row>& history) {
  return network.shape.layers > 0 ? history : distinct(history);
}

TEST(ForwardPass, EqualsPyTorch) {
  const auto cases = nlohmann::json::parse(bytesOf("forward.json"));
  ASSERT_GE(cases.size(), 46U);
  std::size_t compared = 0;
  for (const auto& one : cases) {
    const std::string name = one["name"];
    const auto network =
        std::make_shared<const Network>(readNetwork(bytesOf(name + ".safetensors"), name));
    std::optional<FileBytes> file;
    MatrixView<float> rows;
    if (network->shape.items == ItemInput::content) {
      file = FileBytes::map(kGolden + name + ".npy");
      rows = npyView<float>(*file, name);
    }
    const ForwardPass pass(network, rows);
    for (std::size_t i = 0; i < one["histories"].size(); ++i) {
      const auto history = inputOf(*network, one["histories"][i].get<std::vector<Row>>());
      const auto scores = pass.scores(pass.listener(history));
      EXPECT_LT(apart(scores, one["scores"][i].get<std::vector<double>>()), 1e-5)
          << name << " " << nameOf(network->shape.kind) << ", history " << i;
      ++compared;
    }
  }
  EXPECT_GT(compared, 200U);
}

std::vector<float> randomRows(std::mt19937& random, std::size_t count) {
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

std::vector<NetworkShape> oneOfEach() {
  return {{NetworkKind::bert4rec, ItemInput::content, 9, 12, 0, 2, 3, 8, 6},
          {NetworkKind::bert4rec, ItemInput::ids, 30, 12, 0, 2, 3, 8, 6},
          {NetworkKind::sasrec, ItemInput::content, 9, 12, 0, 2, 2, 8, 6},
          {NetworkKind::sasrec, ItemInput::ids, 30, 12, 0, 2, 2, 8, 6},
          {NetworkKind::shallow, ItemInput::content, 9, 12},
          {NetworkKind::contrastive, ItemInput::content, 9, 12, 20}};
}

class EveryNetwork : public testing::TestWithParam<NetworkShape> {};

TEST_P(EveryNetwork, ScoresATrackAddedLaterLikeAnyOther) {
  const NetworkShape shape = GetParam();
  if (shape.items == ItemInput::ids) return;  // knows none
  std::mt19937 random(4);
  const auto network = std::make_shared<const Network>(randomNetwork(shape, random));
  const auto rows = randomRows(random, 30 * shape.input);
  const std::vector<Row> history = {3, 7, 11};
  const ForwardPass all(network, {rows.data(), 30, shape.input});
  const ForwardPass fewer(network, {rows.data(), 29, shape.input});
  auto scores = all.scores(all.listener(history));
  EXPECT_TRUE(std::isfinite(scores.back()));
  scores.pop_back();
  EXPECT_EQ(scores, fewer.scores(fewer.listener(history)));
}

TEST_P(EveryNetwork, ScoresAreThoseOfOneTrackAtATime) {
  const NetworkShape shape = GetParam();
  std::mt19937 random(5);
  const auto network = std::make_shared<const Network>(randomNetwork(shape, random));
  const auto rows = randomRows(random, 30 * shape.input);
  const ForwardPass pass(network, shape.items == ItemInput::ids
                                      ? MatrixView<float>{}
                                      : MatrixView<float>{rows.data(), 30, shape.input});
  ASSERT_EQ(pass.items(), 30U);
  EXPECT_EQ(pass.space().rows, 30U);
  const auto listener = pass.listener(std::vector<Row>{5, 6});
  const auto scores = pass.scores(listener);
  for (Row row = 0; row < 30; ++row) {
    EXPECT_NEAR(pass.score(listener, row), scores[static_cast<std::size_t>(row)], 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, EveryNetwork, testing::ValuesIn(oneOfEach()),
                         [](const auto& test) {
                           return std::string(nameOf(test.param.kind)) +
                                  (test.param.items == ItemInput::ids ? "_ids" : "_content");
                         });

TEST(ForwardPass, ReadsNoMoreThanItsLength) {
  std::mt19937 random(6);
  for (const NetworkShape& shape : oneOfEach()) {
    if (shape.layers == 0 || shape.items == ItemInput::content) continue;
    const auto network = std::make_shared<const Network>(randomNetwork(shape, random));
    const ForwardPass pass(network, {});
    const std::size_t most = shape.length - (shape.kind == NetworkKind::bert4rec ? 1 : 0);
    std::vector<Row> history;
    for (Row row = 0; row < 20; ++row) history.push_back(row);
    const auto whole = pass.listener(history);
    EXPECT_EQ(whole, pass.listener(std::span(history).last(most)));
    EXPECT_NE(whole, pass.listener(std::span(history).last(most - 1)));
    std::swap(history[18], history[17]);
    EXPECT_NE(whole, pass.listener(history)) << "order says nothing";
  }
}

TEST(ForwardPass, RowsOfAnotherRepresentationAreRefused) {
  std::mt19937 random(7);
  const auto network = std::make_shared<const Network>(
      randomNetwork({NetworkKind::shallow, ItemInput::content, 9, 5}, random));
  const auto rows = randomRows(random, 80);
  try {
    const ForwardPass pass(network, {rows.data(), 10, 8});
    FAIL() << "no Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_THAT(error.problem(), testing::HasSubstr("embeddings of 9 numbers, and these have 8"));
  }
}

// A listener or a track that rectified linear units make nothing of scores 0.
TEST(ForwardPass, OfShallowNothingIsNearNothing) {
  Network network = emptyNetwork({NetworkKind::shallow, ItemInput::content, 2, 2});
  network.tensors.at("input.scale").values = {1, 1};
  network.tensors.at("items.weight").values = {1, 0, 0, 1};
  const std::vector<float> rows = {1, 0, -1, -1, 3, 4};
  const ForwardPass pass(std::make_shared<const Network>(network), {rows.data(), 3, 2});
  const auto near = pass.scores(pass.listener(std::vector<Row>{0}));
  EXPECT_FLOAT_EQ(near[0], 1);
  EXPECT_EQ(near[1], 0);
  EXPECT_FLOAT_EQ(near[2], 0.6F);
  const auto nowhere = pass.scores(pass.listener(std::vector<Row>{1}));
  EXPECT_EQ(nowhere, (std::vector<float>{0, 0, 0}));
}

}  // namespace
}  // namespace attacca::recommend
