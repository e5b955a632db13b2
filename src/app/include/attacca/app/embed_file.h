// The embedding of one file that need not be in any archive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>

#include "attacca/app/hear_pool.h"
#include "attacca/base/progress.h"

namespace attacca::app {

struct EmbedOptions {
  bool clips = false;  // all clips, one row each and in order, instead of their mean
};

struct Embedded {
  Heard heard;
  std::int64_t rows = 0;  // 0: one vector
  std::int64_t dimension = 0;
};

// Hears `recording` with the first model of `pool` (of that dimension) and writes `output`, whole
// or not at all: float32 .npy, clips x dimension, or of one dimension for the mean. Throws
// Fault::refused for a recording that cannot be used.
Embedded embedFile(HearPool& pool, int dimension, const std::filesystem::path& recording,
                   const std::filesystem::path& output, const EmbedOptions& options,
                   Progress& progress, const std::stop_token& stop);

}  // namespace attacca::app
