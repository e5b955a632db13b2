#include <fmt/format.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "helpers.h"

namespace attacca::index {
namespace {

// Blobs of a process that dies, or whose disk fails once, at its n-th operation.
class FailingBlobs final : public Blobs {
 public:
  FailingBlobs(Blobs& inner, int fails_at, bool for_ever)
      : inner_(inner), fails_at_(fails_at), for_ever_(for_ever) {}

  bool exists(std::string_view key) const override { return step(), inner_.exists(key); }
  FileBytes read(std::string_view key) const override { return step(), inner_.read(key); }
  void put(std::string_view key, std::string_view content) override {
    step();
    inner_.put(key, content);
  }
  void remove(std::string_view key) override {
    step();
    inner_.remove(key);
  }
  std::vector<BlobInfo> list(std::string_view prefix) const override {
    return step(), inner_.list(prefix);
  }
  std::unique_ptr<BlobWriter> create(std::string_view key) override {
    step();
    return std::make_unique<Writer>(*this, inner_.create(key));
  }

  int operations() const { return count_; }

 private:
  class Writer final : public BlobWriter {
   public:
    Writer(const FailingBlobs& blobs, std::unique_ptr<BlobWriter> inner)
        : blobs_(blobs), inner_(std::move(inner)) {}
    int descriptor() const override { return inner_->descriptor(); }
    void write(std::span<const std::byte> bytes) override {
      blobs_.step();
      inner_->write(bytes);
    }
    void commit() override {
      blobs_.step();
      inner_->commit();
    }

   private:
    const FailingBlobs& blobs_;
    std::unique_ptr<BlobWriter> inner_;
  };

  void step() const {
    const int operation = count_++;
    if (operation == fails_at_ || (for_ever_ && operation > fails_at_)) {
      throw Error(Fault::io, "the disk failed");
    }
  }

  Blobs& inner_;
  const int fails_at_;
  const bool for_ever_;
  mutable int count_ = 0;
};

std::vector<std::pair<std::string, std::string>> contentOfCurrent(const Blobs& blobs) {
  const auto snapshot = Snapshot::openCurrent(blobs, "mean-cosine");
  verifySnapshot(blobs, "mean-cosine", snapshot->info().version);
  auto all =
      allOf(blobs, "snapshots/mean-cosine/" + std::to_string(snapshot->info().version) + "/");
  std::erase_if(all, [](const auto& file) { return file.first == "manifest.json"; });
  return all;
}

std::vector<std::string> versionsIn(const Blobs& blobs) {
  std::vector<std::string> versions;
  for (const BlobInfo& blob : blobs.list("snapshots/mean-cosine/")) {
    std::string version = blob.key.substr(22);
    version.resize(version.find('/') == std::string::npos ? 0 : version.find('/'));
    if (!version.empty() && (versions.empty() || versions.back() != version))
      versions.push_back(version);
  }
  return versions;
}

TEST(Publish, EqualsTheReferenceImplementationToTheByte) {
  // The archive that tools/reference/snapshot.py describes.
  MadeUp archive;
  archive.dimension = 20;
  const std::int64_t ids[] = {3, 4, 9, 10, 250, 251};
  const Groups groups[] = {{{1}, {7}, {1}, 1, 1}, {{1}, {7}, {2}, 1, 2}, {{1}, {0}, {3}},
                           {{2}, {0}, {3}},       {{2}, {8}, {4}, 2, 2}, {{2}, {8}, {5}, 2, 1}};
  for (int i = 0; i < 6; ++i) {
    std::vector<float> vector(20);
    const int sounds_as = i == 3 ? 2 : i;
    for (int j = 0; j < 20 && i != 5; ++j) {
      vector[static_cast<std::size_t>(j)] =
          static_cast<float>((7 * sounds_as * sounds_as + 11 * j * j + 5 * sounds_as * j) % 23 - 4);
    }
    archive.add(ids[i], vector);
    archive.tracks.back().groups = groups[i];
    archive.tracks.back().catalogue_entry =
        fmt::format(R"({{"id":{},"title":"Track {}"}})", ids[i], ids[i]);
  }
  MemoryBlobs blobs;
  publishSnapshot(blobs, "mean-cosine", "made-up@0123456789abcdef", archive.tracks,
                  archive.matrix(), parseTime("2026-11-24T08:13:16Z"));
  const auto files = allOf(blobs, "snapshots/mean-cosine/1/");
  ASSERT_EQ(files.size(), 11U);
  for (const auto& [name, content] : files) {
    const std::string golden = contentOf(ATTACCA_SOURCE_DIR "/src/index/test/golden/" + name);
    EXPECT_EQ(content, golden) << name;
  }
}

TEST(Publish, OpensToWhatWasPublished) {
  const MadeUp archive = madeUp(300, 24, Shape::cone);
  MemoryBlobs blobs;
  const UnixTime now = parseTime("2026-11-24T12:00:00.125Z");
  const SnapshotInfo info =
      publishSnapshot(blobs, "mean-cosine", "made-up@1", archive.tracks, archive.matrix(), now);
  const auto snapshot = Snapshot::openCurrent(blobs, "mean-cosine");
  EXPECT_EQ(snapshot->info().version, 1);
  EXPECT_EQ(snapshot->info().representation, "made-up@1");
  EXPECT_EQ(snapshot->info().made, now);
  EXPECT_EQ(info.made, now);
  EXPECT_EQ(snapshot->size(), 300U);
  std::vector<double> mean(24);
  for (Row row = 0; row < 300; ++row) {
    double length = 0;
    double cosines = 0;
    for (Row other = 0; other < 300; ++other) {
      if (other != row) {
        cosines += static_cast<double>(plainScore(snapshot->vector(row), snapshot->vector(other)));
      }
    }
    for (std::size_t j = 0; j < 24; ++j) {
      const auto value = static_cast<double>(snapshot->vector(row)[j]);
      length += value * value;
      mean[j] += value / 300;
    }
    EXPECT_NEAR(length, 1, 1e-6);
    EXPECT_NEAR(snapshot->centrality(row), cosines / 299, 1e-6);
  }
  for (std::size_t j = 0; j < 24; ++j) EXPECT_NEAR(snapshot->centre()[j], mean[j], 1e-6);
  EXPECT_EQ(snapshot->catalogue().substr(0, 19), "[\n{\"id\":1},\n{\"id\":3");
}

TEST(Publish, DoesNotDependOnTheOrderOfTracks) {
  const MadeUp archive = madeUp(100, 6, Shape::random);
  MadeUp backwards;
  backwards.dimension = 6;
  for (std::size_t i = 100; i-- > 0;) {
    backwards.add(archive.tracks[i].id.value, archive.matrix().row(i));
  }
  MemoryBlobs a;
  MemoryBlobs b;
  archive.publish(a);
  backwards.publish(b);
  EXPECT_EQ(allOf(a, ""), allOf(b, ""));
}

TEST(Publish, HandlesArchivesOfNoneOneAndTwoTracks) {
  MemoryBlobs blobs;
  for (const std::size_t tracks : {0, 1, 2, 0}) {
    madeUp(tracks, 5, Shape::random).publish(blobs);
    const auto snapshot = Snapshot::openCurrent(blobs, "mean-cosine");
    ASSERT_EQ(snapshot->size(), tracks);
    for (Row row = 0; row < static_cast<Row>(tracks); ++row) {
      EXPECT_EQ(snapshot->neighbours(row).size(), tracks - 1);
      EXPECT_EQ(snapshot->neighbourScores(row).size(), tracks - 1);
      EXPECT_EQ(snapshot->centrality(row) == 0, tracks == 1);
    }
  }
}

TEST(Publish, TreatsWhatIsNotFiniteAsSilence) {
  MadeUp archive = madeUp(5, 3, Shape::random);
  archive.vectors[0] = NAN;
  archive.vectors[4] = INFINITY;
  std::fill_n(archive.vectors.begin() + 6, 3, 0.0F);
  MemoryBlobs blobs;
  archive.publish(blobs);
  const auto snapshot = Snapshot::openCurrent(blobs, "mean-cosine");
  for (Row row = 0; row < 5; ++row) {
    const bool silent = row < 3;
    for (const float value : snapshot->vector(row)) EXPECT_EQ(value == 0, silent);
    for (const float score : snapshot->neighbourScores(row)) EXPECT_TRUE(score >= -1 && score <= 1);
    if (silent) {
      EXPECT_EQ(snapshot->centrality(row), 0);
    }
  }
}

TEST(Publish, WritesNothingWhenNothingChanged) {
  MemoryBlobs blobs;
  MadeUp archive = madeUp(40, 6, Shape::random);
  archive.publish(blobs);
  const auto before = allOf(blobs, "");
  const SnapshotInfo again = publishSnapshot(blobs, "mean-cosine", "made-up@1", archive.tracks,
                                             archive.matrix(), parseTime("2026-11-25"));
  EXPECT_EQ(again.version, 1);
  EXPECT_EQ(again.made, UnixTime{});
  EXPECT_EQ(allOf(blobs, ""), before);
}

TEST(Publish, MakesAVersionForEveryKindOfChange) {
  MemoryBlobs blobs;
  MadeUp archive = madeUp(40, 6, Shape::random);
  EXPECT_EQ(archive.publish(blobs).version, 1);
  archive.tracks[3].groups.work = {77};
  archive.tracks[3].groups.performance = 5;
  EXPECT_EQ(archive.publish(blobs).version, 2);
  archive.tracks[3].catalogue_entry = "{\"title\":\"new\"}";
  EXPECT_EQ(archive.publish(blobs).version, 3);
  archive.vectors[0] += 0.5F;
  EXPECT_EQ(archive.publish(blobs).version, 4);
  archive.tracks[5].id = {1000};
  EXPECT_EQ(archive.publish(blobs).version, 5);
  EXPECT_EQ(publishSnapshot(blobs, "mean-cosine", "other@1", archive.tracks, archive.matrix(), {})
                .version,
            6);
  EXPECT_EQ(Snapshot::openCurrent(blobs, "mean-cosine")->info().representation, "other@1");
}

TEST(Publish, MayChangeTheDimension) {
  MemoryBlobs blobs;
  madeUp(40, 6, Shape::random).publish(blobs);
  const MadeUp wider = madeUp(40, 9, Shape::random);
  wider.publish(blobs);
  MemoryBlobs anew;
  wider.publish(anew);
  EXPECT_EQ(contentOfCurrent(blobs), contentOfCurrent(anew));
}

TEST(Publish, KeepsTheVersionBeforeAndRemovesOlderOnes) {
  MemoryBlobs blobs;
  MadeUp archive = madeUp(10, 4, Shape::random);
  for (int i = 0; i < 4; ++i) {
    archive.vectors[0] += 0.25F;
    archive.publish(blobs);
  }
  EXPECT_EQ(versionsIn(blobs), (std::vector<std::string>{"3", "4"}));
}

TEST(Publish, LeavesOtherRecipesAlone) {
  MemoryBlobs blobs;
  const MadeUp archive = madeUp(10, 4, Shape::random);
  publishSnapshot(blobs, "mean-cosine-2", "r@1", archive.tracks, archive.matrix(), {});
  for (const std::size_t tracks : {5, 6, 7}) madeUp(tracks, 4, Shape::random).publish(blobs);
  EXPECT_EQ(Snapshot::openCurrent(blobs, "mean-cosine-2")->size(), 10U);
  EXPECT_EQ(Snapshot::openCurrent(blobs, "mean-cosine")->size(), 7U);
}

TEST(Publish, DoesNotDisturbReadersOfAVersionThatIsRemoved) {
  MemoryBlobs blobs;
  MadeUp archive = madeUp(10, 4, Shape::random);
  archive.publish(blobs);
  const auto reader = Snapshot::openCurrent(blobs, "mean-cosine");
  const std::vector<float> vector(reader->vector(3).begin(), reader->vector(3).end());
  for (int i = 0; i < 3; ++i) {
    archive.vectors[0] += 0.25F;
    archive.publish(blobs);
  }
  EXPECT_TRUE(std::ranges::equal(reader->vector(3), vector));
  EXPECT_EQ(reader->neighbours(3).size(), 9U);
}

// A reader has looked at CURRENT, and is overtaken by two publications before it opens a file.
TEST(Publish, DoesNotDisturbAReaderThatIsJustOpening) {
  class Overtaken final : public Blobs {
   public:
    explicit Overtaken(MemoryBlobs& inner) : inner_(inner) {}
    bool exists(std::string_view key) const override { return inner_.exists(key); }
    FileBytes read(std::string_view key) const override {
      if (key.ends_with("manifest.json") && !overtaken_) {
        overtaken_ = true;
        for (const std::size_t tracks : {11, 12}) madeUp(tracks, 4, Shape::random).publish(inner_);
      }
      return inner_.read(key);
    }
    std::unique_ptr<BlobWriter> create(std::string_view key) override { return inner_.create(key); }
    void put(std::string_view key, std::string_view content) override { inner_.put(key, content); }
    void remove(std::string_view key) override { inner_.remove(key); }
    std::vector<BlobInfo> list(std::string_view prefix) const override {
      return inner_.list(prefix);
    }

   private:
    MemoryBlobs& inner_;
    mutable bool overtaken_ = false;
  };
  MemoryBlobs blobs;
  madeUp(10, 4, Shape::random).publish(blobs);
  const Overtaken overtaken(blobs);
  EXPECT_EQ(Snapshot::openCurrent(overtaken, "mean-cosine")->size(), 12U);
}

TEST(Publish, RebuildsFromNothingWhenTheCurrentVersionIsDamaged) {
  const MadeUp archive = madeUp(30, 6, Shape::random);
  MemoryBlobs good;
  archive.publish(good);
  for (const auto& [name, content] : allOf(good, "snapshots/mean-cosine/1/")) {
    MemoryBlobs blobs;
    archive.publish(blobs);
    std::string damaged = content;
    damaged[damaged.size() - 3] = static_cast<char>(damaged[damaged.size() - 3] ^ 4);
    blobs.put("snapshots/mean-cosine/1/" + name, damaged);
    EXPECT_EQ(archive.publish(blobs).version, 2) << name;
    EXPECT_EQ(contentOfCurrent(blobs), contentOfCurrent(good)) << name;
    EXPECT_EQ(versionsIn(blobs), std::vector<std::string>{"2"}) << name;
  }
}

TEST(Publish, InterruptedAnywhereLeavesOneWholeSnapshotAndIsMadeGoodByTheNext) {
  const MadeUp old_archive = madeUp(20, 4, Shape::random, 1);
  const MadeUp new_archive = madeUp(25, 4, Shape::random, 2);
  MemoryBlobs before;
  old_archive.publish(before);
  const auto old_content = contentOfCurrent(before);
  MemoryBlobs after;
  new_archive.publish(after);
  const auto new_content = contentOfCurrent(after);

  for (const bool for_ever : {true, false}) {
    int old_seen = 0;
    int new_seen = 0;
    for (int fails_at = 0;; ++fails_at) {
      MemoryBlobs blobs;
      madeUp(15, 4, Shape::random, 3).publish(blobs);
      old_archive.publish(blobs);
      FailingBlobs failing(blobs, fails_at, for_ever);
      bool thrown = false;
      try {
        new_archive.publish(failing);
      } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::io);
        thrown = true;
      }
      const auto content = contentOfCurrent(blobs);
      EXPECT_TRUE(content == old_content || content == new_content) << "operation " << fails_at;
      EXPECT_TRUE(thrown || content == new_content) << "operation " << fails_at;
      ++(content == old_content ? old_seen : new_seen);

      new_archive.publish(blobs);
      EXPECT_TRUE(contentOfCurrent(blobs) == new_content) << "operation " << fails_at;
      madeUp(26, 4, Shape::random, 4).publish(blobs);
      EXPECT_EQ(versionsIn(blobs).size(), 2U) << "operation " << fails_at;
      if (failing.operations() <= fails_at) break;  // it did not come that far
    }
    EXPECT_GT(old_seen, 30);
    EXPECT_GT(new_seen, 3);
  }
}

}  // namespace
}  // namespace attacca::index
