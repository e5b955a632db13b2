// The other commands of `attacca`, as a person types them.
#include <cmath>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>

#include "attacca/base/file.h"
#include "attacca/base/npy.h"
#include "attacca/base/settings.h"

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// An archive of eight recordings that all tests of a case may read.
class Commands : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = std::make_unique<Place>();
    place_->makeMusic(8);
    ASSERT_EQ(place_->run({"add", place_->music().native()}).code, 0);
  }
  static void TearDownTestSuite() { place_.reset(); }
  static Ended run(const std::vector<std::string>& arguments) { return place_->run(arguments); }

  static std::unique_ptr<Place> place_;
};
std::unique_ptr<Place> Commands::place_;

TEST_F(Commands, SimilarListsTheOthersWithReasons) {
  const Ended ended = run({"similar", "Piece 1", "--per-album", "100", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto json = ended.json();
  EXPECT_EQ(json.at("seed").at("title"), "Piece 1");
  ASSERT_THAT(json.at("tracks"), SizeIs(7));
  double before = 2;
  int rank = 0;
  for (const auto& track : json.at("tracks")) {
    EXPECT_EQ(track.at("rank"), ++rank);
    EXPECT_LE(track.at("score").get<double>(), before);
    before = track.at("score");
    EXPECT_NE(track.at("id"), json.at("seed").at("id"));
    EXPECT_THAT(track.at("reason").get<std::string>(), HasSubstr("sounds like Piece 1"));
    EXPECT_THAT(track.at("path").get<std::string>(), HasSubstr("/music/0"));
    EXPECT_EQ(track.at("album"), "Pieces for Tests");
  }
  EXPECT_EQ(run({"similar", "Piece 1", "--per-album", "100", "--json"}).out, ended.out);
}

TEST_F(Commands, ATrackIsNamedByIdPathOrTitle) {
  const auto seed = [&](const std::vector<std::string>& name) {
    std::vector<std::string> all{"similar", "--json"};
    all.insert(all.end(), name.begin(), name.end());
    return run(all).json().at("seed").at("title").get<std::string>();
  };
  EXPECT_EQ(seed({"3"}), "Piece 3");
  EXPECT_EQ(seed({(place_->music() / "04.wav").native()}), "Piece 4");
  EXPECT_EQ(seed({"music/04.wav"}), "Piece 4");  // commands run in the folder above
  EXPECT_EQ(seed({"piece", "5"}), "Piece 5");
  EXPECT_EQ(seed({"PIECE 5 tests"}), "Piece 5");
}

TEST_F(Commands, AnAmbiguousTitleListsTheCandidates) {
  const Ended ended = run({"similar", "piece"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr("may mean more than one track"));
  EXPECT_THAT(ended.err, HasSubstr("8  Piece 8, Nobody (Pieces for Tests)"));
}

TEST_F(Commands, AnUnknownTitleIsAnError) {
  const Ended ended = run({"similar", "moonlight"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("no track is called \"moonlight\"\n  `attacca tracks`"));
}

TEST_F(Commands, TablesAreAlignedAndOnStandardOutput) {
  const Ended ended = run({"tracks"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, IsEmpty());
  EXPECT_THAT(ended.out, testing::StartsWith("id  title"));
  EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 9);
  EXPECT_THAT(run({"albums"}).out, HasSubstr("Pieces for Tests"));
  EXPECT_THAT(run({"albums", "--json"}).json().at("albums"), SizeIs(1));
}

TEST_F(Commands, TracksMayBeLimitedToAnAlbumAndAPage) {
  const auto page = run({"tracks", "--album", "pieces", "--limit", "2", "--offset", "3", "--json"});
  ASSERT_EQ(page.code, 0) << page.err;
  EXPECT_THAT(page.json().at("tracks"), SizeIs(2));
  EXPECT_EQ(run({"tracks", "--album", "nothing"}).code, 1);
}

TEST_F(Commands, ANewListenerGetsSomethingAndIsToldSo) {
  const auto json = run({"recommend", "nobody", "--json"}).json();
  EXPECT_THAT(json.at("tracks"), Not(IsEmpty()));
  EXPECT_THAT(json.at("notes").dump(), HasSubstr("nobody called nobody has listened here yet"));
}

TEST_F(Commands, AListenerIsToldBecauseOfWhat) {
  ASSERT_EQ(run({"listen", "anna", "Piece 2", "--at", "2026-11-01T10:00:00Z"}).code, 0);
  ASSERT_EQ(run({"listen", "anna", "7", "--fraction", "0.5", "--at", "2026-11-02"}).code, 0);
  const auto json =
      run({"recommend", "anna", "--at", "2026-11-24", "--per-album", "9", "--json"}).json();
  ASSERT_THAT(json.at("tracks"), Not(IsEmpty()));
  for (const auto& track : json.at("tracks")) {
    EXPECT_NE(track.at("title"), "Piece 2") << "heard already";
    EXPECT_NE(track.at("title"), "Piece 7");
    EXPECT_THAT(track.at("reason").get<std::string>(), HasSubstr("because you heard Piece"));
  }
  EXPECT_THAT(run({"recommend", "anna", "--per-album", "9"}).out, HasSubstr("because you heard"));
}

TEST_F(Commands, AnUnknownStrategyIsRefusedWithThoseThereAre) {
  const Ended magic = run({"recommend", "anna", "--strategy", "magic"});
  EXPECT_EQ(magic.code, 2);
  EXPECT_THAT(magic.err, HasSubstr("item-knn"));
  EXPECT_THAT(run({"recommend", "--help"}).out, HasSubstr("next-movement "));
  EXPECT_THAT(run({"strategies"}).out, HasSubstr("same-album"));
}

TEST_F(Commands, ImportLogTakesGoodRowsAndListsBadOnes) {
  const fs::path csv = *place_ / "log.csv";
  std::ofstream(csv, std::ios::binary) << "\xEF\xBB\xBFUser,extra,Track,timestamp,Fraction\r\n"
                                          "bert,x,1,1700000000,0.5\r\n"
                                          "bert,x,\"Piece 2\",2026-11-01T10:00:00+01:00,\r\n"
                                          "bert,x,music/03.wav,2026-11-01,1\r\n"
                                          "\r\n"
                                          "bert,x,piece,2026-11-01,1\r\n"
                                          "bert,x,4,yesterday,1\r\n"
                                          "bert,x,4,2026-11-01,7\r\n"
                                          "bert,x,nothing like it,2026-11-01,1\r\n"
                                          ",x,4,2026-11-01,1\r\n"
                                          "bert\r\n"
                                          "bert,x,1,1700000000,0.7\r\n"
                                          "bert,x,4,2100-01-01,1\r\n";
  const Ended ended = run({"import-log", csv.native(), "--json"});
  EXPECT_EQ(ended.code, 3);
  const auto json = ended.json();
  EXPECT_EQ(json.at("rows"), 11);
  EXPECT_EQ(json.at("added"), 3);
  std::vector<int> lines;
  for (const auto& row : json.at("refused")) lines.push_back(row.at("line"));
  EXPECT_THAT(lines, ElementsAre(6, 7, 8, 9, 10, 11, 13));
  EXPECT_THAT(json.at("refused")[6].at("reason").get<std::string>(), HasSubstr("in the future"));
  EXPECT_EQ(json.at("repeated"), nlohmann::json::parse(R"([{"line": 12, "first": 2}])"));
  EXPECT_THAT(json.at("refused")[1].at("reason").get<std::string>(), HasSubstr("yesterday"));

  const auto again = run({"import-log", csv.native(), "--json"}).json();
  EXPECT_EQ(again.at("added"), 0);
  EXPECT_EQ(again.at("known"), 3);
  EXPECT_THAT(run({"import-log", csv.native()}).err, HasSubstr("log.csv, line 6: "));
}

TEST_F(Commands, ImportLogReadsRecBolesFiles) {
  const fs::path file = *place_ / "log.inter";
  std::ofstream(file) << "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
                         "cora\t1\t5\t1700000000.0\ncora\t2\t3\t1700000001\n";
  const auto json = run({"import-log", file.native(), "--json"}).json();
  EXPECT_EQ(json.at("added"), 2);
  EXPECT_THAT(run({"recommend", "cora", "--at", "2026-11-24"}).out, HasSubstr("because you heard"));
}

TEST_F(Commands, ImportLogNeedsItsColumns) {
  const fs::path csv = *place_ / "bad.csv";
  std::ofstream(csv) << "user,song,timestamp\n";
  const Ended ended = run({"import-log", csv.native()});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("no column \"track\""));
}

TEST_F(Commands, EmbedWritesWhatAddKeeps) {
  const std::string hash = run({"tracks", "--json"}).json().at("tracks")[0].at("audio_hash");
  const fs::path kept =
      place_->archive() / "blobs/embeddings" / place_->representation() / (hash + ".npy");
  const fs::path clips = *place_ / "clips.npy";
  const std::string file = (place_->music() / "01.wav").native();
  ASSERT_EQ(run({"embed", file, "--output", clips.native(), "--clips"}).code, 0);
  EXPECT_EQ(readFile(clips), readFile(kept));

  const fs::path mean = *place_ / "mean.npy";
  ASSERT_EQ(run({"embed", file, "--output", mean.native()}).code, 0);
  const FileBytes bytes = FileBytes::map(mean);
  EXPECT_THAT(std::string(bytes.text().substr(0, 128)), HasSubstr("'shape': (200,)"));
  const auto vector = npyView<float>(bytes, "mean.npy");
  EXPECT_THAT(vector.all(), Each(testing::Truly([](float x) { return std::isfinite(x); })));
}

TEST_F(Commands, EmbedRefusesWhatIsNoRecordingAndLeavesNothing) {
  std::ofstream(*place_ / "text.mp3") << "words";
  const fs::path output = *place_ / "none.npy";
  const Ended ended = run({"embed", (*place_ / "text.mp3").native(), "--output", output.native()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("text.mp3: "));
  for (const auto& entry : fs::directory_iterator(output.parent_path())) {
    EXPECT_THAT(entry.path().filename().native(), Not(HasSubstr("none.npy")));
  }
}

TEST_F(Commands, StatusCountsAndDoctorExamines) {
  const auto status = run({"status", "--json"}).json();
  EXPECT_EQ(status.at("tracks"), 8);
  EXPECT_EQ(status.at("snapshot").at("tracks"), 8);
  EXPECT_GT(status.at("bytes").at("embeddings"), 0);
  const Ended doctor = run({"doctor", "--json"});
  EXPECT_EQ(doctor.code, 0) << doctor.out;
  const auto checks = doctor.json().at("checks");
  std::vector<std::string> names;
  for (const auto& check : checks) names.push_back(check.at("what"));
  EXPECT_THAT(names,
              testing::IsSupersetOf({"processor", "attacca-hear", "sandbox", "pip", "database",
                                     "archive", "free space", "representation"}));
}

TEST_F(Commands, RepresentationListShowsWhatIsReadyAndWhatIsNot) {
  const auto list = run({"representation", "list", "--json"}).json().at("representations");
  bool small = false;
  bool other = false;
  for (const auto& entry : list) {
    if (entry.at("name") == "small") small = entry.at("ready");
    if (entry.at("name") == "mtt-vgg") other = entry.at("ready");
  }
  EXPECT_TRUE(small);
  EXPECT_FALSE(other);
}

TEST_F(Commands, FetchRefusesAPackageThatIsNotTheAuthors) {
  std::ofstream(*place_ / "fake.whl") << "not the package";
  const Ended ended =
      run({"representation", "fetch", "msd-musicnn", "--from", (*place_ / "fake.whl").native()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("is not the package its authors published"));
  EXPECT_EQ(run({"representation", "fetch", "nonsense"}).code, 1);
}

TEST_F(Commands, EveryCommandHasHelpWithExamples) {
  for (const auto& command : std::vector<std::vector<std::string>>{{"add"},
                                                                   {"remove"},
                                                                   {"backup"},
                                                                   {"restore"},
                                                                   {"tracks"},
                                                                   {"albums"},
                                                                   {"similar"},
                                                                   {"performances"},
                                                                   {"listen"},
                                                                   {"import-log"},
                                                                   {"representation", "fetch"},
                                                                   {"representation", "list"},
                                                                   {"recommend"},
                                                                   {"strategies"},
                                                                   {"embed"},
                                                                   {"refused"},
                                                                   {"verify"},
                                                                   {"status"},
                                                                   {"doctor"},
                                                                   {"settings"}}) {
    auto arguments = command;
    arguments.emplace_back("--help");
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.code, 0) << command.back();
    EXPECT_THAT(ended.out, HasSubstr("Examples:\n  attacca " + command.front()));
  }
  EXPECT_THAT(run({"--help"}).out, HasSubstr("3 some files or rows were"));
  EXPECT_THAT(run({}).out, HasSubstr("attacca representation fetch"));
}

TEST_F(Commands, ACommandLineThatMakesNoSenseIsUsage) {
  for (const auto& bad :
       std::vector<std::vector<std::string>>{{"dance"},
                                             {"add"},
                                             {"similar"},
                                             {"tracks", "--limit", "x"},
                                             {"similar", "1", "--nonsense"},
                                             {"similar", "1", "--limit", "0"},
                                             {"listen", "anna", "1", "--fraction", "2"},
                                             {"listen", "anna", "1", "--at", "tomorrow"}}) {
    const Ended ended = run(bad);
    EXPECT_EQ(ended.code, 2) << bad.front() << ": " << ended.err;
    EXPECT_THAT(ended.out, IsEmpty());
    EXPECT_THAT(ended.err, testing::StartsWith("attacca: "));
  }
}

TEST_F(Commands, SettingsComeFromFileEnvironmentAndFlags) {
  const auto limit = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> all{"similar", "1", "--json", "--per-album", "99"};
    all.insert(all.end(), flags.begin(), flags.end());
    return run(all).json().at("tracks").size();
  };
  EXPECT_EQ(limit({}), 7U);
  ::setenv("ATTACCA_LIMIT", "3", 1);
  EXPECT_EQ(limit({}), 3U);
  EXPECT_EQ(limit({"--limit", "2"}), 2U);
  ::unsetenv("ATTACCA_LIMIT");
  EXPECT_EQ(run({"settings", "--json"}).json().at("representation"), "small");
  EXPECT_EQ(run({"settings", "--markdown"}).out, settingsDocumentation());
}

TEST_F(Commands, AReaderThatGoesAwayIsNoError) {
  const std::string command = fmt::format("{} --archive {} tracks | true; exit ${{PIPESTATUS[0]}}",
                                          ATTACCA_PROGRAM, place_->archive().native());
  EXPECT_EQ(WEXITSTATUS(std::system(fmt::format("bash -c '{}'", command).c_str())), 0);
}

TEST_F(Commands, AFullOutputIsAnError) {
  const std::string command = fmt::format("{} --archive {} tracks >/dev/full 2>/dev/null",
                                          ATTACCA_PROGRAM, place_->archive().native());
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
}

}  // namespace
}  // namespace attacca::test
