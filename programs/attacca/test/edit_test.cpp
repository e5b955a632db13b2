// Corrections, as a person types them.
#include <fstream>

#include <gmock/gmock.h>

#include "run.h"

namespace attacca::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kRows = R"([
 {"album_id": 2, "album_name": "Live", "track_no": 1, "track_id": 1, "title": "Waltz",
  "composers": "Johann Strauss", "release_date": "1998"},
 {"album_id": 2, "album_name": "Live", "track_no": 2, "track_id": 2, "title": "Polka",
  "composers": "J. Strauss", "release_date": "1998"},
 {"album_id": 2, "album_name": "Live", "track_no": 3, "track_id": 3,
  "title": "Sonata in F for viola", "composers": "Marta Elson", "release_date": "1998"},
 {"album_id": 2, "album_name": "Live", "track_no": 4, "track_id": 4, "title": "Largo",
  "composers": "M. Elsone", "release_date": "1998"}
])";

class Edit : public testing::Test {
 protected:
  Edit() {
    std::ofstream(place_ / "rows.json") << kRows;
    import();
  }

  Ended import() const { return run({"import", (place_ / "rows.json").native()}); }
  Ended run(const std::vector<std::string>& arguments) const { return place_.run(arguments); }
  void edit(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "edit");
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("changed: "));
  }
  nlohmann::json track(int id) const {
    const auto json = run({"tracks", "--json"}).json();
    for (const auto& one : json.at("tracks")) {
      if (one.at("external_id") == std::to_string(id)) return one;
    }
    throw std::runtime_error("no such track");
  }
  std::vector<std::string> people() const {
    std::vector<std::string> names;
    const auto json = run({"people", "--json"}).json();
    for (const auto& one : json.at("people")) {
      names.push_back(one.at("name"));
    }
    return names;
  }

  Place place_;
};

TEST_F(Edit, ASpellingOfSomebodyElseIsSplitOff) {
  EXPECT_THAT(track(2).at("composers"), ElementsAre("Johann Strauss II"));
  edit({"--person", "Johann Strauss II", "split=J. Strauss"});
  EXPECT_THAT(track(1).at("composers"), ElementsAre("Johann Strauss II"));
  EXPECT_THAT(track(2).at("composers"), ElementsAre("J. Strauss"));
  edit({"--person", "J. Strauss", "same_as=Josef Strauss"});
  EXPECT_THAT(track(2).at("composers"), ElementsAre("Josef Strauss"));
  import();
  EXPECT_THAT(track(2).at("composers"), ElementsAre("Josef Strauss"));
  edit({"--undo", "1", "--undo", "2"});
  EXPECT_THAT(track(2).at("composers"), ElementsAre("Johann Strauss II"));
}

TEST_F(Edit, OnlyASpellingThatWasTakenForSomebodyCanBeSplitOff) {
  const Ended ended = run({"edit", "--person", "Johann Strauss II", "split=E. Strauss"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("E. Strauss"), HasSubstr("J. Strauss")));
  EXPECT_THAT(run({"edit", "--list"}).out, IsEmpty());
}

TEST_F(Edit, PeopleAreMergedAndNamed) {
  EXPECT_THAT(people(), SizeIs(3));
  edit({"--person", "M. Elsone", "same_as=Marta Elson"});
  EXPECT_THAT(people(), ElementsAre("Marta Elson", "Johann Strauss II"));
  // The Largo is the sonata's now.
  EXPECT_EQ(track(4).at("work_id"), track(3).at("work_id"));
  EXPECT_EQ(run({"edit", "--person", "Marta Elson", "same_as=M. Elsone"}).code, 2);
  edit({"--person", "Marta Elson", "name=Márta Elson", "born=1901"});
  EXPECT_THAT(track(4).at("composers"), ElementsAre("Márta Elson"));
  EXPECT_THAT(run({"people", "elson"}).out, HasSubstr("1901-"));
  edit({"--undo", "1"});
  EXPECT_THAT(people(), SizeIs(3));
}

TEST_F(Edit, ATrackIsSetApartFromTheWorkItWasTakenFor) {
  edit({"--person", "M. Elsone", "same_as=Marta Elson"});
  edit({"largo", "own_work=Largo for Anna"});
  EXPECT_NE(track(4).at("work_id"), track(3).at("work_id"));
  EXPECT_THAT(run({"works", "anna"}).out, HasSubstr("Largo for Anna"));
  EXPECT_THAT(run({"tracks", "--why"}).out, HasSubstr("by hand"));
  import();
  EXPECT_EQ(track(4).at("work"), "Largo for Anna");
  edit({"--undo", "2"});
  EXPECT_EQ(track(4).at("work_id"), track(3).at("work_id"));
}

TEST_F(Edit, AnAlbumIsCorrectedAndSharedLikeTheRest) {
  edit({"--album", "live", "title=Vienna, Live", "date=2-Jan-99", "artist=A Quartet; Anna Bow",
        "conductor=Maria Baton"});
  const auto check = [](const Place& place) {
    const auto album = place.run({"albums", "--json"}).json().at("albums").at(0);
    EXPECT_EQ(album.at("title"), "Vienna, Live");
    EXPECT_EQ(album.at("date"), "1999-01-02");
    EXPECT_THAT(album.at("artists"), ElementsAre("A Quartet", "Anna Bow"));
    const auto track = place.run({"tracks", "--json"}).json().at("tracks").at(0);
    EXPECT_EQ(track.at("album"), "Vienna, Live");
    EXPECT_THAT(track.at("conductors"), ElementsAre("Maria Baton"));
    EXPECT_THAT(place.run({"export", "catalogue"}).out,
                HasSubstr("\"Vienna, Live\",A Quartet;Anna Bow,1999-01-02"));
  };
  check(place_);
  import();
  check(place_);
  const auto file = (place_ / "corrections.json").native();
  ASSERT_EQ(run({"export", "corrections", "--output", file}).code, 0);
  Place other;
  ASSERT_EQ(other.run({"import", (place_ / "rows.json").native()}).code, 0);
  EXPECT_THAT(other.run({"import", "--corrections", file}).out, HasSubstr("4 new"));
  check(other);
  edit({"--undo", "1", "--undo", "2", "--undo", "3", "--undo", "4"});
  EXPECT_THAT(run({"albums"}).out, AllOf(HasSubstr("Live"), Not(HasSubstr("Vienna"))));
  EXPECT_EQ(run({"edit", "--album", "live", "date=once"}).code, 2);
  EXPECT_EQ(run({"edit", "--album", "live", "genre=x"}).code, 2);
}

}  // namespace
}  // namespace attacca::test
