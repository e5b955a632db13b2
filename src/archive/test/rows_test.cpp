// Rows of catalogues as archives really have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/archive/row_reader.h"

namespace attacca::archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

RowReading read(const Cells& cells, std::map<std::string, RowField> columns = {}) {
  RowReader reader(std::move(columns));
  reader.see(cells);
  return reader.read(cells);
}

TEST(Dates, AreReadInTheFormsThatArchivesUse) {
  EXPECT_EQ(readDate("2015", {}), "2015");
  EXPECT_EQ(readDate("26-Jul-08", {}), "2008-07-26");
  EXPECT_EQ(readDate("26-Jul-31", {}), "1931-07-26");
  EXPECT_EQ(readDate("1997 to 2006", {}), "1997/2006");
  EXPECT_EQ(readDate("1997-2006", {}), "1997/2006");
  EXPECT_EQ(readDate("7/30/1998 - 8/8/1998", true), "1998-07-30/1998-08-08");
  EXPECT_EQ(readDate("2008-07-26 00:00:00", {}), "2008-07-26");
  EXPECT_EQ(readDate("26.7.2008", {}), "2008-07-26");
  EXPECT_EQ(readDate("July 26, 2008", {}), "2008-07-26");
  EXPECT_EQ(readDate("July 2008", {}), "2008-07");
  EXPECT_EQ(readDate("12. Mai 1994", {}), "1994-05-12");
  EXPECT_EQ(readDate("le 3 mars 2011", {}), "2011-03-03");
  EXPECT_EQ(readDate("12 de mayo de 1994", {}), "1994-05-12");
  EXPECT_EQ(readDate("ottobre 2002", {}), "2002-10");
  EXPECT_EQ(readDate("marzo/2015", {}), "2015-03");
  EXPECT_EQ(readDate("VIII.2003", {}), "2003-08");
  EXPECT_EQ(readDate("2008-XI", {}), "2008-11");
  EXPECT_EQ(readDate("Nov. '97", {}), "1997-11");
  EXPECT_EQ(readDate("Sunday, 14 December 2014", {}), "2014-12-14");
  EXPECT_EQ(readDate("March 8th, 2018", {}), "2018-03-08");
}

TEST(Dates, ThatMayBeTwoAreNotGuessed) {
  EXPECT_FALSE(readDate("8/2/2000 - 8/6/2000", {}).has_value());
  EXPECT_EQ(readDate("8/2/2000 - 8/6/2000", true), "2000-08-02/2000-08-06");
  EXPECT_EQ(readDate("8/2/2000", false), "2000-02-08");
  EXPECT_EQ(readDate("8/8/2000", {}), "2000-08-08");
}

TEST(Dates, ThatAreNoneAreNone) {
  for (const char* text : {"", "summer", "31-Feb-08", "2008-13-01", "13/13/2008", "208", "1/2/3"}) {
    EXPECT_FALSE(readDate(text, true).has_value()) << text;
  }
}

TEST(Dates, OfATableTellWhichOfDayAndMonthIsFirst) {
  DateOrder order;
  order.see("8/2/2000 - 8/6/2000");
  EXPECT_FALSE(order.monthFirst().has_value());
  order.see("7/30/1998 - 8/8/1998");
  EXPECT_EQ(order.monthFirst(), true);
  order.see("30/7/1998");
  EXPECT_FALSE(order.monthFirst().has_value());
}

TEST(Durations, AreReadInTheFormsThatArchivesUse) {
  EXPECT_EQ(readDuration("0:07:51"), Seconds(471));
  EXPECT_EQ(readDuration("7:51"), Seconds(471));
  EXPECT_EQ(readDuration("7:51.5"), Seconds(471.5));
  EXPECT_EQ(readDuration("471"), Seconds(471));
  EXPECT_EQ(readDuration("471 s"), Seconds(471));
  EXPECT_EQ(readDuration("5'49\""), Seconds(349));
  EXPECT_EQ(readDuration("5'49"), Seconds(349));
  EXPECT_EQ(readDuration("5m04s"), Seconds(304));
  EXPECT_EQ(readDuration("1h02m"), Seconds(3720));
  EXPECT_EQ(readDuration("5 min 3 sec"), Seconds(303));
  EXPECT_EQ(readDuration("PT7M19S"), Seconds(439));
  EXPECT_FALSE(readDuration("2.49")) << "seconds, or minutes and seconds";
  EXPECT_EQ(readDuration("471000 ms"), Seconds(471));
  for (const char* text : {"", "7:61", "1:2:3:4", "-3", "seven", "0", "1e9", "7:5x"}) {
    EXPECT_FALSE(readDuration(text).has_value()) << text;
  }
}

TEST(Rows, OfARealArchiveAreUnderstood) {
  const auto reading = read({{"album_id", "2"},
                             {"album_name", "Live"},
                             {"track_no", "1"},
                             {"track_id", "6"},
                             {"title", "Prelude A L'Unisson"},
                             {"composers", "George Enesco"},
                             {"arrangers", "NaN"},
                             {"labels", "NaN"},
                             {"genre", "Classical"},
                             {"release_date", "26-Jul-08"},
                             {"audio_s3_key", "Live/01-Prelude.m4a"},
                             {"duration", "0:07:51"}});
  ASSERT_TRUE(reading.row.has_value());
  EXPECT_EQ(reading.row->key, "id:6");
  EXPECT_EQ(reading.row->album_id, "2");
  EXPECT_EQ(reading.row->file, "Live/01-Prelude.m4a");
  EXPECT_EQ(reading.row->duration, Seconds(471));
  EXPECT_EQ(reading.row->written.title, "Prelude A L'Unisson");
  EXPECT_EQ(reading.row->written.album, "Live");
  EXPECT_EQ(reading.row->written.track_number, 1);
  EXPECT_THAT(reading.row->written.composers, ElementsAre("George Enesco"));
  EXPECT_THAT(reading.row->written.arrangers, IsEmpty());
  EXPECT_EQ(reading.row->written.date, "2008-07-26");
  EXPECT_THAT(reading.row->extra, IsEmpty());
  EXPECT_THAT(reading.notes, IsEmpty());
}

TEST(Rows, KeepWhatCannotBeReadAsItIsWritten) {
  const auto reading = read({{"title", "Adagio"},
                             {"duration", "about seven minutes"},
                             {"track", "three"},
                             {"track_no", "B3"},
                             {"date", "8/2/2000"},
                             {"shelf", "B 12"}});
  ASSERT_TRUE(reading.row.has_value());
  EXPECT_FALSE(reading.row->duration.has_value());
  EXPECT_EQ(reading.row->written.date, "8/2/2000");
  EXPECT_THAT(reading.row->extra,
              ElementsAre(Pair("duration", "about seven minutes"), Pair("shelf", "B 12"),
                          Pair("track", "three"), Pair("track_no", "B3")));
  EXPECT_THAT(reading.notes, ElementsAre(HasSubstr("duration"), HasSubstr("track_no"),
                                         HasSubstr("may be month or day first")));
}

TEST(Rows, WithoutATitleAreRefused) {
  for (const char* title : {"", "NaN", "N/A", "  ", "-"}) {
    const auto reading = read({{"title", title}, {"track_id", "6"}});
    EXPECT_FALSE(reading.row.has_value()) << title;
    EXPECT_THAT(reading.refusal, HasSubstr("no title"));
  }
}

TEST(Rows, TakeTheColumnsThatAreMapped) {
  const auto reading = read({{"Stück", "Adagio"}, {"Komponist", "A; B"}, {"composer", "wrong"}},
                            {{"stuck", RowField::title}, {"komponist", RowField::composer}});
  ASSERT_TRUE(reading.row.has_value());
  EXPECT_EQ(reading.row->written.title, "Adagio");
  EXPECT_THAT(reading.row->written.composers, ElementsAre("A", "B"));
  EXPECT_THAT(reading.row->extra, ElementsAre(Pair("composer", "wrong")));
}

TEST(Rows, WithoutAnIdAreKnownByTheirPlace) {
  const auto one = read({{"title", "Adagio"}, {"album", "Live"}, {"track_no", "3.0"}});
  const auto same = read({{"title", "ADAGIO"}, {"album", "Live"}, {"track_no", "3/12"}});
  const auto other = read({{"title", "Adagio"}, {"album", "Live"}, {"track_no", "4"}});
  EXPECT_EQ(one.row->key, same.row->key);
  EXPECT_NE(one.row->key, other.row->key);
}

TEST(Columns, AreKnownByTheirNames) {
  EXPECT_EQ(fieldOfColumn("Track No."), RowField::track);
  EXPECT_EQ(fieldOfColumn("AUDIO_S3_KEY"), RowField::file);
  EXPECT_EQ(fieldOfColumn("Release date"), RowField::date);
  EXPECT_FALSE(fieldOfColumn("track").has_value());
  EXPECT_FALSE(fieldOfColumn("").has_value());
  for (int i = 0; i <= static_cast<int>(RowField::file); ++i) {
    EXPECT_EQ(fieldCalled(name(static_cast<RowField>(i))), static_cast<RowField>(i));
  }
}

}  // namespace
}  // namespace attacca::archive
