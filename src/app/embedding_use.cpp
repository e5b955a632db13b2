#include <string_view>

#include "attacca/app/embeddings.h"

namespace attacca::app {

std::vector<EmbeddingUse> embeddingUse(const Blobs& blobs) {
  constexpr std::string_view kFolder = "embeddings/";
  std::vector<EmbeddingUse> all;
  for (const auto& blob : blobs.list(kFolder)) {
    if (!blob.key.ends_with(".npy")) continue;
    const std::string_view rest = std::string_view(blob.key).substr(kFolder.size());
    const std::string_view name = rest.substr(0, rest.find('/'));
    if (all.empty() || all.back().versioned_name != name) all.push_back({std::string(name), 0, 0});
    ++all.back().recordings;
    all.back().bytes += blob.size;
  }
  return all;
}

}  // namespace attacca::app
