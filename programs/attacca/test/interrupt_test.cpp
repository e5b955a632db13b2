// What `attacca add` survives: Ctrl-C, kill -9 at any moment, a full disk, a read-only archive.
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

constexpr int kFiles = 12;

// What an archive holds in the end, whatever happened on the way.
struct Result {
  std::map<std::string, std::string> embeddings;
  std::map<std::string, std::string> peaks;
  std::map<std::string, std::string> fingerprints;
  std::vector<std::string> tracks;  // id and title
};

Result resultOf(const Place& place) {
  Result result;
  result.embeddings = contents(place.archive() / "blobs/embeddings");
  result.peaks = contents(place.archive() / "blobs/peaks");
  result.fingerprints = contents(place.archive() / "blobs/fingerprints");
  const Ended listed = place.run({"tracks", "--json"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  if (listed.code != 0) return result;
  const nlohmann::json found = listed.json();
  for (const auto& track : found.at("tracks")) {
    result.tracks.push_back(track.at("id").dump() + " " + track.at("title").get<std::string>());
  }
  return result;
}

void expectSame(const Result& result, const Result& expected) {
  EXPECT_EQ(result.embeddings, expected.embeddings);
  EXPECT_EQ(result.peaks, expected.peaks);
  EXPECT_EQ(result.fingerprints, expected.fingerprints);
  EXPECT_EQ(result.tracks, expected.tracks);
}

int kills() {
  const char* wanted = std::getenv("ATTACCA_LONG");
  return wanted != nullptr && std::string_view(wanted) == "1" ? 1000 : 50;
}

TEST(Interrupted, KilledAtAnyMomentAddGoesOnAndEndsWithTheSameBytes) {
  const Place whole;
  whole.makeMusic(kFiles);
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(whole.run({"add", whole.music().native(), "--jobs", "2"}).code, 0);
  const auto length = std::chrono::steady_clock::now() - start;
  const Result expected = resultOf(whole);
  ASSERT_THAT(expected.tracks, SizeIs(kFiles));

  std::mt19937 random(20261124);
  int hit = 0;
  for (int round = 0; round < kills(); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    const Place place;
    place.makeMusic(kFiles);
    const std::vector<std::string> add{"add", place.music().native(), "--jobs", "2"};
    const bool kill_child = round % 3 == 2;
    std::vector<std::string> done;
    {
      const auto running = place.start(add);
      const double share = std::uniform_real_distribution<>(0, 1)(random);
      std::this_thread::sleep_for(length * share);
      if (kill_child) {
        for (const pid_t child : running->hearChildren()) {
          ++hit;
          ::kill(child, SIGKILL);
        }
        // One killed child costs nothing at all.
        EXPECT_EQ(running->wait().code, 0);
      } else {
        if (!running->ended()) ++hit;
        running->signal(SIGKILL);
        running->wait();
      }
    }
    // What was done before is there: what can be read now is a beginning of what will be.
    if (fs::exists(place.archive() / "archive.db")) done = resultOf(place).tracks;
    ASSERT_LE(done.size(), expected.tracks.size());

    const Ended again = place.run(add);
    EXPECT_EQ(again.code, 0) << again.err;
    const Result result = resultOf(place);
    expectSame(result, expected);
    for (const auto& track : done) EXPECT_THAT(result.tracks, testing::Contains(track));
    const Ended verified = place.run({"verify"});
    EXPECT_EQ(verified.code, 0) << verified.out;
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_GT(hit, 0) << "no kill came in time";
}

TEST(Interrupted, CtrlCEndsCleanlyAndKeepsWhatIsDone) {
  const Place place;
  place.makeMusic(3);
  writeLongWav(place.music() / "zz-long.wav", 2 * 3600);
  const auto running = place.start({"add", place.music().native(), "--jobs", "1"});
  ASSERT_TRUE(eventually([&] {
    if (!fs::exists(place.archive() / "archive.db")) return false;
    const Ended tracks = place.run({"tracks", "--json"});
    return tracks.code == 0 && tracks.json().at("tracks").size() == 3;
  }));
  running->signal(SIGINT);
  const Ended ended = running->wait();
  EXPECT_EQ(ended.code, 130) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("run it again"));
  // What is done can be compared already.
  EXPECT_EQ(place.run({"similar", "Piece 1", "--json"}).json().at("tracks").size(), 2U);
  EXPECT_EQ(place.run({"verify"}).code, 0);
}

TEST(Interrupted, CtrlCEndsWaitingToo) {
  const Place place;
  place.makeMusic(1);
  writeLongWav(place.music() / "zz-long.wav", 2 * 3600);
  const auto first = place.start({"add", place.music().native()});
  ASSERT_TRUE(eventually([&] { return !first->hearChildren().empty(); }));
  const auto second = place.start({"add", place.music().native()});
  ASSERT_TRUE(eventually([&] { return second->errSoFar().find("waiting") != std::string::npos; }));
  second->signal(SIGTERM);
  EXPECT_EQ(second->wait().code, 130);
  first->signal(SIGINT);
  EXPECT_EQ(first->wait().code, 130);
}

// A file system of its own, if this process may make one.
class Disk {
 public:
  explicit Disk(fs::path at) : at_(std::move(at)) { fs::create_directories(at_); }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  bool mount(const std::string& options) {
    mounted_ = ::geteuid() == 0 && ::mount("tmpfs", at_.c_str(), "tmpfs", 0, options.c_str()) == 0;
    return mounted_;
  }
  void remount(const std::string& options, unsigned long flags = 0) {
    ASSERT_EQ(::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT | flags, options.c_str()), 0);
  }

 private:
  fs::path at_;
  bool mounted_ = false;
};

TEST(Interrupted, AFullDiskStopsAddAndRoomLetsItGoOn) {
  const Place whole;
  whole.makeMusic(kFiles);
  ASSERT_EQ(whole.run({"add", whole.music().native()}).code, 0);
  const Result expected = resultOf(whole);

  const Place place;
  place.makeMusic(kFiles);
  Disk disk(place.archive());
  if (!disk.mount("size=8m")) GTEST_SKIP() << "only root may mount a small disk to fill it";
  fs::copy(whole.archive() / "representations", place.archive() / "representations",
           fs::copy_options::recursive);
  for (const char* name : {"FORMAT", "attacca.toml"}) {
    fs::copy_file(whole.archive() / name, place.archive() / name);
  }
  const auto space = fs::space(place.archive());
  const auto used = (space.capacity - space.free) / 1024;
  // From hardly any room on, a little more each time.
  int full = 0;
  for (std::uintmax_t room = 8; room < 4096; room += 24) {
    disk.remount(fmt::format("size={}k", used + room));
    const Ended ended = place.run({"add", place.music().native()});
    if (ended.code == 0) break;
    ++full;
    EXPECT_EQ(ended.code, 1) << ended.err;
    EXPECT_THAT(ended.err, testing::AnyOf(HasSubstr("No space left"), HasSubstr("full")));
  }
  EXPECT_GT(full, 3);
  expectSame(resultOf(place), expected);
  EXPECT_EQ(place.run({"verify"}).code, 0);
  EXPECT_EQ(place.run({"refused", "--json"}).json().at("refused").size(), 0U);
}

TEST(Interrupted, AReadOnlyArchiveAnswersButTakesNothing) {
  const Place whole;
  whole.makeMusic(3);
  ASSERT_EQ(whole.run({"add", whole.music().native()}).code, 0);
  const Place place;
  Disk disk(place.archive());
  if (!disk.mount("size=64m")) GTEST_SKIP() << "only root may mount a read-only disk";
  fs::copy(whole.archive(), place.archive(), fs::copy_options::recursive);
  disk.remount("", MS_RDONLY);
  EXPECT_EQ(place.run({"similar", "Piece 1", "--json"}).json().at("tracks").size(), 2U);
  EXPECT_EQ(place.run({"status"}).code, 0);
  EXPECT_EQ(place.run({"verify"}).code, 0);
  for (const auto& writing : std::vector<std::vector<std::string>>{
           {"add", whole.music().native()}, {"listen", "anna", "1"}, {"remove", "1"}}) {
    const Ended ended = place.run(writing);
    EXPECT_EQ(ended.code, 1) << writing[0];
    EXPECT_THAT(ended.err, testing::ContainsRegex("[Rr]ead-only")) << writing[0];
  }
}

}  // namespace
}  // namespace attacca::test
