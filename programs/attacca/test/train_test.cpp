// From no listening history at all to a trained recommender, as the README says it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "attacca/base/file.h"
#include "attacca/base/npy.h"

#include "run.h"
#include "small_model.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr int kTracks = 20;

// An archive with a made-up history.
class Training : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = new Place;
    place_->makeMusic(kTracks);
    ASSERT_EQ(place_->run({"add", place_->music().native()}).code, 0);
    const std::string log = log_();
    const Ended simulated = place_->run(
        {"simulate", "--listeners", "60", "--days", "60", "--seed", "7", "--output", log});
    ASSERT_EQ(simulated.code, 0) << simulated.err;
    EXPECT_THAT(simulated.out, HasSubstr("by 60 listeners"));
    const Ended imported = place_->run({"import-log", log});
    ASSERT_EQ(imported.code, 0) << imported.err;
    EXPECT_THAT(imported.out, HasSubstr("0 refused"));
  }
  static void TearDownTestSuite() {
    delete place_;
    place_ = nullptr;
  }
  static std::string log_() { return (*place_ / "made-up.csv").native(); }
  static nlohmann::json models() { return place_->run({"models", "--json"}).json().at("models"); }
  // Whatever is kept goes again.
  void TearDown() override { fs::remove_all(place_->archive() / "models"); }

  static Place* place_;
};

Place* Training::place_ = nullptr;

TEST_F(Training, OfTheShallowNetAndOfBert4RecRecommends) {
  for (const std::string strategy : {"shallow", "bert4rec"}) {
    const Ended trained = place_->run({"train", strategy, "--epochs", "2", "--jobs", "1"});
    ASSERT_EQ(trained.code, 0) << trained.err;
    EXPECT_THAT(trained.out, HasSubstr(strategy + " 1: learned from"));
    EXPECT_THAT(trained.out, HasSubstr("\nknn "));
    EXPECT_THAT(trained.out, HasSubstr("popularity"));
    EXPECT_THAT(trained.out, HasSubstr("by chance"));
    const Ended asked =
        place_->run({"recommend", "listener-0003", "--strategy", strategy, "--json"});
    ASSERT_EQ(asked.code, 0) << asked.err;
    EXPECT_EQ(asked.json().at("model").at("strategy"), strategy);
    EXPECT_EQ(asked.json().at("model").at("version"), 1);
  }
  EXPECT_THAT(models(), SizeIs(2));
  const auto card = models()[0];
  EXPECT_GT(card.at("data").at("plays"), 500);
  EXPECT_EQ(card.at("data").at("tracks"), kTracks);
  EXPECT_GT(card.at("cost").at("peak_bytes"), 1'000'000);
  EXPECT_THAT(std::string(card.at("library")), HasSubstr("libtorch"));
  // Unless told otherwise, the best of them that is better than knn, else knn.
  const auto all = models();
  const bool some = std::any_of(
      all.begin(), all.end(), [](const auto& one) { return one.at("used").template get<bool>(); });
  const auto usual = place_->run({"recommend", "listener-0003", "--json"}).json();
  EXPECT_EQ(usual.contains("model"), some);
  EXPECT_EQ(place_->run({"models", "--remove", "bert4rec", "1"}).code, 0);
  EXPECT_THAT(models(), SizeIs(1));
}

TEST_F(Training, IsTheSameForASeed) {
  const std::vector<std::string> train{"train", "shallow", "--epochs", "2", "--jobs", "1"};
  const auto network = [&](const std::string& version) {
    return readFile(place_->archive() / "models/shallow" / version / "model.safetensors");
  };
  ASSERT_EQ(place_->run(train).code, 0);
  ASSERT_EQ(place_->run(train).code, 0);
  EXPECT_EQ(network("1"), network("2"));
  auto other = train;
  other.insert(other.end(), {"--seed", "2"});
  ASSERT_EQ(place_->run(other).code, 0);
  EXPECT_NE(network("1"), network("3"));
}

TEST_F(Training, ThatIsMissingIsStoodInFor) {
  const auto answer =
      place_->run({"recommend", "listener-0003", "--strategy", "sasrec", "--json"}).json();
  EXPECT_EQ(answer.at("strategy"), "knn");
  EXPECT_THAT(answer.at("notes").dump(), HasSubstr("attacca train sasrec"));
}

TEST_F(Training, OfAnotherRepresentationDoesNotAnswer) {
  ASSERT_EQ(place_->run({"train", "shallow", "--epochs", "1"}).code, 0);
  const auto answer = place_->run({"recommend", "listener-0003", "--strategy", "shallow",
                                   "--representation", "random", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(answer.json().at("strategy"), "knn");
  EXPECT_THAT(answer.json().at("notes").dump(), HasSubstr("does not fit"));
}

TEST_F(Training, ThatWasKilledIsGoneOnWithToTheSameBytes) {
  const std::vector<std::string> train{"train", "sasrec", "--epochs", "30", "--jobs", "1"};
  ASSERT_EQ(place_->run(train).code, 0);
  const auto network = [&](const std::string& version) {
    return readFile(place_->archive() / "models/sasrec" / version / "model.safetensors");
  };
  const fs::path checkpoint = place_->archive() / "models/sasrec/.unfinished/checkpoint";
  EXPECT_FALSE(fs::exists(checkpoint));
  const auto running = place_->start(train);
  ASSERT_TRUE(eventually([&] { return fs::exists(checkpoint) || running->ended(); }));
  running->signal(SIGKILL);
  running->wait();
  const Ended again = place_->run(train);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(network("1"), network("2"));
}

TEST_F(Training, ThatIsStoppedKeepsTheBestSoFar) {
  const auto running = place_->start({"train", "sasrec", "--epochs", "100000", "--config", [&] {
                                        std::ofstream(*place_ / "patient.toml")
                                            << "patience = 100000\n";
                                        return (*place_ / "patient.toml").native();
                                      }()});
  const fs::path checkpoint = place_->archive() / "models/sasrec/.unfinished/checkpoint";
  ASSERT_TRUE(eventually([&] { return fs::exists(checkpoint) || running->ended(); }));
  running->signal(SIGINT);
  const Ended ended = running->wait();
  EXPECT_EQ(ended.code, 130) << ended.err;
  ASSERT_THAT(models(), SizeIs(1));
  EXPECT_TRUE(models()[0].at("training").at("stopped"));
}

TEST_F(Training, IsKeptByABackupAndCheckedByVerify) {
  ASSERT_EQ(place_->run({"train", "shallow", "--epochs", "1"}).code, 0);
  EXPECT_EQ(place_->run({"verify"}).code, 0);
  const auto before = contents(place_->archive() / "models/shallow/1");
  EXPECT_THAT(before, SizeIs(2));
  ASSERT_EQ(place_->run({"backup", (*place_ / "backup").native()}).code, 0);
  EXPECT_EQ(contents(*place_ / "backup/models/shallow/1"), before);
  const fs::path network = place_->archive() / "models/shallow/1/model.safetensors";
  std::string bytes = readFile(network);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  writeFileAtomically(network, bytes);
  const Ended verified = place_->run({"verify"});
  EXPECT_EQ(verified.code, 1);
  EXPECT_THAT(verified.out, HasSubstr("model.safetensors"));
}

TEST_F(Training, OfAFileSaysWhatItLeavesOut) {
  const std::string log = (*place_ / "mixed.csv").native();
  std::string text = readFile(log_());
  text +=
      "anna,nowhere,2026-01-01,1\nanna,nowhere,2026-01-02,1\nanna,1,2999-01-01,1\n"
      "anna,1,2026-01-01,7\nanna,2,2026-01-01,1\nanna,2,2026-01-01,1\n";
  std::ofstream(log) << text;
  const Ended trained = place_->run({"train", "shallow", "--epochs", "1", "--log", log, "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("2 plays of a track that cannot be compared are left out: "
                                     "nowhere (2)"));
  const auto left_out = trained.json().at("left_out");
  EXPECT_EQ(left_out.at("plays"), 2);
  EXPECT_THAT(left_out.at("refused"), SizeIs(2));  // the future, and a fraction of 7
  EXPECT_EQ(left_out.at("repeated"), 1);
}

TEST_F(Training, OfPlainFilesNeedsNoArchive) {
  const Place other;
  const std::string log = (other / "log.inter").native();
  const std::string output = (other / "trained").native();
  std::mt19937 random(3);
  std::string text = "user_id:token\titem_id:token\ttimestamp:float\n";
  for (int user = 0; user < 40; ++user) {
    int item = static_cast<int>(random() % 12);
    for (int i = 0; i < 7; ++i, item = (item + 1 + static_cast<int>(random() % 2)) % 12) {
      text += fmt::format("u{}\tfilm {}\t{}\n", user, item, 1000 * i + user);
    }
  }
  std::ofstream(log) << text;
  const std::vector<std::string> plain{"train", "sasrec",   "--items", "ids",      "--log",
                                       log,     "--epochs", "2",       "--output", output};
  fs::remove_all(other.archive());
  const Ended ids = other.run(plain);
  ASSERT_EQ(ids.code, 0) << ids.err;
  EXPECT_THAT(ids.out, Not(HasSubstr("\nknn ")));
  EXPECT_THAT(readFile(fs::path(output) / "sasrec/1/names.json"), HasSubstr("film 7"));

  const std::string rows = (other / "rows.npy").native();
  std::vector<float> values(12 * 5);
  for (float& value : values) value = static_cast<float>(random() % 100) / 50 - 1;
  writeFileAtomically(rows, npyBytes<float>({values.data(), 12, 5}));
  std::string names;
  for (int item = 0; item < 12; ++item) names += fmt::format("film {}\n", item);
  std::ofstream(other / "rows.txt") << names;
  const std::vector<std::string> content{
      "train",        "shallow", "--log",    log,
      "--embeddings", rows,      "--ids",    (other / "rows.txt").native(),
      "--epochs",     "2",       "--output", output};
  const Ended trained = other.run(content);
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("\nknn "));
  values[5 * 7 + 2] = std::numeric_limits<float>::quiet_NaN();
  writeFileAtomically(rows, npyBytes<float>({values.data(), 12, 5}));
  const Ended bad = other.run(content);
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.err, HasSubstr("film 7 (row 8)"));
}

TEST_F(Training, SaysWhatItLacks) {
  const Place empty;
  const Ended nothing = empty.run({"train", "shallow"});
  EXPECT_NE(nothing.code, 0);
  EXPECT_THAT(nothing.err, HasSubstr("attacca add"));
  empty.makeMusic(3);
  ASSERT_EQ(empty.run({"add", empty.music().native()}).code, 0);
  const Ended silent = empty.run({"train", "shallow"});
  EXPECT_EQ(silent.code, 2);
  EXPECT_THAT(silent.err, HasSubstr("attacca simulate"));
  EXPECT_EQ(empty.run({"train", "deep"}).code, 2);
  const Ended help = empty.run({"train", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("--hold-out"));
}

}  // namespace
}  // namespace attacca::test
