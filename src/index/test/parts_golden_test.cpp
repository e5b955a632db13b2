// A snapshot of several parts that an independent implementation made.
#include <gtest/gtest.h>

#include "helpers.h"
#include "music.h"

namespace attacca::index {
namespace {

// The archive that tools/reference/parts_snapshot.py describes.
Music goldenMusic() {
  const std::int64_t ids[] = {2, 3, 5, 8, 13};
  const int seconds[] = {9, 12, 8, 12, 10};
  Music music;
  music.representations = {{"tune", 4, 1, {}, {}},
                           {"chroma", 12, 2, {}, {}},
                           {"aspects", 2, 0, {"first", "second"}, {}}};
  for (int track = 0; track < 5; ++track) {
    const int s = track == 3 ? 1 : track;
    std::vector<float> tune;
    for (int i = 0; i < seconds[track]; ++i) {
      for (int k = 0; k < 4; ++k) {
        tune.push_back(static_cast<float>((3 * s * i + 7 * k * k + i * i * (k + 1)) % 17 - 8));
      }
    }
    std::vector<float> chroma;
    for (int i = 0; i < 2 * seconds[track]; ++i) {
      for (int k = 0; k < 12; ++k) {
        const int pitch = (k + (track == 3 ? 7 : 0)) % 12;  // five semitones up
        chroma.push_back(static_cast<float>(((5 * s + i / 2) * (pitch + 3) + pitch * pitch) % 9) /
                         16);
      }
    }
    music.tracks.push_back({{ids[track]}, {{ids[track]}, {0}, {ids[track]}}, "{}"});
    music.representations[0].tracks.push_back(tune);
    music.representations[1].tracks.push_back(chroma);
    music.representations[2].tracks.push_back(
        {static_cast<float>(10 * track * track % 7), static_cast<float>(3 - track)});
  }
  return music;
}

TEST(Parts, EqualTheReferenceImplementationToTheByte) {
  Recipe recipe{"golden", "Golden", "What?", Answers::tracks, {}};
  recipe.parts = {part(PartKind::pooled, "tune", 1), part(PartKind::sequence, "tune", 1),
                  part(PartKind::chroma, "chroma", 2), part(PartKind::aspects, "aspects", 0.5)};
  recipe.parts[1].shingle_s = recipe.parts[2].shingle_s = 3;
  const Music music = goldenMusic();
  MemoryBlobs blobs;
  publishSnapshot(blobs, "golden", recipe, music.tracks, music.sources(),
                  parseTime("2026-11-24T08:13:16Z"));
  const auto files = allOf(blobs, "snapshots/golden/1/");
  ASSERT_EQ(files.size(), 19U);
  for (const auto& [name, content] : files) {
    EXPECT_EQ(content, contentOf(ATTACCA_SOURCE_DIR "/src/index/test/golden/parts/" + name))
        << name;
  }
}

}  // namespace
}  // namespace attacca::index
