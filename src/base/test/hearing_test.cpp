#include "attacca/base/hearing.h"

#include <array>
#include <limits>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

AudioHash someHash() { return {sha256("a recording")}; }

Tags someTags() {
  Tags tags;
  tags.title = "Serenade E-dur: \"Moderato\" \\ I";
  tags.album = "Dvořák · Suk";
  tags.date = "1875-05-03";
  tags.genre = "Klassik";
  tags.artists = {"Josef Vlach", "České komorní orchestr"};
  tags.album_artists = {"Various"};
  tags.composers = {"Antonín Dvořák"};
  tags.conductors = {"Josef Vlach"};
  tags.arrangers = {"A", "B"};
  tags.performers = {"C"};
  tags.work = "Serenade op. 22";
  tags.movement = "Moderato";
  tags.movement_number = 1;
  tags.movement_count = 5;
  tags.track_number = 0;
  tags.disc_number = 2;
  tags.musicbrainz_recording = "b2a2c9e4";
  tags.musicbrainz_album = "0d3a";
  tags.musicbrainz_work = "77";
  return tags;
}

template <class Message>
Message answered(const Message& message) {
  return std::get<Message>(decodeAnswer(encode(HearingAnswer(message))));
}

template <class Message>
Message requested(const Message& message) {
  return std::get<Message>(decodeRequest(encode(HearingRequest(message))));
}

void expectCorrupt(const std::string& text) {
  try {
    decodeAnswer(text);
    ADD_FAILURE() << "accepted: " << text.substr(0, 200);
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::corrupt) << fault.what();
  }
}

std::string identityJson(const std::string& tags) {
  return fmt::format(
      R"({{"is":"identity","hash":"{}","tags":{},"format":"mp3","rate_hz":44100,"channels":2}})",
      someHash().hex(), tags);
}

std::string heardJson(const std::string& duration, const std::string& clips,
                      const std::string& more = "") {
  return fmt::format(
      R"({{"is":"heard","hash":"{}","duration":{},"sample_peak":0.5,"clips":{},"notes":[]{}}})",
      someHash().hex(), duration, clips, more);
}

TEST(Hearing, AnIdentityArrivesAsItWasSent) {
  const Identity identity{someHash(), someTags(), "ogg vorbis", 44100, 2};
  EXPECT_EQ(answered(identity), identity);
}

TEST(Hearing, AnIdentityWithoutTagsArrivesWithoutTags) {
  const Identity identity{someHash(), {}, "wav", 8000, 1};
  EXPECT_EQ(answered(identity), identity);
}

TEST(Hearing, WhatWasHeardArrivesToTheLastBit) {
  Heard heard;
  heard.hash = someHash();
  heard.duration = Seconds(10800.1 / 3);
  heard.loudness = {-23.123456789012345, 0.1, 1.0000001};
  heard.clips = {3520, 0};
  heard.notes = {"the last 12 s could not be decoded"};
  EXPECT_EQ(answered(heard), heard);
}

TEST(Hearing, LoudnessThatIsNotDefinedStaysSo) {
  Heard heard;
  heard.hash = someHash();
  const Heard back = answered(heard);
  EXPECT_FALSE(back.loudness.integrated_lufs);
  EXPECT_FALSE(back.loudness.range_lu);
}

TEST(Hearing, SmallAnswersArrive) {
  EXPECT_EQ(answered(Ready{"seccomp, rlimits"}).sandbox, "seccomp, rlimits");
  EXPECT_EQ(answered(Pace{Seconds(12.5)}).heard, Seconds(12.5));
  const Refusal refusal = answered(Refusal{"it holds no sound", Fault::io, "make room"});
  EXPECT_EQ(refusal.reason, "it holds no sound");
  EXPECT_EQ(refusal.fault, Fault::io);
  EXPECT_EQ(refusal.remedy, "make room");
}

TEST(Hearing, ARefusalMayNotCarryOtherFaults) {
  EXPECT_EQ(answered(Refusal{"no", Fault::cancelled, ""}).fault, Fault::refused);
  expectCorrupt(R"({"is":"refusal","reason":"x","fault":"busy","remedy":""})");
}

TEST(Hearing, RequestsArriveAsTheyWereSent) {
  const Manifest& manifest = shippedManifest("msd-musicnn");
  const LoadRequest load = requested(LoadRequest{3, manifest});
  EXPECT_EQ(load.slot, 3);
  EXPECT_EQ(load.manifest.toml(), manifest.toml());
  EXPECT_EQ(requested(ImportRequest{manifest}).manifest.toml(), manifest.toml());
  EXPECT_EQ(requested(IdentifyRequest{"01 Moderato.ogg"}).name, "01 Moderato.ogg");
  const HearRequest hear = requested(HearRequest{"x.mp3", {0, 2, 29}, true, true});
  EXPECT_EQ(hear.name, "x.mp3");
  EXPECT_THAT(hear.slots, testing::ElementsAre(0, 2, 29));
  EXPECT_TRUE(hear.peaks);
  EXPECT_TRUE(hear.fingerprint);
  EXPECT_FALSE(requested(HearRequest{"x.mp3", {}, true, false}).fingerprint);
  EXPECT_FALSE(requested(HearRequest{"x.mp3", {}, false, true}).peaks);
}

TEST(Hearing, AFileNameThatIsNotTextIsSentAsText) {
  EXPECT_EQ(requested(IdentifyRequest{"Dvo\xF8\x9Fk\n.mp3"}).name, "Dvo\uFFFD\uFFFDk .mp3");
}

TEST(Hearing, TagsAtTheLimitsFitAPacketAndTheMostUsefulStay) {
  Tags tags;
  tags.title = std::string(kMaxTagBytes, '"');
  tags.composers.assign(kMaxTagNames, std::string(kMaxTagBytes, '\\'));
  tags.artists.assign(10 * kMaxTagNames, std::string(kMaxTagBytes, 'a'));
  tags.genre = "Late";
  const std::string text = encode(HearingAnswer(Identity{someHash(), tags, "mp3", 44100, 2}));
  EXPECT_LE(text.size(), kMaxPacketBytes);
  const Tags back = std::get<Identity>(decodeAnswer(text)).tags;
  EXPECT_EQ(back.title, tags.title);
  EXPECT_EQ(back.composers.size(), kMaxTagsBytes / kMaxTagBytes - 1);
  EXPECT_TRUE(back.artists.empty());
}

TEST(Hearing, ManyShortNamesAreTrimmedToTheLimit) {
  Tags tags;
  tags.performers.assign(100'000, "X");
  EXPECT_EQ(answered(Identity{someHash(), tags, "mp3", 44100, 2}).tags.performers.size(),
            kMaxTagNames);
}

TEST(Hearing, NotesAtTheLimitsFitAPacket) {
  Heard heard;
  heard.hash = someHash();
  heard.notes.assign(1000, std::string(100'000, '"'));
  heard.clips.assign(kMaxSlots, 1'000'000'000);
  const std::string text = encode(HearingAnswer(heard));
  EXPECT_LE(text.size(), kMaxPacketBytes);
  EXPECT_EQ(std::get<Heard>(decodeAnswer(text)).notes.size(), kMaxNotes);
}

TEST(Hearing, BrokenTextInTagsIsMendedBeforeItIsSent) {
  Tags tags;
  tags.title = "  a\x01\xFF\nb ";
  tags.composers = {"\x02", "Suk"};
  const Tags back = answered(Identity{someHash(), tags, "mp3", 44100, 2}).tags;
  EXPECT_EQ(back.title, "a \uFFFD b");
  EXPECT_THAT(back.composers, testing::ElementsAre("Suk"));
}

TEST(Hearing, AnswersThatAreNotOfTheProtocolAreCorrupt) {
  expectCorrupt("");
  expectCorrupt("null");
  expectCorrupt("[]");
  expectCorrupt("{}");
  expectCorrupt("\xFF\xFE");
  expectCorrupt(R"({"is":"ready")");
  expectCorrupt(R"({"is":"ready"})");
  expectCorrupt(R"({"is":"ready","sandbox":1})");
  expectCorrupt(R"({"is":"ready","sandbox":"","more":1})");
  expectCorrupt(R"({"is":"load","slot":0})");
  expectCorrupt(R"({"is":7,"sandbox":""})");
  expectCorrupt(R"({"is":"pace","heard":"1"})");
  expectCorrupt(R"({"is":"pace","heard":-1})");
  expectCorrupt(R"({"is":"pace","heard":1e400})");
  expectCorrupt(R"({"is":"pace","heard":NaN})");
  expectCorrupt(R"({"is":"pace","heard":null})");
  expectCorrupt(R"({"is":"refusal","reason":"","fault":"refused","remedy":""})");
  expectCorrupt(R"({"is":"refusal","reason":"a\nb","fault":"refused","remedy":""})");
  expectCorrupt(std::string(kMaxPacketBytes, '['));
  expectCorrupt(std::string(kMaxPacketBytes + 1, ' ') + R"({"is":"pace","heard":1})");
}

TEST(Hearing, HostileTagsAreCorrupt) {
  EXPECT_NO_THROW(decodeAnswer(identityJson("{}")));
  expectCorrupt(identityJson("[]"));
  expectCorrupt(identityJson(R"({"title":["x"]})"));
  expectCorrupt(identityJson(R"({"title":"\u0000"})"));
  expectCorrupt(identityJson(R"({"title":"\ud800"})"));
  expectCorrupt(identityJson("{\"title\":\"\xC3\x28\"}"));
  expectCorrupt(identityJson(R"({"title":" x"})"));
  expectCorrupt(identityJson(R"({"title":"\u202ex"})"));  // right-to-left override
  expectCorrupt(identityJson(R"({"shell":"x"})"));
  expectCorrupt(identityJson(R"({"composers":"x"})"));
  expectCorrupt(identityJson(R"({"composers":[1]})"));
  expectCorrupt(identityJson(R"({"track_number":1.5})"));
  expectCorrupt(identityJson(R"({"track_number":-1})"));
  expectCorrupt(identityJson(R"({"track_number":18446744073709551615})"));
  expectCorrupt(identityJson(R"({"track_number":4294967297})"));
  expectCorrupt(identityJson("{\"title\":\"" + std::string(kMaxTagBytes + 1, 'x') + "\"}"));
  std::string names = "\"x\"";
  for (std::size_t i = 0; i < kMaxTagNames; ++i) names += ",\"x\"";
  expectCorrupt(identityJson("{\"composers\":[" + names + "]}"));
  std::string long_names;
  for (std::size_t i = 0; i <= kMaxTagsBytes / kMaxTagBytes; ++i) {
    long_names += (i == 0 ? "\"" : ",\"") + std::string(kMaxTagBytes, 'x') + "\"";
  }
  expectCorrupt(identityJson("{\"composers\":[" + long_names + "]}"));
}

TEST(Hearing, HostileFiguresAreCorrupt) {
  EXPECT_NO_THROW(decodeAnswer(heardJson("1.5", "[7]")));
  expectCorrupt(heardJson("-1", "[7]"));
  expectCorrupt(heardJson("1e300", "[7]"));
  expectCorrupt(heardJson("1", "[-7]"));
  expectCorrupt(heardJson("1", "[1.0]"));
  expectCorrupt(heardJson("1", "[9223372036854775808]"));
  expectCorrupt(heardJson("1", "7"));
  expectCorrupt(heardJson("1", "[7]", R"(,"lufs":"loud")"));
  expectCorrupt(heardJson("1", "[7]", R"(,"lufs":1e9)"));
  expectCorrupt(heardJson("1", "[7]", R"(,"range_lu":-1)"));
  std::string clips = "1";
  for (std::size_t i = 0; i < kMaxSlots; ++i) clips += ",1";
  expectCorrupt(heardJson("1", "[" + clips + "]"));
}

TEST(Hearing, AHashMustBeAHash) {
  expectCorrupt(
      R"({"is":"identity","hash":"../../etc/passwd","tags":{},"format":"","rate_hz":1,"channels":1})");
}

TEST(Hearing, FiguresThatAreNotFiniteNeverPass) {
  expectCorrupt(encode(HearingAnswer(Pace{Seconds(std::numeric_limits<double>::quiet_NaN())})));
  expectCorrupt(encode(HearingAnswer(Pace{Seconds(std::numeric_limits<double>::infinity())})));
}

// ---- Packets

class Packets : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()), 0);
    near_ = UniqueFd(pair[0]);
    far_ = UniqueFd(pair[1]);
  }

  UniqueFd near_;
  UniqueFd far_;
};

TEST_F(Packets, ALargePacketArrivesWhole) {
  const std::string text(kMaxPacketBytes, 'x');
  sendPacket(near_.get(), text, {});
  const auto packet = receivePacket(far_.get(), Seconds(10));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->text, text);
}

TEST_F(Packets, DescriptorsArriveInOrderAndAreClosedOnExec) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const UniqueFd reading(pipe[0]);
  const UniqueFd writing(pipe[1]);
  sendPacket(near_.get(), "two", pipe);
  const auto packet = receivePacket(far_.get(), Seconds(10));
  ASSERT_TRUE(packet);
  ASSERT_EQ(packet->descriptors.size(), 2u);
  EXPECT_NE(::fcntl(packet->descriptors[0].get(), F_GETFD) & FD_CLOEXEC, 0);
  ASSERT_EQ(::write(packet->descriptors[1].get(), "x", 1), 1);
  char letter = 0;
  ASSERT_EQ(::read(packet->descriptors[0].get(), &letter, 1), 1);
  EXPECT_EQ(letter, 'x');
}

TEST_F(Packets, AnOverlongMessageIsNotSent) {
  EXPECT_THROW(sendPacket(near_.get(), std::string(kMaxPacketBytes + 1, 'x'), {}), Error);
}

TEST_F(Packets, AnOverlongMessageIsCorrupt) {
  const std::string text(kMaxPacketBytes + 1, 'x');
  ASSERT_EQ(::send(near_.get(), text.data(), text.size(), 0), std::ssize(text));
  try {
    receivePacket(far_.get(), Seconds(10));
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::corrupt);
  }
}

TEST_F(Packets, TheOtherSideGoneIsTheEnd) {
  near_.reset();
  EXPECT_FALSE(receivePacket(far_.get(), Seconds(10)));
  try {
    sendPacket(far_.get(), "anyone?", {});
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::io);
  }
}

TEST_F(Packets, SilenceIsBusyAfterTheTimeout) {
  try {
    receivePacket(far_.get(), Seconds(0.01));
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::busy);
  }
}

}  // namespace
}  // namespace attacca
