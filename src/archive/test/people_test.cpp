#include "attacca/archive/people.h"

#include <algorithm>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attacca::archive {
namespace {

TEST(NameAuthority, ShippedFileIsWellFormed) {
  const NameAuthority& authority = NameAuthority::shipped();
  EXPECT_GT(authority.people().size(), 500U);
}

}  // namespace
}  // namespace attacca::archive
