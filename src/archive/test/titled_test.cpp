// Whom titles name, in rows that were made up for each rule.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attacca/archive/works.h"

namespace attacca::archive {
namespace {

struct Line {
  std::string title;
  std::string composers;
  std::string artists;
};

std::string names(const std::vector<Credit>& credits) {
  std::string text;
  for (const Credit& credit : credits) text += (text.empty() ? "" : "; ") + credit.name;
  return text;
}

// The rows of one album.
Conclusions album(const std::vector<Line>& lines) {
  std::vector<WrittenTrack> tracks;
  for (const Line& line : lines) {
    WrittenTrack track;
    track.id = static_cast<std::int64_t>(tracks.size()) + 1;
    track.album = 1;
    track.position = static_cast<int>(tracks.size()) + 1;
    track.title = line.title;
    if (!line.composers.empty()) track.composers = {line.composers};
    if (!line.artists.empty()) track.artists = {line.artists};
    tracks.push_back(std::move(track));
  }
  return conclude(tracks);
}

// "composers / arrangers" of each.
std::vector<std::string> makers(const std::vector<Line>& lines) {
  std::vector<std::string> said;
  for (const ConcludedTrack& track : album(lines).tracks) {
    const std::string arrangers = names(track.arrangers);
    said.push_back(names(track.composers) + (arrangers.empty() ? "" : " / " + arrangers));
  }
  return said;
}

// "composers / arrangers" of a row on an album of its own.
std::string maker(const Line& line) { return makers({line})[0]; }

using Names = std::vector<std::string>;

TEST(Titled, PlayersInTheComposersFieldHideNobody) {
  for (const std::string field :
       {"Harbour Brass Quintet", "Choir & Organ", "Koor en orgel", "Contestant 12", "Candidat no 3",
        "Kammerorchester Lindau", "Blockflötenquartett", "St. Olave School Singers"}) {
    EXPECT_EQ(maker({"Edvard Grieg: Holberg Suite - Air", field, ""}), "Edvard Grieg") << field;
    EXPECT_EQ(maker({"Morning Song", field, ""}), "") << field;
  }
}

TEST(Titled, TheArrangersFieldHoldsWhomeverTheTitleNames) {
  std::vector<WrittenTrack> tracks(4);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    tracks[i].id = static_cast<std::int64_t>(i) + 1;
    tracks[i].position = static_cast<int>(i) + 1;
    tracks[i].title = "Grieg: Holberg Suite - Air";
    tracks[i].composers = {i == 0 ? "Harbour Brass Quintet" : "Grieg"};
    tracks[i].arrangers = {"Busoni; Ulla Brandt"};
  }
  for (const ConcludedTrack& track : conclude(tracks).tracks) {
    EXPECT_EQ(names(track.composers), "Edvard Grieg");
    EXPECT_EQ(names(track.arrangers), "Ferruccio Busoni; Ulla Brandt");
  }
}

TEST(Titled, AnAlbumsNameForSeveralComposersIsAPerformers) {
  EXPECT_EQ(makers({{"BRAHMS Intermezzo op. 118 n.º 2", "Alba Conti", ""},
                    {"ALBENIZ Asturias", "Alba Conti", ""},
                    {"J. MARLOW Nocturne \"Tide\"", "Alba Conti", ""},
                    {"Own improvisation", "Alba Conti", ""}}),
            (Names{"Johannes Brahms", "Isaac Albéniz", "J. Marlow", ""}));
  // Whom nobody contradicts composed it.
  EXPECT_EQ(makers({{"Letters from Leipzig: 1. Bach at the organ", "Alba Conti", ""},
                    {"Letters from Leipzig: 2. Night", "Alba Conti", ""}}),
            (Names{"Alba Conti", "Alba Conti"}));
}

TEST(Titled, AListOfTheAlbumsComposersNamesOneATrack) {
  const std::string list = "Haydn; Ravel; Smetana; Odell";
  EXPECT_EQ(makers({{"Haydn: Piano Trio in G, Hob. XV:25 - 1. Andante", list, ""},
                    {"Odell (Brunn): Night Trio", list, ""},
                    {"Ravel - Piano Trio in A minor: I. Modéré", list, ""},
                    {"Bedřich Smetana: Trio, Op. 15", list, ""}}),
            (Names{"Joseph Haydn", "Odell / Brunn", "Maurice Ravel", "Bedřich Smetana"}));
  // Without a name in the title, the one who is known to have written the work.
  EXPECT_EQ(makers({{"Tzigane", "Ravel, Brahms, Bruch", ""},
                    {"Kol Nidrei", "Ravel, Brahms, Bruch", ""},
                    {"Hungarian Dance No. 5", "Ravel, Brahms, Bruch", ""}}),
            (Names{"Maurice Ravel", "Max Bruch", "Johannes Brahms"}));
  // Two who stand side by side on an album are composer and arranger.
  EXPECT_EQ(makers({{"Prelude in E", "Bach/Kreisler", ""},
                    {"Gavotte in E", "Bach/Kreisler", ""},
                    {"Grave in C minor", "Bach/Kreisler", ""}})[0],
            "Johann Sebastian Bach / Fritz Kreisler");
}

TEST(Titled, ArrangersAreMarkedInManyWays) {
  for (const std::string title :
       {"Morning Song (arr. for winds by Ulla Brandt)", "Morning Song, Satz: Ulla Brandt",
        "Morning Song (für Bläser eingerichtet von Ulla Brandt)", "Morning Song, bew. Ulla Brandt",
        "Morning Song (transcr.: Ulla Brandt)", "Morning Song (orchestrée par Ulla Brandt)",
        "Morning Song - arr. Ulla Brandt", "Morning Song (instr. Ulla Brandt)",
        "Morning Song (harm. Ulla Brandt)", "Morning Song (adapted by Ulla Brandt)",
        "Morning Song (real. Ulla Brandt)", "Morning Song (opr. Ulla Brandt)",
        "Morning Song, tr. Ulla Brandt", "Morning Song (trascrizione di Ulla Brandt)",
        "Morning Song (Bearb.: Ulla Brandt, 1998)"}) {
    EXPECT_EQ(maker({title, "Grieg", ""}), "Edvard Grieg / Ulla Brandt") << title;
  }
  // Words that are no marks there.
  for (const std::string title :
       {"Sonata: 2. Satz: Adagio", "Set me as a seal", "Suite for String Orch. (1948)",
        "Quartet, arr. for strings", "Original Version: Prelude"}) {
    EXPECT_EQ(maker({title, "Grieg", ""}), "Edvard Grieg") << title;
  }
}

TEST(Titled, PerformersFieldsMayNameTheArranger) {
  EXPECT_EQ(maker({"Morning Song", "Grieg", "Guitar ensemble, cond. + arr. U. Brandt"}),
            "Edvard Grieg / U. Brandt");
  EXPECT_EQ(maker({"Morning Song", "Grieg", "Streicherklasse; Satz: Ulla Brandt"}),
            "Edvard Grieg / Ulla Brandt");
  EXPECT_EQ(maker({"Morning Song", "Grieg", "Ulla Brandt, flute"}), "Edvard Grieg");
}

TEST(Titled, TheComposerStandsAnywhereInTheTitle) {
  for (const std::string title :
       {"If Ye Love Me [Tallis]", "If Ye Love Me (Thomas Tallis)", "If Ye Love Me - Tallis",
        "If Ye Love Me by Thomas Tallis", "TALLIS If Ye Love Me", "Tallis / If Ye Love Me",
        "T. Tallis, If Ye Love Me", "encore: Tallis: If Ye Love Me",
        "Motet No. 2 by Thomas Tallis: 1. Largo", "Motet in F, Thomas Tallis, Op. 4"})
    EXPECT_EQ(maker({title, "", ""}), "Thomas Tallis") << title;
  for (const std::string title :
       {"Hommage to Tallis", "Variations on a Theme by Thomas Tallis", "Fantasia (after Tallis)"})
    EXPECT_NE(maker({title, "Max Bruch", ""}), "Thomas Tallis") << title;
}

TEST(Titled, ABracketNamesMakerAndArranger) {
  EXPECT_EQ(maker({"Widmung (Schumann, transcr. Liszt S.566)", "Liszt", ""}),
            "Robert Schumann / Franz Liszt");
  EXPECT_EQ(maker({"Coventry Carol (trad., arr. Philip Teague)", "", ""}),
            "Traditional / Philip Teague");
  EXPECT_EQ(maker({"Adagio (Mozart, attrib. Haydn)", "", ""}), "Wolfgang Amadeus Mozart");
  EXPECT_EQ(maker({"Adagio (attrib. Corelli)", "", ""}), "Arcangelo Corelli");
}

TEST(Titled, TheFieldsComposerArrangedWhatTheTitleSaysIsAnothers) {
  EXPECT_EQ(maker({"Kreisler: Liebesleid", "Rachmaninoff", ""}),
            "Fritz Kreisler / Sergei Rachmaninoff");
  // No work of Haydn's is called so.
  EXPECT_EQ(maker({"Haydn: a portrait", "Max Bruch", ""}), "Max Bruch");
  // "Clair de lune" is Debussy's, whoever is credited, but not with that number.
  EXPECT_EQ(maker({"Clair de lune, Op. 46 No. 2", "Fauré", ""}), "Gabriel Fauré");
}

TEST(Titled, NobodyKnownStandsWhereOthersOfTheAlbumDo) {
  EXPECT_EQ(makers({{"Paul Hindemith: Trauermusik", "", ""},
                    {"Frank Martin: Ballade", "", ""},
                    {"Dieudonné Okpara: Lagos Nights", "", ""},
                    {"Peer Gynt: Morning", "", ""}}),
            (Names{"Paul Hindemith", "Frank Martin", "Dieudonné Okpara", ""}));
  EXPECT_EQ(makers({{"Locus iste (Anton Bruckner)", "", ""},
                    {"Ubi caritas (Maurice Duruflé)", "", ""},
                    {"Lux mundi (Paul Tidewell)", "", ""},
                    {"Lux mundi (Choir only)", "", ""}}),
            (Names{"Anton Bruckner", "Maurice Duruflé", "Paul Tidewell", ""}));
  // A single title is no habit.
  EXPECT_EQ(maker({"Dieudonné Okpara: Lagos Nights", "", ""}), "");
}

TEST(Titled, AShortNameIsThePlayersOfTheAlbum) {
  EXPECT_EQ(makers({{"Voluntary on a ground", "TIDEWELL", "Paul Tidewell, organ"},
                    {"Fantasia in G", "Bach", "Paul Tidewell, organ"}})[0],
            "Paul Tidewell");
}

TEST(Titled, NumbersOfWorksAreNotThoseOfMovements) {
  const Conclusions one = album({{"9. Sinfonie e-moll op. 95, 2. Satz", "Dvorak", ""},
                                 {"Symphony No. 9 in E minor, Op. 95: II. Largo", "Dvorak", ""},
                                 {"Concerto grosso op. VI n. 8", "Corelli", ""},
                                 {"Concerto grosso in G minor, Op. 6 No. 8", "Corelli", ""},
                                 {"1ère Gymnopédie", "Satie", ""},
                                 {"Gymnopédie 1", "Satie", ""},
                                 {"Litanies, JA 119", "Alain", ""},
                                 {"Litanies", "Alain", ""}});
  EXPECT_EQ(one.tracks[0].movement_number, 2);
  for (std::size_t i = 0; i < one.tracks.size(); i += 2)
    EXPECT_EQ(one.tracks[i].work, one.tracks[i + 1].work) << i;
}

TEST(Titled, PreludeAndFugueAreTheMovementsOfOneWork) {
  const Conclusions one = album({{"Fantasia in G minor, BWV 542", "Bach", ""},
                                 {"Fugue in G minor, BWV 542", "Bach", ""},
                                 {"Nocturne, Op. 99", "Grieg", ""},
                                 {"Mazurka, Op. 99", "Grieg", ""}});
  EXPECT_EQ(one.tracks[0].movement_number, 1);
  EXPECT_EQ(one.tracks[1].movement_number, 2);
  EXPECT_FALSE(one.tracks[2].movement_number);
  EXPECT_FALSE(one.tracks[3].movement_number);
}

TEST(Titled, AMovementIsNamedByItsPlaceOrItsOwnName) {
  const Conclusions one = album({{"Concerto for Two Violins, slow movement", "Bach", ""},
                                 {"Concerto for Two Violins, last movement", "Bach", ""},
                                 {"Im wunderschönen Monat Mai", "Schumann", ""},
                                 {"Dichterliebe, Op. 48", "Schumann", ""}});
  EXPECT_EQ(one.tracks[0].movement_number, 2);
  EXPECT_EQ(one.tracks[1].movement_number, 3);
  EXPECT_EQ(one.tracks[2].movement_number, 1);
  EXPECT_EQ(one.tracks[2].work, one.tracks[3].work);
}

TEST(Titled, AFugueInTheKeyOfThePreludeBeforeItIsItsSecondPart) {
  const Conclusions one = album({{"Prelude in C minor, Green Book", "Ada Moor", ""},
                                 {"Fugue in C minor, Green Book", "Ada Moor", ""},
                                 {"Prelude in D minor", "Ada Moor", ""},
                                 {"Fugue in E minor", "Ada Moor", ""}});
  EXPECT_EQ(one.tracks[0].work, one.tracks[1].work);
  EXPECT_EQ(one.tracks[1].movement_number, 2);
  EXPECT_NE(one.tracks[2].work, one.tracks[3].work);
  EXPECT_FALSE(one.tracks[3].movement_number);
}

}  // namespace
}  // namespace attacca::archive
