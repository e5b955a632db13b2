// What every adapter and decorator of the blob port must do.
#pragma once

#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "attacca/base/blob.h"

namespace attacca::store {

// Empty blobs of the adapter. Its destructor removes them.
class OpenBlobs {
 public:
  virtual ~OpenBlobs() = default;
  virtual Blobs& blobs() = 0;
};

using MakeBlobs = std::function<std::unique_ptr<OpenBlobs>()>;

class BlobsContract : public testing::TestWithParam<MakeBlobs> {
 protected:
  BlobsContract() : open_(GetParam()()), blobs_(open_->blobs()) {}

  std::unique_ptr<OpenBlobs> open_;
  Blobs& blobs_;
};

}  // namespace attacca::store
