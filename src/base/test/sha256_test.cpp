#include "attacca/base/sha256.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(sha256(std::string_view("")).hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(std::string_view("abc")).hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesGiveTheSameAsTheWhole) {
  Sha256 hash;
  hash.update(std::string_view("a"));
  hash.update(std::string_view("bc"));
  EXPECT_EQ(hash.finish(), sha256(std::string_view("abc")));
  hash.update(std::string_view("abc"));
  EXPECT_EQ(hash.finish(), sha256(std::string_view("abc"))) << "finish starts anew";
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const test::TempFolder folder;
  const auto file = folder / "model";
  std::string content;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, (std::size_t{5} << 19) + 1}) {
    while (content.size() < size) content += static_cast<char>(content.size() * 7 / 3);
    writeFileAtomically(file, content);
    EXPECT_EQ(sha256OfFile(file), sha256(content)) << size;
  }
  EXPECT_THROW(sha256OfFile(folder / "no such file"), Error);
}

TEST(Sha256, NumbersAreLittleEndian) {
  Sha256 hash;
  hash.updateLittleEndian(0x0102030405060708);
  EXPECT_EQ(hash.finish(), sha256(std::string_view("\x08\x07\x06\x05\x04\x03\x02\x01")));
}

TEST(Sha256, HexComesBackAndNothingElseDoes) {
  const auto digest = sha256(std::string_view("abc"));
  EXPECT_EQ(Sha256Digest::fromHex(digest.hex()), digest);
  EXPECT_EQ(Sha256Digest::fromHex("abc"), std::nullopt);
  EXPECT_EQ(Sha256Digest::fromHex(std::string(64, 'g')), std::nullopt);
}

}  // namespace
}  // namespace attacca
