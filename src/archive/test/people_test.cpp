#include "attacca/archive/people.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const NameAuthority& shipped() { return NameAuthority::shipped(); }

std::string nameOf(std::string_view spelling) {
  const Person* person = shipped().find(spelling);
  return person == nullptr ? "" : person->name;
}

std::vector<Credit> read(const std::string& composers, const std::string& arrangers = "") {
  const std::vector<std::string> composer_fields = {composers};
  const std::vector<std::string> arranger_fields = {arrangers};
  return shipped().read(composer_fields, arranger_fields);
}

std::vector<std::string> namesOf(const std::vector<Credit>& credits, CreditRole role) {
  std::vector<std::string> names;
  for (const Credit& credit : credits) {
    if (credit.role == role) names.push_back(credit.name);
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ";") + name;
  return text;
}

std::vector<std::string> fieldsOf(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, separator);) {
    const std::size_t first = field.find_first_not_of(' ');
    field = first == std::string::npos ? "" : field.substr(first);
    fields.push_back(field.substr(0, field.find_last_not_of(' ') + 1));
  }
  return fields;
}

std::vector<std::string> linesOf(const std::string& path) {
  std::ifstream file(std::string(ATTACCA_SOURCE_DIR) + "/src/archive/" + path);
  EXPECT_TRUE(file) << path;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#' && line[0] != '=' && line[0] != '+') lines.push_back(line);
  }
  return lines;
}

TEST(NameAuthority, KnowsEachPersonByEachNameOfTheFile) {
  const std::vector<std::string> lines = linesOf("data/people.txt");
  ASSERT_EQ(lines.size(), shipped().people().size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Person& person = shipped().people()[i];
    const std::vector<std::string> fields = fieldsOf(lines[i], '|');
    EXPECT_EQ(fields[0], person.sort_name);
    EXPECT_EQ(nameOf(person.name), person.name);
    EXPECT_EQ(nameOf(person.sort_name), person.name);
    EXPECT_EQ(shipped().named(person.name), &person);
    if (fields.size() < 4) continue;
    for (std::string alias : fieldsOf(fields[3], ';')) {
      if (alias.back() == '!') alias.pop_back();
      EXPECT_EQ(nameOf(alias), person.name) << alias;
    }
  }
}

TEST(NameAuthority, KnowsYearsThatCanBe) {
  for (const Person& person : shipped().people()) {
    if (!person.born || !person.died) continue;
    EXPECT_GE(*person.died - *person.born, 10) << person.name;
    EXPECT_LE(*person.died - *person.born, 110) << person.name;
  }
  const Person* bach = shipped().named("Johann Sebastian Bach");
  ASSERT_NE(bach, nullptr);
  EXPECT_EQ(bach->sort_name, "Bach, Johann Sebastian");
  EXPECT_EQ(bach->born, 1685);
  EXPECT_EQ(bach->died, 1750);
  EXPECT_EQ(shipped().named("Rodion Shchedrin")->born, 1932);
  EXPECT_TRUE(shipped().named("Orlande de Lassus")->circa);
}

TEST(NameAuthority, ReadsFieldsAsACarefulReaderDoes) {
  for (const std::string& line : linesOf("test/golden/spellings.txt")) {
    std::vector<std::string> fields = fieldsOf(line, '|');
    fields.resize(4);
    const std::vector<Credit> credits = read(fields[0], fields[1]);
    EXPECT_EQ(joined(namesOf(credits, CreditRole::composer)), fields[2]) << line;
    EXPECT_EQ(joined(namesOf(credits, CreditRole::arranger)), fields[3]) << line;
  }
}

// A lost or doubled letter, or two that changed places, may leave a name unknown, but never makes
// it somebody else's.
TEST(NameAuthority, TakesNoMisspeltNameForAnotherPersons) {
  int found = 0;
  int tried = 0;
  for (const Person& person : shipped().people()) {
    for (std::size_t i = 1; i + 1 < person.name.size(); ++i) {
      std::string lost = person.name;
      lost.erase(i, 1);
      std::string swapped = person.name;
      std::swap(swapped[i], swapped[i + 1]);
      std::string doubled = person.name;
      doubled.insert(i, 1, doubled[i]);
      for (const std::string& name : {lost, swapped, doubled}) {
        if (!isValidUtf8(name) || shipped().named(name) != nullptr) continue;
        const Match match = shipped().match(name);
        // Half sure is said to be half sure.
        const std::string taken_for = match.confidence > 0.6 ? match.person->name : "";
        EXPECT_THAT(taken_for, AnyOf("", person.name)) << name;
        ++tried;
        found += taken_for == person.name ? 1 : 0;
      }
    }
  }
  EXPECT_GT(found, tried * 9 / 10) << "of " << tried;
}

TEST(NameAuthority, TakesInitialsForNobodyWhoHasOthers) {
  for (const Person& person : shipped().people()) {
    const std::size_t comma = person.sort_name.find(", ");
    if (comma == std::string::npos || person.sort_name.find(" I") < comma) continue;
    const std::string last = person.sort_name.substr(0, comma);
    EXPECT_EQ(nameOf("X. Q. " + last), "") << last;
  }
}

TEST(NameAuthority, SaysHowSureItIsAndWhy) {
  EXPECT_EQ(shipped().match("Johann Sebastian Bach").confidence, 1);
  const Match initials = shipped().match("J. Sibelius");
  EXPECT_LT(initials.confidence, 1);
  EXPECT_THAT(initials.reason, HasSubstr("initials"));
  const Match famous = shipped().match("Bach");
  EXPECT_LT(famous.confidence, initials.confidence);
  EXPECT_THAT(famous.reason, HasSubstr("best known"));
  const Match slip = shipped().match("Antonio Vivladi");
  EXPECT_THAT(slip.reason, HasSubstr("slip in the spelling"));
  EXPECT_LT(shipped().match("Martin").confidence, famous.confidence);
}

TEST(NameAuthority, NamesAllWhomAnAmbiguousNameMayMean) {
  const Match match = shipped().match("Strauss");
  EXPECT_EQ(match.person, nullptr);
  std::vector<std::string> names;
  for (const Person* person : match.others) names.push_back(person->name);
  EXPECT_THAT(names, ::testing::IsSupersetOf({"Johann Strauss I", "Johann Strauss II",
                                              "Josef Strauss", "Richard Strauss"}));
}

TEST(NameAuthority, TellsAFamilyApartByYears) {
  EXPECT_EQ(nameOf("Johann Strauss (1825-1899)"), "Johann Strauss II");
  EXPECT_EQ(nameOf("Johann Strauss (1804-1849)"), "Johann Strauss I");
  EXPECT_EQ(nameOf("Strauss (1864-1949)"), "Richard Strauss");
  EXPECT_EQ(nameOf("Bach (1714-1788)"), "Carl Philipp Emanuel Bach");
}

TEST(NameAuthority, TellsWhoArrangedFromSeveralFields) {
  const std::vector<std::string> composers = {"Johann Sebastian Bach", "Leopold Stokowski"};
  const auto mixed = shipped().read(composers, {});
  EXPECT_THAT(namesOf(mixed, CreditRole::composer), ElementsAre("Johann Sebastian Bach"));
  EXPECT_THAT(namesOf(mixed, CreditRole::arranger), ElementsAre("Leopold Stokowski"));
  const std::vector<std::string> both = {"Bach", "Busoni"};
  const std::vector<std::string> busoni = {"Ferruccio Busoni"};
  const auto stated = shipped().read(both, busoni);
  EXPECT_THAT(namesOf(stated, CreditRole::composer), ElementsAre("Johann Sebastian Bach"));
  EXPECT_THAT(namesOf(stated, CreditRole::arranger), ElementsAre("Ferruccio Busoni"));
}

TEST(NameAuthority, TrustsAStatedArrangerMoreThanAGuessedOne) {
  const std::vector<Credit> guessed = read("Tartini-Kreisler");
  const std::vector<Credit> stated = read("Tartini, arr. Kreisler");
  ASSERT_THAT(guessed, SizeIs(2));
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_LT(guessed[1].confidence, stated[1].confidence);
  EXPECT_EQ(stated[1].written, "Kreisler");
}

TEST(NameAuthority, KeepsUnknownPeopleAsTheyAreWritten) {
  const std::vector<Credit> credits = read("  Nwosu,  Margaret ");
  ASSERT_THAT(credits, SizeIs(1));
  EXPECT_FALSE(credits[0].known);
  EXPECT_EQ(credits[0].name, "Margaret Nwosu");
  EXPECT_EQ(read("Sjöqvist-Öhrn")[0].name, "Sjöqvist-Öhrn");
}

TEST(NameAuthority, WritesUnknownPeopleInUsualCase) {
  const auto written = [](const std::string& name) {
    return joined(namesOf(read(name), CreditRole::composer));
  };
  EXPECT_EQ(written("Vicenzo LUSITANI"), "Vicenzo Lusitani");
  EXPECT_EQ(written("LUSITANI, Giovanni"), "Giovanni Lusitani");
  EXPECT_EQ(written("HENDRIK VAN DER KAMPEN"), "Hendrik van der Kampen");
  EXPECT_EQ(written("ZOË O'QUÍLL-ÁDAMEC"), "Zoë O'Quíll-Ádamec");
  EXPECT_EQ(written("J.Q. ZAHRADKOVA"), "J.Q. Zahradkova");
  EXPECT_EQ(written("Q ZAHRADKOVA III"), "Q Zahradkova III");
  for (const std::string as_it_is : {"ABBA", "DJ Quill", "KWZQ Quill", "Zoë McQuill"}) {
    EXPECT_EQ(written(as_it_is), as_it_is);
  }
  EXPECT_EQ(written("JOHANN SEBASTIAN BACH"), "Johann Sebastian Bach");
}

TEST(NameAuthority, ReadsLatin1AndTextThatWasDecodedTwice) {
  EXPECT_EQ(nameOf("B\xE9la Bart\xF3k"), "Béla Bartók");
  EXPECT_EQ(nameOf("BÃ©la BartÃ³k"), "Béla Bartók");
  EXPECT_EQ(nameOf("Frédéric Chopin"), "Frédéric Chopin");  // decomposed
}

TEST(NameAuthority, SurvivesAnything) {
  const std::string long_name(100'000, 'a');
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "Bach/(;-,";
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>((i * 7919) >> 3);
  for (const std::string& field :
       {long_name, many, bytes, std::string("(((("), std::string(")"), std::string("arr."),
        std::string("after"), std::string(",,,"), std::string("-"), std::string("\0;\0", 3),
        std::string("(arr."), std::string("van der")}) {
    const std::vector<Credit> credits = read(field, field);
    for (const Credit& credit : credits) EXPECT_FALSE(credit.name.empty());
  }
  EXPECT_EQ(nameOf(long_name), "");
}

TEST(NameAuthority, RefusesAFileThatIsNotOfItsFormatNamingTheLine) {
  const auto refusal = [](std::string_view text) -> std::string {
    try {
      const NameAuthority authority(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::corrupt);
      return error.problem();
    }
    return "none";
  };
  EXPECT_EQ(refusal("Bach, Johann | 1685 | 1750 | Bach\n"), "none");
  EXPECT_THAT(refusal("# head\nBach, Johann | 1685\n"), HasSubstr("Line 2"));
  EXPECT_THAT(refusal("Bach, Johann | soon | |\n"), HasSubstr("soon"));
  EXPECT_THAT(refusal("Bach, Johann | 1750 | 1685 |\n"), HasSubstr("dies before"));
  EXPECT_THAT(refusal("A, B | | |\nA, B | | |\n"), HasSubstr("repeats B A"));
  EXPECT_THAT(refusal("A, B | | | | sings\n"), HasSubstr("sings"));
  EXPECT_THAT(refusal("= jan johann\n= ivan jan\n"), HasSubstr("jan"));
  EXPECT_THAT(refusal("+ ruth\n+ ruth\n"), HasSubstr("ruth"));
  EXPECT_THAT(refusal("A, B | | | Cee Dee\nE, F | | | cee-dée\n"), HasSubstr("Line 2"));
}

std::map<std::string, std::string> group(const std::vector<std::string>& names) {
  return groupUnknown(names);
}

TEST(GroupUnknown, TakesOneNameInAnotherDressForOnePerson) {
  const auto groups = group({"Gabriel Ruben Bussi", "BUSSI, GABRIEL RUBEN", "gabriel ruben bussi",
                             "Bussi, Gabriel Ruben"});
  ASSERT_THAT(groups, SizeIs(4));
  for (const auto& [name, best] : groups) EXPECT_EQ(best, "Gabriel Ruben Bussi") << name;
}

TEST(GroupUnknown, PrefersTheSpellingWithItsAccents) {
  EXPECT_EQ(group({"Oyvind Strom", "Øyvind Strøm"}).at("Oyvind Strom"), "Øyvind Strøm");
}

TEST(GroupUnknown, ReadsTransliterations) {
  EXPECT_EQ(group({"Mark Kopitmann", "Mark Kopytman"}).size(), 2U);
  const auto groups = group({"Viktor Sharonov", "Viktor Scharonow"});
  EXPECT_EQ(groups.at("Viktor Sharonov"), groups.at("Viktor Scharonow"));
}

TEST(GroupUnknown, TakesAnInitialForAGivenNameOnlyWhereOnePersonFits) {
  EXPECT_EQ(group({"J. Cavendale", "John Cavendale"}).at("J. Cavendale"), "John Cavendale");
  const auto two = group({"J. Cavendale", "John Cavendale", "James Cavendale"});
  EXPECT_EQ(two.at("J. Cavendale"), "J. Cavendale");
  EXPECT_EQ(two.at("James Cavendale"), "James Cavendale");
}

TEST(GroupUnknown, TakesASurnameForAPersonUnlessManyBearIt) {
  EXPECT_EQ(group({"Cavendale", "Ruth Cavendale"}).at("Cavendale"), "Ruth Cavendale");
  EXPECT_EQ(group({"Smith", "Ruth Smith"}).at("Smith"), "Smith");
  EXPECT_EQ(group({"Cavendale", "Ruth Cavendale", "Paul Cavendale"}).at("Cavendale"), "Cavendale");
}

TEST(GroupUnknown, DoesNotDependOnTheOrderOfNames) {
  const std::vector<std::string> names = {"A. Bent",          "Anna Bent", "Bent",
                                          "Bent, Anna Maria", "anna bent", "Anna M. Bent"};
  std::vector<std::string> turned(names.rbegin(), names.rend());
  EXPECT_EQ(group(names), group(turned));
  EXPECT_EQ(group(names).at("A. Bent"), group(names).at("Bent, Anna Maria"));
}

TEST(GroupUnknown, KeepsWhatHasNoLetters) {
  EXPECT_EQ(group({"???", "..."}).at("???"), "???");
  EXPECT_THAT(group({}), IsEmpty());
}

}  // namespace
}  // namespace attacca::archive
