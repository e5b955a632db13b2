#include "attacca/base/blob.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

TEST(BlobKey, PlainRelativePathsAreKeys) {
  checkBlobKey("embeddings/msd-musicnn@0123456789abcdef/ab12.npy");
  checkBlobKey("snapshots/mean-cosine/CURRENT");
}

TEST(BlobKey, WhatCouldLeaveTheStoreIsRefused) {
  for (const char* key :
       {"", "/etc/passwd", "a/../b", "..", "a//b", "a/", "./a", "a b", "a\nb", "ä"}) {
    EXPECT_THROW(checkBlobKey(key), Error) << key;
  }
  EXPECT_THROW(checkBlobKey(std::string(513, 'a')), Error);
}

}  // namespace
}  // namespace attacca
