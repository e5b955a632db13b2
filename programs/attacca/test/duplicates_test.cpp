// The same recording in several files and encodings, as a person meets it.
#include <cmath>
#include <fstream>
#include <numbers>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "attacca/base/file.h"

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kRateHz = 16000;

// Four notes a second, drawn at random, that fade.
std::vector<double> melody(unsigned seed, int seconds) {
  std::mt19937 random(seed);
  std::vector<double> samples;
  for (int note = 0; note < 4 * seconds; ++note) {
    const double pitch = 200 * std::pow(2, static_cast<double>(random() % 30) / 12);
    for (int i = 0; i < kRateHz / 4; ++i) {
      const double t = static_cast<double>(i) / kRateHz;
      samples.push_back(0.4 * std::exp(-4 * t) *
                        (std::sin(2 * std::numbers::pi * pitch * t) +
                         0.5 * std::sin(4 * std::numbers::pi * pitch * t)));
    }
  }
  return samples;
}

// What another encoding is: less loud, not quite the same, and cut off at the beginning.
std::vector<double> encodedAnew(std::vector<double> samples, double cut_seconds) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 0.002);
  samples.erase(samples.begin(),
                samples.begin() + static_cast<std::ptrdiff_t>(cut_seconds * kRateHz));
  for (double& sample : samples) sample = 0.5 * sample + noise(random);
  return samples;
}

void write(const fs::path& path, const std::vector<double>& samples) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> (8 * i) & 0xff));
  };
  const auto size = static_cast<std::uint32_t>(2 * samples.size());
  file << "RIFF";
  put(size + 36, 4);
  file << "WAVEfmt ";
  put(16, 4);
  put(1, 2);
  put(1, 2);
  put(kRateHz, 4);
  put(2 * kRateHz, 4);
  put(2, 2);
  put(16, 2);
  file << "data";
  put(size, 4);
  for (const double sample : samples) {
    put(static_cast<std::uint32_t>(std::lround(sample * 32767)), 2);
  }
}

class DuplicatesTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto piece = melody(1, 40);
    write(place_.music() / "Piece.wav", piece);
    write(place_.music() / "Piece again.wav", encodedAnew(piece, 3));
    write(place_.music() / "Other.wav", melody(2, 40));
    fs::copy_file(place_.music() / "Piece.wav", place_.music() / "copy of Piece.wav");
    const Ended added = place_.run({"add", place_.music().native()});
    ASSERT_EQ(added.code, 0) << added.err;
  }

  nlohmann::json duplicates() const { return place_.run({"duplicates", "--json"}).json(); }
  fs::path fingerprints() const { return place_.archive() / "blobs/fingerprints"; }

  Place place_;
};

TEST_F(DuplicatesTest, ARecordingInAnotherEncodingIsFoundAndTheBetterOneIsToBeKept) {
  const auto found = duplicates();
  EXPECT_THAT(found.at("without_fingerprint"), IsEmpty());
  EXPECT_THAT(found.at("parts"), IsEmpty());
  ASSERT_THAT(found.at("groups"), SizeIs(1));
  const auto& group = found.at("groups")[0];
  EXPECT_EQ(group.at("why"), "it is longer");
  ASSERT_THAT(group.at("tracks"), SizeIs(2));
  const auto& kept = group.at("tracks")[0];
  EXPECT_EQ(kept.at("id"), group.at("keep"));
  EXPECT_EQ(kept.at("same"), "exact");
  EXPECT_THAT(kept.at("places"), SizeIs(2)) << "the copy";
  const auto& other = group.at("tracks")[1];
  EXPECT_EQ(other.at("title"), "Piece again");
  EXPECT_EQ(other.at("same"), "encoding");
  EXPECT_EQ(other.at("certainty"), "certain");
  EXPECT_NEAR(other.at("offset_s").get<double>(), 3, 0.1);
  EXPECT_LT(other.at("bit_errors").get<double>(), 0.1);
}

TEST_F(DuplicatesTest, SaysItInWordsAndRemovesNothing) {
  const Ended said = place_.run({"duplicates"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("the same recording in another encoding"));
  EXPECT_THAT(said.out, HasSubstr("begins 3."));
  EXPECT_THAT(said.out, HasSubstr("copy of Piece.wav"));
  EXPECT_THAT(said.out, HasSubstr("Nothing was removed"));
  EXPECT_THAT(place_.run({"tracks", "--json"}).json().at("tracks"), SizeIs(3));
}

TEST_F(DuplicatesTest, AListHoldsNoRecordingTwice) {
  const auto list =
      place_.run({"similar", "Other", "--per-album", "9", "--json"}).json().at("tracks");
  EXPECT_THAT(list, SizeIs(1));
  const auto own =
      place_.run({"similar", "Piece again", "--per-album", "9", "--json"}).json().at("tracks");
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].at("title"), "Other");
}

TEST_F(DuplicatesTest, FingerprintsAreReadAgainOnlyWhenTheRecordingsAreOthers) {
  for (const auto& entry : fs::directory_iterator(fingerprints())) {
    std::ofstream(entry.path(), std::ios::binary | std::ios::app) << "x";
  }
  const auto others = [&] {
    return place_.run({"similar", "Nothing", "--per-album", "9", "--json"}).json().at("tracks");
  };
  ASSERT_EQ(place_.run({"edit", "Other", "title=Nothing"}).code, 0);
  EXPECT_THAT(others(), SizeIs(1)) << "what was found before holds";
  fs::remove(place_.music() / "copy of Piece.wav");
  fs::remove(place_.music() / "Piece.wav");
  write(place_.music() / "Piece.wav", melody(3, 40));
  ASSERT_EQ(place_.run({"add", place_.music().native()}).code, 0);
  EXPECT_THAT(others(), SizeIs(2)) << "now they were read, and cannot be";
}

TEST_F(DuplicatesTest, RecordingsHeardBeforeGetTheirFingerprintAtTheNextAdd) {
  fs::remove_all(fingerprints());
  EXPECT_THAT(duplicates().at("without_fingerprint"), SizeIs(3));
  EXPECT_THAT(place_.run({"duplicates"}).out, HasSubstr("3 recordings have no acoustic"));
  const Ended verified = place_.run({"verify"});
  EXPECT_EQ(verified.code, 0) << "an older archive is not a damaged one";
  EXPECT_THAT(verified.out, HasSubstr("has no acoustic fingerprint"));
  EXPECT_EQ(place_.run({"add", place_.music().native(), "--json"}).json().at("heard"), 3);
  EXPECT_THAT(duplicates().at("groups"), SizeIs(1));
}

TEST_F(DuplicatesTest, ADamagedFingerprintIsSaidAndHeardAgain) {
  for (const auto& entry : fs::directory_iterator(fingerprints())) {
    std::ofstream(entry.path(), std::ios::binary | std::ios::app) << "x";
  }
  const Ended said = place_.run({"duplicates"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.err, HasSubstr("is not as it was written"));
  const Ended verified = place_.run({"verify"});
  EXPECT_EQ(verified.code, 1);
  EXPECT_THAT(verified.out, HasSubstr("blobs/fingerprints/"));
}

}  // namespace
}  // namespace attacca::test
