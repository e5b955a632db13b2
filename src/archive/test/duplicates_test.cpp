#include "attacca/archive/duplicates.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>

namespace attacca::archive {
namespace {

using Items = std::vector<FingerprintItem>;
using testing::IsEmpty;
using testing::SizeIs;

// Like the items of music: neighbours share most of their bits.
Items music(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  Items items(count);
  FingerprintItem item = random();
  for (auto& one : items) {
    for (int i = 0; i < 4; ++i) item ^= FingerprintItem{1} << random() % 32;
    one = item;
  }
  return items;
}

// Of each 1000 bits, `errors` turned over: what another encoding does to some of them.
Items withErrors(Items items, unsigned errors, unsigned seed) {
  std::mt19937 random(seed);
  for (auto& item : items) {
    for (int bit = 0; bit < 32; ++bit) {
      if (random() % 1000 < errors) item ^= FingerprintItem{1} << bit;
    }
  }
  return items;
}

Items cut(const Items& items, std::size_t from, std::size_t count) {
  return {items.begin() + static_cast<std::ptrdiff_t>(from),
          items.begin() + static_cast<std::ptrdiff_t>(std::min(items.size(), from + count))};
}

Fingerprinted recording(const Items& items, std::optional<double> seconds = {}) {
  return {items, seconds ? Seconds(*seconds)
                         : static_cast<double>(items.size()) * kFingerprintItemSeconds};
}

TEST(Duplicates, AnotherEncodingIsTheSameSound) {
  const Items one = music(1, 900);
  const Items other = withErrors(one, 30, 7);
  const auto found = findSameSounds(std::vector{recording(one), recording(other)});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].first, 0U);
  EXPECT_EQ(found[0].second, 1U);
  EXPECT_EQ(found[0].overlap.offset.count(), 0);
  EXPECT_NEAR(found[0].overlap.bit_errors, 0.03, 0.005);
  EXPECT_NEAR(found[0].overlap.compared.count(), 900 * kFingerprintItemSeconds.count(), 1e-9);
  EXPECT_EQ(found[0].sureness, Sureness::certain);
  EXPECT_TRUE(found[0].whole);
}

TEST(Duplicates, ATrimmedBeginningShowsAsAnOffset) {
  const Items one = music(2, 900);
  const Items late = withErrors(cut(one, 100, 800), 60, 3);
  const auto forth = findSameSounds(std::vector{recording(one), recording(late)});
  ASSERT_THAT(forth, SizeIs(1));
  EXPECT_NEAR(forth[0].overlap.offset.count(), 100 * kFingerprintItemSeconds.count(), 1e-9);
  const auto back = findSameSounds(std::vector{recording(late), recording(one)});
  ASSERT_THAT(back, SizeIs(1));
  EXPECT_EQ(back[0].overlap.offset, -forth[0].overlap.offset);
  EXPECT_EQ(back[0].overlap.bit_errors, forth[0].overlap.bit_errors);
  EXPECT_TRUE(back[0].whole);
}

TEST(Duplicates, AnotherPerformanceIsNot) {
  const Items one = music(3, 900);
  EXPECT_THAT(findSameSounds(std::vector{recording(one), recording(withErrors(one, 320, 5))}),
              IsEmpty());
  EXPECT_THAT(findSameSounds(std::vector{recording(one), recording(music(4, 900))}), IsEmpty());
}

TEST(Duplicates, SilenceAndHeldTonesSayNothing) {
  const Items silence(900, 627964279);
  EXPECT_THAT(findSameSounds(std::vector{recording(silence), recording(silence)}), IsEmpty());
  Items one = music(5, 900);
  Items other = music(6, 900);
  std::fill_n(one.begin(), 400, 627964279U);
  std::fill_n(other.begin(), 400, 627964279U);
  EXPECT_THAT(findSameSounds(std::vector{recording(one), recording(other)}), IsEmpty());
}

TEST(Duplicates, AMomentInCommonIsTooLittle) {
  const Items one = music(7, 40);
  EXPECT_THAT(findSameSounds(std::vector{recording(one), recording(one)}), IsEmpty());
  EXPECT_THAT(findSameSounds(std::vector{recording({}), recording({})}), IsEmpty());
  EXPECT_THAT(findSameSounds({}), IsEmpty());
}

TEST(Duplicates, AConcertIsNotTheSameAsItsFirstPiece) {
  const Items concert = music(8, 900);
  const auto found = findSameSounds(
      std::vector{recording(concert, 3600), recording(withErrors(concert, 20, 1), 300)});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_FALSE(found[0].whole);
}

TEST(Duplicates, AreFoundAmongMany) {
  std::vector<Items> all;
  for (unsigned i = 0; i < 300; ++i) all.push_back(music(100 + i, 500));
  all.push_back(withErrors(all[17], 40, 1));
  all.push_back(withErrors(cut(all[40], 33, 400), 80, 2));
  all.push_back(withErrors(all[17], 90, 3));
  std::vector<Fingerprinted> recordings;
  recordings.reserve(all.size());
  for (const auto& items : all) recordings.push_back(recording(items));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto& pair : findSameSounds(recordings)) pairs.emplace_back(pair.first, pair.second);
  EXPECT_THAT(pairs, testing::ElementsAre(std::pair(17, 300), std::pair(17, 302),
                                          std::pair(40, 301), std::pair(300, 302)));
}

TEST(Duplicates, TheFewerBitsDifferTheSurer) {
  EXPECT_EQ(judge({Seconds(0), Seconds(100), 0.02}), Sureness::certain);
  EXPECT_EQ(judge({Seconds(0), Seconds(100), 0.5}), std::nullopt);
  EXPECT_EQ(judge({Seconds(0), Seconds(2), 0.0}), std::nullopt);
}

}  // namespace
}  // namespace attacca::archive
