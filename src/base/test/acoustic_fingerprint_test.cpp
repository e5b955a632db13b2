#include "attacca/base/acoustic_fingerprint.h"

#include <filesystem>

#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/sha256.h"

namespace attacca {
namespace {

using testing::HasSubstr;

const std::vector<FingerprintItem> kItems{0, 1, 0x80000000, 0xFFFFFFFF, 627964279, 0x01020304};

std::string golden() {
  return readFile(std::filesystem::path(ATTACCA_SOURCE_DIR) /
                  "src/base/test/golden/six_items.fingerprint");
}

std::vector<FingerprintItem> read(std::string_view bytes) {
  return readFingerprint(std::as_bytes(std::span(bytes)), "x");
}

std::string refusal(std::string_view bytes) {
  try {
    read(bytes);
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::corrupt);
    return fault.problem();
  }
  return "it was read";
}

// A file whose sum is right, whatever it says.
std::string summed(std::string bytes) {
  const Sha256Digest sum = sha256(bytes);
  bytes.append(reinterpret_cast<const char*>(sum.bytes.data()), sum.bytes.size());
  return bytes;
}

std::string body() { return golden().substr(0, golden().size() - 32); }

TEST(AcousticFingerprint, TheGoldenFileIsReadAndWrittenAgain) {
  EXPECT_EQ(read(golden()), kItems);
  EXPECT_EQ(fingerprintBytes(kItems), golden());
}

TEST(AcousticFingerprint, ARecordingTooShortForAnItemHasAFileAllTheSame) {
  EXPECT_TRUE(read(fingerprintBytes({})).empty());
}

TEST(AcousticFingerprint, WhatIsNotUnderstoodIsRefused) {
  EXPECT_THAT(refusal(""), HasSubstr("is not a fingerprint file"));
  EXPECT_THAT(refusal(std::string(200, 'x')), HasSubstr("is not a fingerprint file"));
  const auto changed = [](std::size_t at) {
    std::string bytes = body();
    ++bytes[at];
    return summed(bytes);
  };
  EXPECT_THAT(refusal(changed(8)), HasSubstr("another version"));
  for (const std::size_t at : {12U, 16U, 20U}) {
    EXPECT_THAT(refusal(changed(at)), HasSubstr("another algorithm")) << at;
  }
  EXPECT_THAT(refusal(summed(body() + "xyz")), HasSubstr("makes no sense"));
  EXPECT_THAT(refusal(summed(body() + std::string(4 * kMostFingerprintItems, '\0'))),
              HasSubstr("makes no sense"));
}

TEST(AcousticFingerprint, EveryDamagedBitAndEveryCutIsNoticed) {
  for (std::size_t at = 0; at < golden().size(); ++at) {
    std::string bytes = golden();
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    EXPECT_NE(refusal(bytes), "it was read") << at;
    EXPECT_NE(refusal(golden().substr(0, at)), "it was read") << at;
  }
}

}  // namespace
}  // namespace attacca
