#include "attacca/base/memory_blobs.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(MemoryBlobs, GivesBackWhatWasPut) {
  MemoryBlobs blobs;
  blobs.put("peaks/ab", "some bytes");
  EXPECT_TRUE(blobs.exists("peaks/ab"));
  EXPECT_EQ(blobs.read("peaks/ab").text(), "some bytes");
}

TEST(MemoryBlobs, ShowsAWrittenBlobOnlyOnceItIsCommitted) {
  MemoryBlobs blobs;
  {
    const auto writer = blobs.create("a");
    writer->write(bytesOf("lost"));
  }
  EXPECT_FALSE(blobs.exists("a"));
  const auto writer = blobs.create("a");
  writer->write(bytesOf("one, "));
  writeAll(writer->descriptor(), std::string_view("two"), "a");
  EXPECT_FALSE(blobs.exists("a"));
  writer->commit();
  EXPECT_EQ(blobs.read("a").text(), "one, two");
}

TEST(MemoryBlobs, WhatWasReadOutlivesReplacementAndRemoval) {
  MemoryBlobs blobs;
  blobs.put("a", "old");
  const FileBytes old = blobs.read("a");
  blobs.put("a", "new");
  EXPECT_EQ(blobs.read("a").text(), "new");
  blobs.remove("a");
  blobs.remove("a");
  EXPECT_EQ(old.text(), "old");
  try {
    blobs.read("a");
    FAIL() << "an absent blob was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::notFound);
  }
}

TEST(MemoryBlobs, ListsKeysOfAPrefixInOrder) {
  MemoryBlobs blobs;
  for (const char* key : {"s/b/2", "s/a/1", "t/x", "s/b/1"}) blobs.put(key, "123");
  std::vector<std::string> keys;
  for (const BlobInfo& blob : blobs.list("s/b/")) {
    keys.push_back(blob.key);
    EXPECT_EQ(blob.size, 3U);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"s/b/1", "s/b/2"}));
}

TEST(MemoryBlobs, RefusesKeysThatLeaveTheirFolder) {
  MemoryBlobs blobs;
  EXPECT_THROW(blobs.put("../x", ""), Error);
  EXPECT_THROW(blobs.create("/x"), Error);
  EXPECT_THROW(blobs.read("a//b"), Error);
}

}  // namespace
}  // namespace attacca
