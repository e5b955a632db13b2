// Which snapshots there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/blob.h"

namespace attacca::index {

// The keys under which a current snapshot is kept, in order.
std::vector<std::string> snapshotKeys(const Blobs& blobs);

// Removes all versions of a key; none is current from the first moment on. Interrupted, it can be
// called again.
void removeSnapshots(Blobs& blobs, std::string_view key);

}  // namespace attacca::index
