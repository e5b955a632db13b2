// What the tests of the pool share: a pool whose processes misbehave on request, and a folder.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "attacca/app/hear_pool.h"
#include "attacca/base/error.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::app {

// Everything that a failed test may leave behind goes with it.
class HearPoolTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_ / "recording") << "not music";
    recording_ = UniqueFd(::open((folder_ / "recording").c_str(), O_RDWR | O_CLOEXEC));
  }

  HearPool pool(HearLimits limits = {}, int models = 0) const {
    return {MISBEHAVING_HEAR, limits, someModels(models)};
  }

  std::vector<HearModel> someModels(int count) const {
    std::vector<HearModel> models;
    models.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      models.push_back({shippedManifest("msd-musicnn"), folder_ / "recording"});
    }
    return models;
  }

  // What its process does while it loads the model.
  HearModel onnxModel(const std::string& how) const {
    Manifest manifest = shippedManifest("msd-musicnn");
    manifest.network = "onnx";
    manifest.source = {};
    manifest.layer = how;
    return {manifest, folder_ / "recording"};
  }

  HearPool onnxPool(const std::string& how, HearLimits limits = {}) const {
    return {MISBEHAVING_HEAR, limits, {onnxModel(how)}, folder_ / "."};
  }

  // What hearing with a model comes to grief by.
  Error failure(HearPool& pool, int slot = 0) const {
    const UniqueFd rows = output("rows");
    const std::array outputs{rows.get()};
    try {
      pool.hear(recording_.get(), {"well behaved", {slot}, false}, outputs);
    } catch (const Error& fault) {
      return fault;
    }
    return {Fault::usage, "it was heard"};
  }

  UniqueFd output(const std::string& name) const {
    return UniqueFd(::open((folder_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  }

  // The reason for which a recording of this name is refused.
  std::string reason(HearPool& pool, const std::string& name) const {
    try {
      pool.identify(recording_.get(), name);
      return "it was not refused";
    } catch (const Error& fault) {
      EXPECT_EQ(fault.fault(), Fault::refused) << fault.what();
      return fault.problem();
    }
  }

  pid_t processOf(HearPool& pool) const {
    const Identity identity = pool.identify(recording_.get(), "well behaved");
    return std::stoi(identity.format.substr(identity.format.find(' ')));
  }

  test::TempFolder folder_;
  UniqueFd recording_;
};

// Children of this process that live, or that nobody has waited for.
inline std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(thread.path() / "children");
    for (pid_t pid = 0; list >> pid;) found.push_back(pid);
  }
  return found;
}

}  // namespace attacca::app
