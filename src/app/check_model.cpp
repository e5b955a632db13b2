#include "attacca/app/check_model.h"

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"

namespace attacca::app {

void checkModel(const std::filesystem::path& hear_program, const HearLimits& limits,
                const std::filesystem::path& openvino, const Manifest& manifest,
                const std::filesystem::path& model_file) {
  if (!manifest.origin.sha256.empty()) {
    const std::string found = sha256OfFile(model_file).hex();
    if (found != manifest.origin.sha256) {
      throw Error(Fault::refused,
                  fmt::format("{} is not the file that the manifest of {} names",
                              model_file.native(), manifest.name),
                  fmt::format("its sha256 is {}, and should be {}", found, manifest.origin.sha256));
    }
  }
  HearPool pool(hear_program, limits, {{manifest, model_file}}, openvino);
  try {
    pool.prepare(0);
  } catch (const Error& fault) {
    if (fault.fault() != Fault::corrupt) throw;
    throw Error(Fault::refused, fault.problem(), fault.remedy());  // it is not ours yet
  }
}

}  // namespace attacca::app
