#include "representation_files.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/representation.h"
#include "attacca/base/sha256.h"

namespace attacca::app {

namespace fs = std::filesystem;

bool sameIngredients(const Manifest& a, const Manifest& b) {
  const Sha256Digest any{};
  return fingerprint(a, any) == fingerprint(b, any);
}

std::string_view modelFileName(const Manifest& manifest) {
  return isOnnx(manifest) ? "model.onnx" : "model.bin";
}

std::string howToGet(const Manifest& manifest) {
  const std::string& command = manifest.origin.command;
  if (isExternal(manifest)) {
    return fmt::format(
        "{}, then `attacca embeddings import FILE.npy --ids FILE.csv "
        "--representation {} --accept-licence`",
        command.empty() ? "compute it elsewhere" : fmt::format("`{}`", command), manifest.name);
  }
  if (isOnnx(manifest)) {
    return fmt::format(
        "{}, then `attacca representation add {}.onnx`",
        command.empty() ? "export it from its authors' package" : fmt::format("`{}`", command),
        manifest.name);
  }
  return fmt::format("`attacca representation fetch {}` brings it", manifest.name);
}

std::string meantVersionFile(std::string_view name) { return fmt::format("{}.current", name); }

void publishModel(UnfinishedFolder& folder, const fs::path& place, const Manifest& manifest) {
  std::error_code fault;
  if (!fs::exists(place, fault)) {
    folder.publishAs(place);
    return;
  }
  const std::string_view name = modelFileName(manifest);
  fs::rename(folder.path() / name, place / name, fault);
  if (fault) throwSystemError("write", place.native(), fault.value());
  syncFolder(place);
}

}  // namespace attacca::app
