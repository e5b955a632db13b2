// Snapshots of several parts.
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"

#include "helpers.h"
#include "music.h"

namespace attacca::index {
namespace {

float scoreOf(const Snapshot& snapshot, Row a, Row b) {
  float score = 0;
  snapshot.scores(a, {&b, 1}, {&score, 1});
  return score;
}

// Every list is what a plain look at all scores gives, to the bit.
void expectExactLists(const Snapshot& snapshot) {
  const auto tracks = static_cast<Row>(snapshot.size());
  for (Row row = 0; row < tracks; ++row) {
    std::vector<Hit> all;
    for (Row other = 0; other < tracks; ++other) {
      if (other != row) all.push_back({other, scoreOf(snapshot, row, other)});
    }
    all = bestOf(all, kStoredNeighbours);
    const auto rows = snapshot.neighbours(row);
    const auto scores = snapshot.neighbourScores(row);
    ASSERT_EQ(rows.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(rows[i], all[i].row) << "row " << row << ", neighbour " << i;
      ASSERT_EQ(scores[i], all[i].score);
    }
  }
}

void expectRefused(const Music& music, const Recipe& recipe, const std::string& why) {
  MemoryBlobs blobs;
  try {
    music.publish(blobs, recipe);
    ADD_FAILURE() << "published although " << why;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_NE(error.problem().find(why), std::string::npos) << error.problem();
  }
  EXPECT_TRUE(blobs.list("").empty());
}

TEST(Parts, OpenToWhatTheRecipeSays) {
  const Music music = randomMusic(40, 40);
  MemoryBlobs blobs;
  const SnapshotInfo info = music.publish(blobs, allParts(), 2);
  verifySnapshot(blobs, "all", 1);
  const auto snapshot = Snapshot::openCurrent(blobs, "all");
  EXPECT_EQ(snapshot->recipe(), allParts());
  EXPECT_FALSE(snapshot->vectorsOnly());
  EXPECT_EQ(snapshot->info().parts, info.parts);
  EXPECT_EQ(info.representation, "sound@1,tune@1,chroma@1,aspects@1");
  EXPECT_EQ(info.dimension, 5U + 3U);
  EXPECT_EQ(info.fitted, 1);
  EXPECT_EQ(info.fitted_tracks, 40U);
  double shares = 0;
  for (const SnapshotPart& one : info.parts) {
    EXPECT_GT(one.share, 0);
    shares += one.share;
  }
  EXPECT_NEAR(shares, 1, 1e-12);
  double mean = 0;
  for (Row row = 0; row < 40; ++row) {
    EXPECT_NEAR(scoreOf(*snapshot, row, row), 1, 1e-4);
    double sum = 0;
    for (Row other = 0; other < 40; ++other) {
      EXPECT_EQ(scoreOf(*snapshot, row, other), scoreOf(*snapshot, other, row));
      if (other != row) sum += static_cast<double>(scoreOf(*snapshot, row, other));
    }
    EXPECT_NEAR(snapshot->centrality(row), sum / 39, 0.05);
    mean += sum / 39 / 40;
  }
  expectExactLists(*snapshot);
  std::vector<Row> others{1, 2, 3};
  std::vector<float> estimates(3);
  snapshot->estimates(0, others, estimates);
  for (const float estimate : estimates) EXPECT_NEAR(estimate, mean, 0.5);
}

TEST(Parts, CountByTheirWeightHoweverTheirScoresSpread) {
  const Music music = randomMusic(60, 30);
  MemoryBlobs blobs;
  Recipe recipe = allParts();
  recipe.name = "fused";
  for (RecipePart& one : recipe.parts) one.weight = 1;
  music.publish(blobs, recipe);
  const auto fused = Snapshot::openCurrent(blobs, "fused");
  // Each part alone is a snapshot too; the pooled one of weight 0 is for vectors only.
  std::vector<std::shared_ptr<const Snapshot>> alone;
  for (std::size_t i = 0; i < recipe.parts.size(); ++i) {
    Recipe one{"one", "One", "What?", Answers::tracks, {recipe.parts[i]}};
    if (recipe.parts[i].ordered()) one.parts.push_back(part(PartKind::pooled, "sound", 0));
    MemoryBlobs own;
    music.publish(own, one);
    alone.push_back(Snapshot::openCurrent(own, "one"));
  }
  std::vector<double> spread(alone.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    double sum = 0;
    double squares = 0;
    double count = 0;
    for (Row a = 0; a < 60; ++a) {
      for (Row b = 0; b < a; ++b) {
        const auto score = static_cast<double>(scoreOf(*alone[i], a, b));
        sum += score;
        squares += score * score;
        ++count;
      }
    }
    spread[i] = std::sqrt(squares / count - sum * sum / count / count);
  }
  for (std::size_t i = 1; i < alone.size(); ++i) {
    const auto& parts = fused->info().parts;
    EXPECT_NEAR(parts[i].share * spread[i] / (parts[0].share * spread[0]), 1, 0.15) << i;
  }
  for (Row a = 0; a < 60; a += 7) {
    for (Row b = 0; b < 60; b += 5) {
      double sum = 0;
      for (std::size_t i = 0; i < alone.size(); ++i) {
        sum += fused->info().parts[i].share * static_cast<double>(scoreOf(*alone[i], a, b));
      }
      EXPECT_NEAR(scoreOf(*fused, a, b), sum, 1e-5);
    }
  }
}

TEST(Parts, FindTheSameMusicWhereTheSoundIsAnother) {
  std::mt19937 random(4);
  Music music;
  Music::Rows* const of = music.representations.data();
  for (int i = 0; i < 30; ++i) {
    const Matrix tune = wandering(random, 60, 6, 0.7F);
    const Matrix chroma = harmony(random, 120);
    for (int version = 0; version < 2; ++version) {
      music.addRandom(2 * i + version + 1, random, 60);
      of[1].tracks.back() = flat(noisy(faster(tune, version == 0 ? 1 : 1.04), random, 0.3F));
      of[2].tracks.back() = flat(
          transposed(faster(chroma, version == 0 ? 1 : 1.04), 5U * static_cast<unsigned>(version)));
    }
  }
  MemoryBlobs blobs;
  music.publish(blobs, allParts());
  const auto snapshot = Snapshot::openCurrent(blobs, "all");
  for (Row row = 0; row < 60; ++row) EXPECT_EQ(snapshot->neighbours(row)[0], row ^ 1) << row;
}

TEST(Parts, FindThemAmongManyWithoutComparingAll) {
  constexpr Row kTracks = 900;
  std::mt19937 random(11);
  Music music;
  for (Row i = 0; i < kTracks; i += 2) {
    const Matrix tune = wandering(random, 60, 6, 0.7F);
    const Matrix chroma = harmony(random, 120);
    for (Row version = 0; version < 2; ++version) {
      music.addRandom(i + version + 1, random, 50);
      music.representations[1].tracks.back() = flat(noisy(tune, random, 0.3F));
      music.representations[2].tracks.back() =
          flat(transposed(chroma, static_cast<std::size_t>(version) * 5));
    }
  }
  Recipe recipe = allParts();
  recipe.parts[0].weight = 0.1;
  MemoryBlobs blobs;
  music.publish(blobs, recipe, 2);
  const auto snapshot = Snapshot::openCurrent(blobs, "all");
  int found = 0;
  for (Row row = 0; row < kTracks; ++row) {
    EXPECT_EQ(snapshot->neighbours(row).size(), kStoredNeighbours);
    found += snapshot->neighbours(row)[0] == (row ^ 1) ? 1 : 0;
  }
  EXPECT_GT(found, kTracks * 9 / 10);
  for (const Row row : {3, 77, 500}) {
    for (std::size_t i = 0; i < kStoredNeighbours; i += 20) {
      const Row other = snapshot->neighbours(row)[i];
      EXPECT_EQ(scoreOf(*snapshot, row, other), snapshot->neighbourScores(row)[i]);
    }
  }
}

TEST(Parts, KeepTheirFitsUntilTheArchiveHasGrownByATenth) {
  const Music all = randomMusic(50, 30);
  const auto first = [&](std::size_t count) {
    Music some = all;
    some.tracks.resize(count);
    return some;
  };
  MemoryBlobs blobs;
  EXPECT_EQ(first(40).publish(blobs, allParts()).fitted, 1);
  EXPECT_EQ(first(40).publish(blobs, allParts()).version, 1);  // nothing changed
  const SnapshotInfo grown = first(43).publish(blobs, allParts());
  EXPECT_EQ(grown.version, 2);
  EXPECT_EQ(grown.fitted, 1);
  EXPECT_EQ(grown.fitted_tracks, 40U);
  // What was there stays as it was, to the byte: fits, references, vectors, frames.
  const auto before = allOf(blobs, "snapshots/all/1/");
  const auto grown_files = allOf(blobs, "snapshots/all/2/");
  const std::map<std::string, std::string> after(grown_files.begin(), grown_files.end());
  int fits = 0;
  for (const auto& [name, content] : before) {
    const bool fitted = name.ends_with("_fit.npy");
    fits += fitted ? 1 : 0;
    if (fitted || name == "references.npy" || name == "recipe.toml") {
      EXPECT_EQ(after.at(name), content) << name;
    }
  }
  EXPECT_EQ(fits, 3);
  const auto earlier = Snapshot::open(blobs, "all", 1);
  const auto snapshot = Snapshot::openCurrent(blobs, "all");
  EXPECT_EQ(snapshot->info().parts, earlier->info().parts);  // shares, too
  for (Row row = 0; row < 40; ++row) {
    EXPECT_EQ(snapshot->ids()[static_cast<std::size_t>(row)],
              earlier->ids()[static_cast<std::size_t>(row)]);
    EXPECT_TRUE(std::ranges::equal(snapshot->vector(row), earlier->vector(row))) << row;
    for (Row other = 0; other < 40; other += 3) {
      EXPECT_EQ(scoreOf(*snapshot, row, other), scoreOf(*earlier, row, other));
    }
  }
  expectExactLists(*snapshot);
  const SnapshotInfo anew = first(44).publish(blobs, allParts());
  EXPECT_EQ(anew.fitted, 3);
  MemoryBlobs other;
  first(44).publish(other, allParts());
  const auto files = [](const Blobs& of, const std::string& version) {
    auto found = allOf(of, "snapshots/all/" + version + "/");
    std::erase_if(found, [](const auto& file) { return file.first == "manifest.json"; });
    return found;
  };
  EXPECT_EQ(files(blobs, "3"), files(other, "1"));
  Recipe changed = allParts();
  changed.parts[2].weight = 3;
  EXPECT_EQ(first(44).publish(blobs, changed).fitted, 4);
}

TEST(Parts, AreTheSameWhateverTheOrderOfTracksAndTheNumberOfThreads) {
  const Music music = randomMusic(30, 30);
  Music backwards = music;
  std::reverse(backwards.tracks.begin(), backwards.tracks.end());
  for (auto& rows : backwards.representations) std::reverse(rows.tracks.begin(), rows.tracks.end());
  MemoryBlobs a;
  MemoryBlobs b;
  music.publish(a, allParts(), 1);
  backwards.publish(b, allParts(), 3);
  EXPECT_EQ(allOf(a, ""), allOf(b, ""));
}

TEST(Parts, OfSeveralPooledRepresentationsAreTheMeanOfTheirCosines) {
  const Music music = randomMusic(40, 30);
  const Asked asked[] = {{"sound"}, {"tune"}};
  const Recipe recipe = resolved(findRecipe("mean-cosine"), asked);
  MemoryBlobs blobs;
  const SnapshotInfo info = music.publish(blobs, recipe);
  const auto snapshot = Snapshot::openCurrent(blobs, "mean-cosine");
  EXPECT_TRUE(snapshot->vectorsOnly());
  EXPECT_EQ(info.dimension, 14U);
  const auto cosine = [&](std::size_t representation, std::size_t a, std::size_t b) {
    const auto& rows = music.representations[representation];
    const auto mean = [&](std::size_t track) {
      const auto& all = rows.tracks[track];
      std::vector<double> sums(rows.columns);
      for (std::size_t i = 0; i < all.size(); ++i)
        sums[i % rows.columns] += static_cast<double>(all[i]);
      return sums;
    };
    const auto x = mean(a);
    const auto y = mean(b);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      xy += x[k] * y[k];
      xx += x[k] * x[k];
      yy += y[k] * y[k];
    }
    return xy / std::sqrt(xx * yy);
  };
  for (Row b = 1; b < 40; ++b) {
    const auto other = static_cast<std::size_t>(b);
    EXPECT_NEAR(
        scoreOf(*snapshot, 0, b),
        info.parts[0].share * cosine(0, 0, other) + info.parts[1].share * cosine(1, 0, other),
        1e-5);
  }
  // A track that is not there is compared by the same parts.
  std::vector<std::vector<float>> pooled;
  for (const auto& source : {music.sources()[0], music.sources()[1]}) {
    const TrackRows rows = source.rows(5);
    std::vector<float> mean(source.dimension);
    for (std::size_t i = 0; i < rows.rows.rows * mean.size(); ++i) {
      mean[i % mean.size()] += rows.rows.data[i] / static_cast<float>(rows.rows.rows);
    }
    pooled.push_back(mean);
  }
  const auto hits = makeExactSearch(snapshot)->nearest(snapshot->vectorOf(pooled), 1);
  EXPECT_EQ(hits[0].row, 5);
  EXPECT_NEAR(hits[0].score, 1, 1e-4);
}

TEST(Parts, OfAPlainRecipeAreAPlainSnapshot) {
  const Music music = randomMusic(30, 30);
  const Asked asked[] = {{"tune"}};
  MemoryBlobs blobs;
  music.publish(blobs, resolved(findRecipe("mean-cosine"), asked));
  EXPECT_EQ(blobs.list("snapshots/mean-cosine/1/").size(), 11U);
  EXPECT_EQ(Snapshot::openCurrent(blobs, "mean-cosine")->info().representation, "tune@1");
  EXPECT_EQ(Snapshot::openCurrent(blobs, "mean-cosine")->recipe().parts[0].representation, "tune");
}

TEST(Parts, ThatCannotBeMadeAreRefusedWithTheReason) {
  const Music music = randomMusic(3, 2);
  Recipe recipe = allParts();
  recipe.parts = {part(PartKind::pooled, "sound", 1, 9)};
  expectRefused(music, recipe, "fewer than the 9");
  recipe.parts = {part(PartKind::pooled, "sound", 1), part(PartKind::chroma, "tune", 1)};
  expectRefused(music, recipe, "no twelve pitches");
  recipe.parts = {part(PartKind::pooled, "sound", 1), part(PartKind::sequence, "aspects", 1)};
  expectRefused(music, recipe, "no order");
  recipe.parts = {part(PartKind::aspects, "aspects", 1)};
  recipe.parts[0].columns = {"loud", "green"};
  expectRefused(music, recipe, "no column \"green\"");
  recipe.parts = {part(PartKind::pooled, "mert", 1), part(PartKind::pooled, "sound", 1)};
  expectRefused(music, recipe, "mert is not among");
}

TEST(Parts, HandleArchivesOfNoneOneAndTwoTracks) {
  MemoryBlobs blobs;
  for (const std::size_t tracks : {0, 1, 2, 0}) {
    Recipe recipe = allParts();
    recipe.parts[0].whitening = recipe.parts[1].whitening = 0;
    randomMusic(tracks, 20).publish(blobs, recipe);
    const auto snapshot = Snapshot::openCurrent(blobs, "all");
    ASSERT_EQ(snapshot->size(), tracks);
    for (Row row = 0; row < static_cast<Row>(tracks); ++row) {
      EXPECT_EQ(snapshot->neighbours(row).size(), tracks - 1);
    }
  }
}

TEST(Parts, AreRefusedWhenAFileIsMissingOrOfAnotherSize) {
  MemoryBlobs blobs;
  randomMusic(10, 20).publish(blobs, allParts());
  const std::string folder = "snapshots/all/1/";
  const auto whole = allOf(blobs, folder);
  EXPECT_EQ(whole.size(), 11U + 3U + 3U + 4U);  // recipe, references, means; fits; frames, offsets
  for (const auto& [name, content] : whole) {
    for (const bool missing : {true, false}) {
      if (missing) {
        blobs.remove(folder + name);
      } else {
        blobs.put(folder + name, content + "x");
      }
      try {
        Snapshot::openCurrent(blobs, "all");
        ADD_FAILURE() << name;
      } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::corrupt) << error.problem();
        EXPECT_NE(error.problem().find(name), std::string::npos) << error.problem();
      }
      blobs.put(folder + name, content);
    }
  }
  EXPECT_NE(Snapshot::openCurrent(blobs, "all"), nullptr);
}

}  // namespace
}  // namespace attacca::index
