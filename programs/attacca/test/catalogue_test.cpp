// Import, export, works, people and corrections, as a person types them.
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>

#include "attacca/base/file.h"

#include "run.h"

namespace attacca::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kRows = R"([
 {"album_id": 2, "album_name": "Live", "track_no": 1, "track_id": 106,
  "title": "Serenade For Strings In E Major, Op. 22: I. Moderato", "composers": "A. Dvorak",
  "arrangers": "NaN", "labels": "Own", "release_date": "26-Jul-08",
  "audio_s3_key": "Live/01-Moderato.m4a", "duration": "0:05:53"},
 {"album_id": 2, "album_name": "Live", "track_no": 2, "track_id": 107,
  "title": "Serenade For Strings In E Major, Op. 22: II. Tempo di valse",
  "composers": "Antonin Dvorak", "arrangers": null, "labels": NaN, "release_date": "8/2/2000",
  "audio_s3_key": "Live/02-Tempo.m4a", "duration": "0:06:00"},
 {"album_id": 2, "album_name": "Live", "track_no": 3, "track_id": 108, "title": "NaN"}
])";

class CatalogueCommands : public testing::Test {
 protected:
  CatalogueCommands() { write("rows.json", kRows); }

  std::string write(const std::string& name, const std::string& text) {
    const auto path = place_ / name;
    std::ofstream(path) << text;
    return path.native();
  }
  Ended run(const std::vector<std::string>& arguments) const { return place_.run(arguments); }
  Ended import(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"import", (place_ / "rows.json").native()});
    return run(more);
  }
  nlohmann::json tracks() { return run({"tracks", "--json"}).json().at("tracks"); }

  Place place_;
};

TEST_F(CatalogueCommands, ImportTakesWhatItCanAndSaysWhatItCannot) {
  const Ended ended = import({"--json"});
  EXPECT_EQ(ended.code, 3) << ended.err;
  const auto json = ended.json();
  EXPECT_EQ(json.at("added"), 2);
  ASSERT_THAT(json.at("refused"), SizeIs(1));
  EXPECT_EQ(json.at("refused")[0].at("line"), 10);
  EXPECT_THAT(json.at("refused")[0].at("text").get<std::string>(), HasSubstr("no title"));
  ASSERT_THAT(json.at("notes"), SizeIs(1));
  EXPECT_THAT(json.at("notes")[0].at("text").get<std::string>(), HasSubstr("8/2/2000"));
  ASSERT_THAT(tracks(), SizeIs(2));
  EXPECT_EQ(tracks()[0].at("external_id"), "106");
  EXPECT_EQ(tracks()[0].at("heard"), false);
  EXPECT_THAT(run({"tracks"}).out, HasSubstr("not heard yet"));
  EXPECT_THAT(run({"status"}).out, HasSubstr("2 not heard yet"));
  EXPECT_EQ(run({"verify"}).code, 0);
}

TEST_F(CatalogueCommands, ImportAgainChangesNothingAndSaysSo) {
  import();
  const Ended again = import();
  EXPECT_THAT(again.out, HasSubstr("nothing changed"));
  EXPECT_EQ(import({"--json"}).json().at("unchanged"), 2);
}

TEST_F(CatalogueCommands, RowsThatAreNotThereAnyMoreAreNamedAndStay) {
  import();
  write("rows.json",
        R"([{"track_id": 107, "album_id": 2, "title": "Tempo di valse", "composers": "Dvorak"}])");
  const Ended again = import();
  EXPECT_THAT(again.out, HasSubstr("1 rows that this catalogue had before are not in it"));
  EXPECT_THAT(again.out, HasSubstr("Moderato"));
  EXPECT_THAT(tracks(), SizeIs(2));
  const auto missing = import({"--json", "--dry-run"}).json().at("missing");
  ASSERT_THAT(missing, SizeIs(1));
  EXPECT_EQ(missing[0].at("external_id"), "106");
  EXPECT_EQ(run({"remove", std::to_string(missing[0].at("id").get<int>())}).code, 0);
  EXPECT_THAT(import({"--json"}).json().at("missing"), SizeIs(0));
}

TEST_F(CatalogueCommands, ADryRunSaysWhatWouldChangeAndKeepsNothing) {
  import();
  std::string changed(kRows);
  changed.replace(changed.find("I. Moderato"), 11, "I. Allegro ");
  write("rows.json", changed);
  const Ended tried = import({"--dry-run"});
  EXPECT_THAT(tried.out, HasSubstr("would change: Serenade"));
  EXPECT_THAT(tracks()[0].at("title").get<std::string>(), HasSubstr("Moderato"));
  import();
  EXPECT_THAT(tracks()[0].at("title").get<std::string>(), HasSubstr("Allegro"));
}

TEST_F(CatalogueCommands, AlbumsAndTracksMayBeTwoTables) {
  const auto albums = write("albums.csv",
                            "\xEF\xBB\xBFid;title;release_date;shelf\r\n7;Serenades;1997 to 2006;"
                            "B 12\r\n");
  const auto tracks_csv = write("tracks.csv",
                                "id,album_id,Nr,St\xFC"
                                "ck,composers\n1,7,1,Larghetto,Dvo\xF8k\n2,7,2\n");
  const Ended ended =
      run({"import", albums, tracks_csv, "--map", "title=Stück", "--map", "track=Nr", "--json"});
  EXPECT_EQ(ended.code, 3) << ended.err;
  EXPECT_EQ(ended.json().at("added"), 1);
  EXPECT_EQ(ended.json().at("refused")[0].at("line"), 3);
  EXPECT_THAT(ended.json().at("kept_columns"), ElementsAre("shelf"));
  ASSERT_THAT(tracks(), SizeIs(1));
  EXPECT_EQ(tracks()[0].at("album"), "Serenades");
  EXPECT_EQ(tracks()[0].at("title"), "Larghetto");
  EXPECT_EQ(tracks()[0].at("track_number"), 1);
  EXPECT_THAT(run({"export", "catalogue"}).out, HasSubstr("1997/2006"));
}

TEST_F(CatalogueCommands, FilesThatAreNoCatalogueAreRefusedWithTheLine) {
  EXPECT_EQ(run({"import", write("a.json", "{\"title\": \"a\"}")}).code, 1);
  const Ended ended = run({"import", write("b.json", "[{\"title\": \"a\"}\n{}]")});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("line 2"));
  EXPECT_EQ(run({"import", write("c.csv", "id,length\n1,2\n")}).code, 2);
  EXPECT_EQ(run({"import", write("d.csv", "title\nx\n"), "--map", "composer=Komponist"}).code, 2);
  EXPECT_EQ(run({"import", (place_ / "none.json").native()}).code, 1);
}

TEST_F(CatalogueCommands, ExportGivesEverythingBack) {
  import();
  const Ended csv = run({"export", "catalogue"});
  EXPECT_EQ(csv.code, 0) << csv.err;
  EXPECT_THAT(csv.out, HasSubstr("track_id,title,album"));
  EXPECT_THAT(csv.out, HasSubstr("\n106,"));
  EXPECT_THAT(csv.out, HasSubstr("Antonín Dvořák"));
  const auto output = (place_ / "out.json").native();
  EXPECT_EQ(run({"export", "catalogue", "--format", "json", "--output", output}).code, 0);
  const auto json = nlohmann::json::parse(readFile(output));
  ASSERT_THAT(json, SizeIs(2));
  EXPECT_EQ(json[0].at("track_id"), "106");
  EXPECT_EQ(json[0].at("composer"), "Antonín Dvořák");
  EXPECT_EQ(json[0].at("work_id"), json[1].at("work_id"));
  EXPECT_EQ(json[0].at("file"), "Live/01-Moderato.m4a");
  EXPECT_EQ(json[0].at("row").at("labels"), "Own");
}

TEST_F(CatalogueCommands, WorksAndPeopleReadWell) {
  import();
  const auto works = run({"works", "dvorak", "serenade", "--json"}).json().at("works");
  ASSERT_THAT(works, SizeIs(1));
  EXPECT_EQ(works[0].at("tracks"), 2);
  const auto work = run({"work", "serenade"});
  EXPECT_EQ(work.code, 0) << work.err;
  EXPECT_THAT(work.out, HasSubstr("Live"));
  EXPECT_LT(work.out.find("oderato"), work.out.find("alse"));
  EXPECT_THAT(run({"work", "serenade", "--why"}).out, HasSubstr("%: "));
  EXPECT_THAT(run({"people", "dvorak"}).out, HasSubstr("1841-1904"));
  EXPECT_THAT(run({"people", "dvorak"}).out, HasSubstr("A. Dvorak"));
  EXPECT_THAT(run({"tracks", "--why"}).out, HasSubstr("composer Antonín Dvořák"));
  EXPECT_EQ(run({"work", "999"}).code, 1);
}

TEST_F(CatalogueCommands, CorrectionsOutliveAnotherImportAndCanBeUndone) {
  import();
  EXPECT_EQ(run({"edit", "moderato", "composer=Josef Suk", "movement_number=4"}).code, 0);
  import();
  EXPECT_THAT(tracks()[0].at("composers"), ElementsAre("Josef Suk"));
  EXPECT_EQ(tracks()[0].at("movement_number"), 4);
  EXPECT_THAT(run({"edit", "--list"}).out, HasSubstr("Josef Suk"));
  EXPECT_EQ(run({"edit", "--undo", "1", "--undo", "2"}).code, 0);
  EXPECT_THAT(tracks()[0].at("composers"), ElementsAre("Antonín Dvořák"));
  EXPECT_EQ(run({"edit", "--undo", "1"}).code, 1);
  EXPECT_EQ(run({"edit", "moderato", "colour=blue"}).code, 2);
  EXPECT_EQ(run({"edit", "moderato"}).code, 2);
  EXPECT_EQ(run({"edit", "composer=x"}).code, 2);
}

TEST_F(CatalogueCommands, CorrectionsCanBeShared) {
  import();
  run({"edit", "--work", "serenade", "period=baroque", "title=Serenade"});
  run({"edit", "--person", "A. Dvorak", "born=1840"});
  const auto file = (place_ / "corrections.json").native();
  EXPECT_EQ(run({"export", "corrections", "--output", file}).code, 0);
  Place other;
  std::ofstream(other / "rows.json") << kRows;
  other.run({"import", (other / "rows.json").native()});
  EXPECT_THAT(other.run({"import", "--corrections", file}).out, HasSubstr("3 new"));
  EXPECT_THAT(other.run({"import", "--corrections", file}).out, HasSubstr("0 new"));
  EXPECT_EQ(other.run({"works", "--json"}).json().at("works")[0].at("period"), "baroque");
  EXPECT_THAT(other.run({"people"}).out, HasSubstr("1840-1904"));
}

TEST_F(CatalogueCommands, AudioThatIsAddedLaterIsJoinedToItsRow) {
  import();
  std::filesystem::create_directories(place_.music() / "Live");
  writeWav(place_.music() / "Live/01-Moderato.wav", 3.5, 1);
  ASSERT_EQ(run({"add", place_.music().native()}).code, 0);
  ASSERT_THAT(tracks(), SizeIs(2));
  EXPECT_EQ(tracks()[0].at("external_id"), "106");
  EXPECT_EQ(tracks()[0].at("heard"), true);
  EXPECT_THAT(tracks()[0].at("composers"), ElementsAre("Antonín Dvořák"));
  EXPECT_EQ(import({"--json"}).json().at("unchanged"), 2);
  EXPECT_EQ(run({"verify"}).code, 0);
  const Ended similar = run({"similar", "valse"});
  EXPECT_EQ(similar.code, 1);
  EXPECT_THAT(similar.err, HasSubstr("not heard"));
}

}  // namespace
}  // namespace attacca::test
