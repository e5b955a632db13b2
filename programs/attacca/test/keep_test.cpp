// Removing, backing up, restoring and verifying, as a person does it.
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "attacca/base/file.h"
#include "attacca/base/npy.h"

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(EmptyArchive, TellsWhatToDoNext) {
  const Place place;
  EXPECT_THAT(place.run({"similar", "x"}).err, HasSubstr("attacca add FOLDER"));
  EXPECT_EQ(place.run({"recommend", "anna"}).code, 1);
  fs::remove_all(place.archive());
  const Ended ended = place.run({"similar", "x"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("there is no archive at"));
  EXPECT_FALSE(fs::exists(place.archive()));
}

TEST(Remove, TakesTracksOutOfListsAndBringsThemBack) {
  const Place place;
  place.makeMusic(4);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  ASSERT_EQ(place.run({"remove", "Piece 2", "4"}).code, 0);
  EXPECT_THAT(place.run({"tracks", "--json"}).json().at("tracks"), SizeIs(2));
  EXPECT_THAT(place.run({"tracks", "--removed", "--json"}).json().at("tracks"), SizeIs(2));
  EXPECT_THAT(place.run({"similar", "1", "--json"}).json().at("tracks"), SizeIs(1));
  EXPECT_EQ(place.run({"similar", "Piece 2"}).code, 1);
  // It stays removed while its file stays.
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  EXPECT_THAT(place.run({"tracks", "--json"}).json().at("tracks"), SizeIs(2));

  ASSERT_EQ(place.run({"remove", "--undo", "Piece 2", "4"}).code, 0);
  EXPECT_THAT(place.run({"tracks", "--json"}).json().at("tracks"), SizeIs(4));
  EXPECT_THAT(place.run({"similar", "1", "--per-album", "9", "--json"}).json().at("tracks"),
              SizeIs(3));
}

TEST(Remove, TakesAllTracksBelowAFolder) {
  const Place place;
  place.makeMusic(3);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  ASSERT_EQ(place.run({"remove", "music"}).code, 0);
  EXPECT_THAT(place.run({"tracks", "--json"}).json().at("tracks"), IsEmpty());
  ASSERT_EQ(place.run({"remove", "--undo", "music"}).code, 0);
  EXPECT_THAT(place.run({"tracks", "--json"}).json().at("tracks"), SizeIs(3));
  EXPECT_EQ(place.run({"remove", "nothing"}).code, 1);
}

TEST(BackupAndRestore, BringBackWhatWas) {
  const Place place;
  place.makeMusic(4);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  ASSERT_EQ(place.run({"listen", "anna", "1"}).code, 0);
  const std::string before = place.run({"tracks", "--json"}).out;
  const std::string similar = place.run({"similar", "1", "--json"}).out;
  const std::string copy = (place / "copy").native();
  const Ended made = place.run({"backup", copy});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("recordings themselves are not in it"));
  EXPECT_EQ(place.run({"backup", copy}).code, 2);

  ASSERT_EQ(place.run({"remove", "music"}).code, 0);
  ASSERT_EQ(place.run({"restore", copy}).code, 0);
  EXPECT_EQ(place.run({"tracks", "--json"}).out, before);
  EXPECT_EQ(place.run({"similar", "1", "--json"}).out, similar);
  EXPECT_EQ(place.run({"status", "--json"}).json().at("interactions"), 1);
  EXPECT_EQ(place.run({"verify"}).code, 0);
  EXPECT_EQ(place.run({"add", place.music().native(), "--json"}).json().at("unchanged"), 4);

  // Into a place where nothing is.
  fs::remove_all(place.archive());
  ASSERT_EQ(place.run({"restore", copy}).code, 0);
  EXPECT_EQ(place.run({"tracks", "--json"}).out, before);
}

TEST(Verify, NamesWhatIsDamagedAndWhatToDo) {
  const Place place;
  place.makeMusic(3);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  EXPECT_EQ(place.run({"verify"}).code, 0);

  // One number of an embedding changes: a plausible one, so that only the snapshot can tell.
  const fs::path folder = place.archive() / "blobs/embeddings" / place.representation();
  const fs::path victim = fs::directory_iterator(folder)->path();
  std::string bytes = readFile(victim);
  const float wrong = 25;
  std::memcpy(bytes.data() + kNpyHeaderBytes, &wrong, sizeof wrong);
  std::ofstream(victim, std::ios::binary) << bytes;
  const Ended changed = place.run({"verify", "--json"});
  EXPECT_EQ(changed.code, 1);
  EXPECT_THAT(changed.json().at("findings")[0].at("what").get<std::string>(),
              HasSubstr(victim.filename().native()));

  // What it says to do helps.
  fs::remove(victim);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  EXPECT_EQ(place.run({"verify"}).code, 0);

  // A file that is cut off; a recording that is gone is only noted.
  fs::resize_file(victim, 200);
  EXPECT_EQ(place.run({"verify"}).code, 1);
  fs::remove(victim);
  fs::remove(place.music() / "02.wav");
  ASSERT_EQ(place.run({"verify"}).code, 1);
}

TEST(Verify, AFileThatIsGoneIsNoted) {
  const Place place;
  place.makeMusic(2);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  fs::remove(place.music() / "02.wav");
  const Ended ended = place.run({"verify"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("note: "));
  EXPECT_THAT(ended.out, HasSubstr("02.wav is not there"));
}

}  // namespace
}  // namespace attacca::test
