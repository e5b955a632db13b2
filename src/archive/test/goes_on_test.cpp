// What goes on with the work of the track before, and what an album's title tells of its tracks, in
// rows that were made up for each rule.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attacca/archive/works.h"

namespace attacca::archive {
namespace {

struct Line {
  std::string title;
  std::string composers;
  std::string arrangers;
};

using Said = std::vector<std::string>;

// "composers / arrangers, movement" of each row of one album, a sign for each work before them.
Said read(const std::vector<Line>& lines, const std::string& album_title = "") {
  std::vector<WrittenTrack> tracks;
  for (const Line& line : lines) {
    WrittenTrack track;
    track.id = static_cast<std::int64_t>(tracks.size()) + 1;
    track.album = 1;
    track.album_title = album_title;
    track.position = static_cast<int>(tracks.size()) + 1;
    track.title = line.title;
    if (!line.composers.empty()) track.composers = {line.composers};
    if (!line.arrangers.empty()) track.arrangers = {line.arrangers};
    tracks.push_back(std::move(track));
  }
  Said said;
  std::vector<std::size_t> works;
  for (const ConcludedTrack& track : conclude(tracks).tracks) {
    std::string text = "-";
    if (track.work) {
      auto at = std::find(works.begin(), works.end(), *track.work);
      if (at == works.end()) at = works.insert(works.end(), *track.work);
      text = std::string(1, static_cast<char>('A' + (at - works.begin())));
    }
    for (const Credit& credit : track.composers) text += " " + credit.name;
    if (!track.arrangers.empty()) text += " /";
    for (const Credit& credit : track.arrangers) text += " " + credit.name;
    if (track.movement_number) text += ", " + std::to_string(*track.movement_number);
    said.push_back(text);
  }
  return said;
}

TEST(GoesOn, AMovementWithoutAComposerIsByWhoeverMadeItsWork) {
  EXPECT_EQ(read({{"Divertimento in D, K. 136: I. Allegro", "Mozart", ""},
                  {"II. Andante", "", ""},
                  {"III. Presto", "", ""}}),
            (Said{"A Wolfgang Amadeus Mozart, 1", "A Wolfgang Amadeus Mozart, 2",
                  "A Wolfgang Amadeus Mozart, 3"}));
  // Nobody is named at all.
  EXPECT_EQ(read({{"Adagio", "", ""}, {"Largo", "", ""}})[1].substr(1), "");
}

TEST(GoesOn, OfAListOfTheAlbumsComposersTheWorkTellsWhich) {
  EXPECT_EQ(
      read({{"Borodin - String Quartet No. 2 in D - I. Allegro moderato", "Borodin; Ravel", ""},
            {"II. Scherzo", "Borodin; Ravel", ""},
            {"Ravel - String Quartet in F - Allegro moderato", "Borodin; Ravel", ""},
            {"Assez vif", "Borodin; Ravel", ""}}),
      (Said{"A Alexander Borodin, 1", "A Alexander Borodin, 2", "B Maurice Ravel, 1",
            "B Maurice Ravel, 2"}));
}

TEST(GoesOn, AWordForTheSameSaysSo) {
  for (const std::string same : {"id. :", "Idem,", "ibid.", "dto.", "ebenda:"}) {
    EXPECT_EQ(read({{"Symphonie n\xC2\xB0 88 en sol majeur : Adagio - Allegro", "HAYDN", ""},
                    {same + " Largo", "HAYDN", ""},
                    {same + " Menuetto", "HAYDN", ""}}),
              (Said{"A Joseph Haydn, 1", "A Joseph Haydn, 2", "A Joseph Haydn, 3"}))
        << same;
  }
  // A piece may be called so, and somebody else's work does not go on.
  EXPECT_EQ(read({{"Nocturne", "Adaeze Okonkwo", ""}, {"Idyll", "Adaeze Okonkwo", ""}})[1],
            "B Adaeze Okonkwo");
  EXPECT_EQ(read({{"Symphony No. 88 in G: Largo", "Haydn", ""}, {"id. Rondo", "Mozart", ""}})[1][0],
            'B');
}

TEST(GoesOn, ANumberWithoutAMarkCountsOn) {
  EXPECT_EQ(read({{"St Paul's Suite - 1 Jig", "Holst", ""}, {"2 Intermezzo", "", ""}})[1][0], 'A');
  EXPECT_EQ(read({{"St Paul's Suite", "Holst", ""}, {"2 Waltzes", "", ""}})[1][0], 'B');
}

TEST(GoesOn, ALaterPartIsKnownByItsName) {
  EXPECT_EQ(read({{"Nutcracker Suite, Op. 71a: Miniature Overture", "Tchaikovsky", ""},
                  {"March", "Tchaikovsky", ""},
                  {"Waltz of the Flowers", "Tchaikovsky", ""}}),
            (Said{"A Pyotr Ilyich Tchaikovsky, 1", "A Pyotr Ilyich Tchaikovsky, 2",
                  "A Pyotr Ilyich Tchaikovsky, 8"}));
  // Alone it is the ballet's, and has no number.
  EXPECT_EQ(read({{"Waltz of the Flowers", "Tchaikovsky", ""}}),
            (Said{"A Pyotr Ilyich Tchaikovsky"}));
}

TEST(GoesOn, AnOperasPartsHaveTheNumbersThatTitlesState) {
  EXPECT_EQ(read({{"Die Zauberfl\xC3\xB6te: Arie des Sarastro", "Mozart", ""},
                  {"Die Zauberfl\xC3\xB6te: Nr. 7 Bei M\xC3\xA4nnern, welche Liebe f\xC3\xBChlen",
                   "Mozart", ""}}),
            (Said{"A Wolfgang Amadeus Mozart", "A Wolfgang Amadeus Mozart, 7"}));
}

TEST(AlbumTitle, NamesWhoMadeWhatItsRowsDoNotName) {
  EXPECT_EQ(read({{"Largo al factotum", "", ""}, {"Ouverture", "", ""}, {"Applaus", "", ""}},
                 "Rossini: Il barbiere di Siviglia (brani scelti)"),
            (Said{"A Gioachino Rossini", "A Gioachino Rossini", "-"}));
  EXPECT_EQ(read({{"Der Elefant", "", ""}, {"Finale", "", ""}, {"Scherzo", "Grieg", ""}},
                 "Karneval der Tiere / Peter und der Wolf"),
            (Said{"A Camille Saint-Sa\xC3\xABns, 5", "A Camille Saint-Sa\xC3\xABns, 14",
                  "B Edvard Grieg"}));
}

TEST(AlbumTitle, OfSeveralComposersNamesNobody) {
  EXPECT_EQ(read({{"Andante", "", ""}}, "Haydn - Mozart - Schubert"), (Said{"A"}));
  EXPECT_EQ(read({{"Andante", "", ""}}, "Harbour Festival: Highlights"), (Said{"A"}));
}

TEST(Composer, WhoIsKnownForArrangementsGivesWayToTheWorks) {
  EXPECT_EQ(read({{"Air on the G String", "Wilhelmj", ""}}),
            (Said{"A Johann Sebastian Bach / August Wilhelmj, 2"}));
  // A player whom nobody knows arranged nothing.
  EXPECT_EQ(read({{"Erinnerungen an die Alhambra", "Brandtner, Ilse", ""}}),
            (Said{"A Francisco T\xC3\xA1rrega"}));
  // But a form and a key may be anybody's.
  EXPECT_EQ(read({{"Toccata and Fugue in D minor", "Ilse Brandtner", ""}}),
            (Said{"A Ilse Brandtner"}));
  EXPECT_EQ(read({{"Winter Birds of Alhambra", "Ilse Brandtner", ""}}), (Said{"A Ilse Brandtner"}));
}

TEST(Composer, WhatIsTraditionalIsNotItsArrangers) {
  EXPECT_EQ(read({{"Song of the Birds", "Trad. catalana", "Pau Casals"}}),
            (Said{"A Traditional / Pablo Casals"}));
}

TEST(Composer, ASingerInBracketsMadeNothing) {
  EXPECT_EQ(read({{"E lucevan le stelle (ten. Mario Verdi)", "Verdi", ""}}),
            (Said{"A Giacomo Puccini"}));
  EXPECT_EQ(read({{"Questa o quella (ten. Mario Rossi)", "Verdi", ""}})[0].substr(2),
            "Giuseppe Verdi");
}

TEST(Arranger, MayHaveOnlyInitials) {
  EXPECT_EQ(read({{"Once in royal David's city (harm. A. J. Peddlar)", "Gauntlett", ""}}),
            (Said{"A Henry John Gauntlett / A. J. Peddlar"}));
}

}  // namespace
}  // namespace attacca::archive
