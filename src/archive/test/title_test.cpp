#include "title.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "known_works.h"

namespace attacca::archive {
namespace {

struct Case {
  std::string title, work, movement;
  int number = 0;
};

TEST(Title, TheMovementIsToldFromTheWork) {
  for (const Case& one : std::vector<Case>{
           {"Concerto For 2 Violins And Strings, Op. 77: I. Allegro Risoluto",
            "Concerto For 2 Violins And Strings, Op. 77", "Allegro Risoluto", 1},
           {"Quartetto Serioso No.11 In F Minor, Op.95 - Allegro Con Brio",
            "Quartetto Serioso No.11 In F Minor, Op.95", "Allegro Con Brio", 0},
           {"Concerto In G Minor \"Summer\", Op. 8 No. 2: 2. Adagio",
            "Concerto In G Minor \"Summer\", Op. 8 No. 2", "Adagio", 2},
           {"Riguadon from Holberg Suite", "Holberg Suite", "Riguadon", 0},
           {"Serenade for Strings Op. 48 Walzer", "Serenade for Strings Op. 48", "Walzer", 0},
           {"Sinfonia Concertante Allegro Maestoso", "Sinfonia Concertante", "Allegro Maestoso", 0},
           {"Eine Kleine Nachtmusik (Finale)", "Eine Kleine Nachtmusik", "Finale", 0},
           {"Quartet in D minor, I. Allegro", "Quartet in D minor", "Allegro", 1},
           {"Konzert f\xC3\xBCr zwei Violinen d-Moll, BWV 1043 - 2. Satz Largo",
            "Konzert f\xC3\xBCr zwei Violinen d-Moll, BWV 1043", "Largo", 2},
           {"Serenade, Op 6: IV Allegro giocoso, ma non troppo presto", "Serenade, Op 6",
            "Allegro giocoso, ma non troppo presto", 4},
           {"Symphony No. 5 (Live)", "Symphony No. 5", "", 0},
           {"Introduction & Rondo-Capriccioso", "Introduction & Rondo-Capriccioso", "", 0},
           {"Prelude in E Flat, Op. 23: No. 6", "Prelude in E Flat, Op. 23: No. 6", "", 0},
           {"Dichterliebe, Op.48: 2. Aus Meinen Tr\xC3\xA4nen", "Dichterliebe, Op.48",
            "Aus Meinen Tr\xC3\xA4nen", 2},
           {"Dichterliebe, Op. 48 - Aus alten M\xC3\xA4rchen", "Dichterliebe, Op. 48",
            "Aus alten M\xC3\xA4rchen", 0},
           {"Symphonie Nr. 9 \"Aus der Neuen Welt\": Largo",
            "Symphonie Nr. 9 \"Aus der Neuen Welt\"", "Largo", 0},
           {"Rigaudon - from Holberg Suite", "Holberg Suite", "Rigaudon", 0},
           {"six little piano pieces, op.19, mvt 2 - langsam", "six little piano pieces, op.19",
            "langsam", 2},
           {"quatre polonaises, op.1, mvt 1", "quatre polonaises, op.1", "", 1},
           {"Stabat Mater: 10. Fac ut portem", "Stabat Mater", "Fac ut portem", 10},
           {"Koncert fortepianowy f-moll, cz. II Larghetto", "Koncert fortepianowy f-moll",
            "Larghetto", 2},
           {"Tanz der Stunden a.d. Lindauer Suite", "Lindauer Suite", "Tanz der Stunden", 0},
           {"Romans ur Lindauer-sviten", "Lindauer-sviten", "Romans", 0},
           {"propina: Concierto de Lindau - II. Largo", "Concierto de Lindau", "Largo", 2},
           {"Suite in C (Bourr\xC3\xA9"
            "e/Gavotte/Gigue)",
            "Suite in C", "", 0},
           {"Nocturne in B (sop. Ada Lindqvist)", "Nocturne in B", "", 0},
       }) {
    const Title title = readTitle(one.title);
    EXPECT_EQ(title.work.text, one.work) << one.title;
    EXPECT_EQ(title.movement, one.movement) << one.title;
    EXPECT_EQ(title.movement_number, one.number) << one.title;
  }
}

TEST(Title, AMovementAloneIsSeenAsSuch) {
  EXPECT_TRUE(readTitle("II. Andante").movement_only);
  EXPECT_EQ(readTitle("II. Andante").movement_number, 2);
  EXPECT_TRUE(readTitle("Scherzo. Presto - Trio. Andante sostenuto").movement_only);
  EXPECT_FALSE(readTitle("Adagio in G minor").movement_only);
}

TEST(Title, NamesOfMakersAreNoPartOfTheWork) {
  const std::vector<std::string> surnames = {"wieniawski"};
  const Title title = readTitle("Wieniawski: Romance from Violin Concerto No. 2", surnames);
  EXPECT_EQ(title.work.text, "Violin Concerto No. 2");
  EXPECT_EQ(title.movement, "Romance");
  EXPECT_EQ(readTitle("Chaconne (arr. by F. Busoni for piano)").arranger, "F. Busoni");
}

TEST(WorkName, CatalogueNumbersAreReadInAllTheirForms) {
  for (const auto& [written, text] :
       std::vector<std::pair<std::string, std::string>>{{"Sonata K. 331", "K. 331"},
                                                        {"Divertimento K136", "K. 136"},
                                                        {"Adagio KV 546", "K. 546"},
                                                        {"Suite, Bmv 1068", "BWV 1068"},
                                                        {"Sonata Op.27/2", "Op. 27 No. 2"},
                                                        {"Sonate op. 27 Nr. 2", "Op. 27 No. 2"},
                                                        {"Serenade, Op. 27a", "Op. 27a"},
                                                        {"Concerto, Hob. VIIb:1", "Hob. VIIb:1"},
                                                        {"Concerto TWV 51:G9", "TWV 51:G9"},
                                                        {"Rhapsody S. 244/2", "S. 244/2"},
                                                        {"Impromptu D899 No. 3", "D. 899 No. 3"},
                                                        {"Fur Elise, WoO 59", "WoO 59"},
                                                        {"Concerto RV269", "RV 269"},
                                                        {"Dances Sz 56", "Sz. 56"}}) {
    const WorkName name = readWork(written);
    ASSERT_EQ(name.numbers.size(), 1U) << written;
    EXPECT_EQ(name.numbers[0].text(), text) << written;
  }
  EXPECT_EQ(readWork("Menuet from Quartet 275 No. 5").numbers.at(0).number, "275");
  EXPECT_TRUE(readWork("Concerto in D 4 movements").numbers.empty());
}

TEST(WorkName, KeysAreReadInSeveralLanguages) {
  for (const auto& [written, text] : std::vector<std::pair<std::string, std::string>>{
           {"Sonata in E flat major", "E-flat major"},
           {"Octet in E-flat Major", "E-flat major"},
           {"Streichoktett Es-Dur", "E-flat major"},
           {"Messe h-Moll", "B minor"},
           {"Quartett B-Dur", "B-flat major"},
           {"Sonate en la majeur", "A major"},
           {"Concerto in re minore", "D minor"},
           {"Trio en si b\xC3\xA9mol majeur", "B-flat major"},
           {"Prelude in C# Minor", "C-sharp minor"},
           {"Prelude in C\xE2\x99\xAF minor", "C-sharp minor"},
           {"Chacony in g minor", "G minor"},
           {"Romance in F", "F major"},
           {"Suite fis-moll", "F-sharp minor"},
           {"Valse en la b\xC3\xA9mol", "A-flat major"},
           {"Kvartet d moll", "D minor"},
           {"Sonata in fa min.", "F minor"}}) {
    EXPECT_EQ(readWork(plainText(written)).key.text(), text) << written;
  }
  EXPECT_FALSE(readWork("Blue in Green").key);
}

TEST(WorkName, FormsAreOneAcrossLanguages) {
  EXPECT_EQ(readWork("Sonate").form, readWork("Sonata").form);
  EXPECT_EQ(readWork("Konzert").form, readWork("Concerto").form);
  EXPECT_EQ(readWork("Quartetto").form, readWork("String Quartet").form);
  EXPECT_EQ(readWork("Partitta No. 2").form, "partita");
  EXPECT_EQ(readWork("Walzer").form, readWork("Valse").form);
  EXPECT_EQ(readWork("Uvertyr").form, "overture");
  EXPECT_EQ(readWork("Etiuda nr 3").form, "etude");
  EXPECT_EQ(readWork("VI Symfonia").number, 6);
  EXPECT_EQ(readWork("Derde symfonie").number, 3);
  EXPECT_EQ(readWork("Sonata \xC4\x8D. 2").number, 2);
  EXPECT_EQ(readWork("Sonate op. 14,2").numbers[0].part, "2");
  EXPECT_EQ(
      agree(readWork("Koncert skrzypcowy").instruments, readWork("Violin Concerto").instruments),
      1);
  EXPECT_EQ(agree(readWork("Koncert pro lesn\xC3\xAD roh").instruments,
                  readWork("Horn Concerto").instruments),
            1);
  EXPECT_EQ(agree(readWork("Concerto for two violins").instruments,
                  readWork("Konzert f\xC3\xBCr zwei Violinen").instruments),
            1);
  EXPECT_EQ(agree(readWork("Concerto for two violins").instruments,
                  readWork("Violin Concerto").instruments),
            -1);
  EXPECT_EQ(agree(readWork("Violin Sonata").instruments,
                  readWork("Sonata for Violin and Piano").instruments),
            1);
}

TEST(Title, AHighOrdinalNumbersAPiece) {
  EXPECT_EQ(readTitle("24e Caprice en la mineur").work.number, 24);
  EXPECT_EQ(readTitle("18th Variation").work.number, 0);
}

}  // namespace
}  // namespace attacca::archive
