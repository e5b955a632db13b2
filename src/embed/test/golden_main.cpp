// musicnn_golden GOLDEN_FOLDER MODEL_FOLDER: compares every target that this processor has with the
// reference. For processors that are tested through an emulator; the models were imported before.
#include <cstdio>
#include <exception>
#include <string>

#include "goldens.h"

namespace {

using namespace attacca;         // NOLINT(google-build-using-namespace): a program, not a header
using namespace attacca::embed;  // NOLINT(google-build-using-namespace)

bool check(const std::string& goldens, const std::string& models) {
  bool good = true;
  for (const Target target : supportedTargets()) {
    const std::string name(targetName(target));
    const test::LogMelDifference log_mel = test::compareLogMel(goldens, target);
    std::printf("%s: log-mel max |d| %.1e, ties %.3f %%, each at most %.1e\n", name.c_str(),
                log_mel.most, 100 * log_mel.share_of_ties, log_mel.most_tie);
    good = good && test::isGood(log_mel);
    for (const test::ModelName& model_name : test::kModelNames) {
      const std::string file = models + "/" + std::string(model_name.manifest) + ".model";
      const auto network = makeNetwork(Model(FileBytes::map(file), file), target);
      const test::ModelDifference difference = test::compareModel(goldens, model_name, *network);
      std::printf("%s: %s max |d| %.1e, cosine %.9f; tags max |d| %.1e, cosine %.9f\n",
                  name.c_str(), std::string(model_name.manifest).c_str(), difference.embedding.most,
                  difference.embedding.least_cosine, difference.tags.most,
                  difference.tags.least_cosine);
      good = good && test::isGood(difference.embedding) && test::isGood(difference.tags);
    }
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: musicnn_golden GOLDEN_FOLDER MODEL_FOLDER\n", stderr);
    return 2;
  }
  try {
    const bool good = check(argv[1], argv[2]);
    std::puts(good ? "all within tolerance" : "OUT OF TOLERANCE");
    return good ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "musicnn_golden: %s\n", error.what());
    return 1;
  }
}
