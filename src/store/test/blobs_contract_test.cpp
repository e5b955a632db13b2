#include "blobs_contract.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/error.h"

#include "store_fixture.h"

namespace attacca::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::span<const std::byte> bytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

std::vector<std::string> keysOf(const std::vector<BlobInfo>& blobs) {
  std::vector<std::string> keys;
  keys.reserve(blobs.size());
  for (const auto& blob : blobs) keys.push_back(blob.key);
  return keys;
}

TEST_P(BlobsContract, WhatWasPutIsRead) {
  std::string content = "any bytes";
  content += '\0';
  content += '\xff';
  blobs_.put("a/b/c.npy", content);
  EXPECT_TRUE(blobs_.exists("a/b/c.npy"));
  EXPECT_EQ(blobs_.read("a/b/c.npy").text(), content);
}

TEST_P(BlobsContract, AnEmptyBlobIsThere) {
  blobs_.put("empty", "");
  EXPECT_TRUE(blobs_.exists("empty"));
  EXPECT_EQ(blobs_.read("empty").size(), 0U);
}

TEST_P(BlobsContract, WhatIsNotThereIsNotFound) {
  EXPECT_FALSE(blobs_.exists("a"));
  EXPECT_EQ(faultOf([&] { blobs_.read("a"); }), Fault::notFound);
  EXPECT_THAT(blobs_.list(""), IsEmpty());
  EXPECT_NO_THROW(blobs_.remove("a/b"));
}

TEST_P(BlobsContract, ABeginningOfAKeyIsNoBlob) {
  blobs_.put("a/b", "x");
  EXPECT_FALSE(blobs_.exists("a"));
  EXPECT_EQ(faultOf([&] { blobs_.read("a"); }), Fault::notFound);
}

TEST_P(BlobsContract, ABlobIsSeenWholeOrNotAtAll) {
  const auto writer = blobs_.create("a/b");
  writer->write(bytesOf("first "));
  EXPECT_FALSE(blobs_.exists("a/b"));
  EXPECT_THAT(blobs_.list(""), IsEmpty());
  writer->write(bytesOf("second"));
  writer->commit();
  EXPECT_EQ(blobs_.read("a/b").text(), "first second");
}

TEST_P(BlobsContract, WhatWasNotCommittedIsGone) {
  blobs_.put("a", "old");
  {
    const auto writer = blobs_.create("a");
    writer->write(bytesOf("new"));
  }
  EXPECT_EQ(blobs_.read("a").text(), "old");
  EXPECT_THAT(keysOf(blobs_.list("")), ElementsAre("a"));
}

TEST_P(BlobsContract, ABlobIsReplacedAndItsReadersKeepTheOld) {
  blobs_.put("a", "old");
  const FileBytes old = blobs_.read("a");
  blobs_.put("a", "new and longer");
  EXPECT_EQ(old.text(), "old");
  EXPECT_EQ(blobs_.read("a").text(), "new and longer");
}

TEST_P(BlobsContract, TheLastOfTwoWritersOfAKeyStays) {
  const auto first = blobs_.create("a");
  const auto second = blobs_.create("a");
  first->write(bytesOf("first"));
  second->write(bytesOf("second"));
  second->commit();
  first->commit();
  EXPECT_EQ(blobs_.read("a").text(), "first");
}

TEST_P(BlobsContract, AnotherProcessMayWriteThroughTheDescriptor) {
  const auto writer = blobs_.create("a");
  writer->write(bytesOf("parent "));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::write(writer->descriptor(), "child ", 6) == 6 ? 0 : 1);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  writer->write(bytesOf("parent"));
  writer->commit();
  EXPECT_EQ(blobs_.read("a").text(), "parent child parent");
}

TEST_P(BlobsContract, ARemovedBlobIsGone) {
  blobs_.put("a/b", "x");
  blobs_.put("a/c", "x");
  blobs_.remove("a/b");
  EXPECT_FALSE(blobs_.exists("a/b"));
  EXPECT_THAT(keysOf(blobs_.list("")), ElementsAre("a/c"));
}

TEST_P(BlobsContract, AListHasTheKeysWithAPrefixInOrder) {
  for (const std::string key : {"e/x@2/2", "e/x@1/1", "e/x@1/0.npy", "e.x", "f", "e/x@11/3"}) {
    blobs_.put(key, key);
  }
  EXPECT_THAT(keysOf(blobs_.list("")),
              ElementsAre("e.x", "e/x@1/0.npy", "e/x@1/1", "e/x@11/3", "e/x@2/2", "f"));
  EXPECT_THAT(keysOf(blobs_.list("e/x@1/")), ElementsAre("e/x@1/0.npy", "e/x@1/1"));
  EXPECT_THAT(keysOf(blobs_.list("e/x@1")), ElementsAre("e/x@1/0.npy", "e/x@1/1", "e/x@11/3"));
  EXPECT_THAT(blobs_.list("e/x@1/1/"), IsEmpty());
  EXPECT_THAT(blobs_.list("none/"), IsEmpty());
  EXPECT_EQ(blobs_.list("e/x@1/0").at(0).size, 11U);
}

TEST_P(BlobsContract, AKeyThatLeavesItsPlaceIsRefused) {
  for (const std::string key : {"", "/a", "a/", "a//b", "../a", "a/../b", "a/.", "a b", "a\nb"}) {
    EXPECT_EQ(faultOf([&] { blobs_.put(key, "x"); }), Fault::usage) << key;
    EXPECT_EQ(faultOf([&] { blobs_.read(key); }), Fault::usage) << key;
    EXPECT_EQ(faultOf([&] { blobs_.exists(key); }), Fault::usage) << key;
    EXPECT_EQ(faultOf([&] { blobs_.remove(key); }), Fault::usage) << key;
  }
}

TEST_P(BlobsContract, ManyThreadsWriteAndReadAtOnce) {
  std::atomic<int> torn = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        const std::string content(5000, static_cast<char>('a' + thread));
        for (int round = 0; round < 10; ++round) {
          blobs_.put("same", content);
          blobs_.put("own/" + std::to_string(thread) + "." + std::to_string(round), content);
          const FileBytes read = blobs_.read("same");
          if (read.text() != std::string(5000, read.text()[0])) ++torn;
        }
      });
    }
  }
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(blobs_.list("own/").size(), 40U);
}

}  // namespace
}  // namespace attacca::store
