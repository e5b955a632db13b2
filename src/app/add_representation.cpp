#include "attacca/app/add_representation.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/sha256.h"
#include "attacca/base/unfinished_folder.h"

#include "representation_files.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

void copyDurably(const fs::path& from, const fs::path& to) {
  std::error_code fault;
  fs::copy_file(from, to, fault);
  if (fault) throwSystemError("copy", from.native(), fault.value());
  const UniqueFd fd = openToRead(to);
  if (::fsync(fd.get()) != 0) throwErrno("write", to.native());
}

// People know the file by the name that they gave.
Error named(const Error& fault, const fs::path& copy, const fs::path& model) {
  std::string problem = fault.problem();
  if (const auto at = problem.find(copy.native()); at != std::string::npos) {
    problem.replace(at, copy.native().size(), model.native());
  }
  return {fault.fault(), problem, fault.remedy()};
}

}  // namespace

Manifest manifestToAdd(const ModelToAdd& what) {
  const std::string stem = what.model.stem().native();
  Manifest manifest;
  if (what.manifest) {
    manifest = Manifest::parse(readFile(*what.manifest), what.manifest->native());
  } else {
    const auto shipped = shippedManifests();
    const auto known = std::find_if(shipped.begin(), shipped.end(),
                                    [&](const Manifest& one) { return one.name == stem; });
    if (known == shipped.end()) {
      throw Error(Fault::notFound, fmt::format("nothing is known about a model {}", stem),
                  "say what it is: --manifest FILE");
    }
    manifest = *known;
  }
  if (!isOnnx(manifest)) {
    throw Error(Fault::usage, fmt::format("{} is no ONNX model", manifest.name),
                howToGet(manifest));
  }
  return manifest;
}

void checkLicenceAccepted(const ArchiveFolder& archive, const Manifest& manifest) {
  const auto installed = installedRepresentations(archive);
  const bool accepted = std::any_of(installed.begin(), installed.end(), [&](const auto& one) {
    return one.manifest.name == manifest.name && one.manifest.licence == manifest.licence;
  });
  if (accepted) return;
  throw Error(Fault::usage,
              fmt::format("{} is licensed under {} by {}", manifest.title, manifest.licence,
                          manifest.credit),
              fmt::format("read it{}, and say --accept-licence, once",
                          manifest.origin.page.empty() ? "" : " at " + manifest.origin.page));
}

AddedRepresentation addRepresentation(const ArchiveFolder& archive, const Manifest& manifest,
                                      const fs::path& model,
                                      const std::function<void(const fs::path&)>& check) {
  fs::create_directories(archive.representations());
  removeUnfinishedFolders(archive.representations());
  UnfinishedFolder folder(archive.representations());
  const fs::path copy = folder.path() / modelFileName(manifest);
  copyDurably(model, copy);
  AddedRepresentation result;
  result.representation.manifest = manifest;
  result.representation.versioned_name = versionedName(manifest, sha256OfFile(copy));
  result.representation.bytes = fs::file_size(copy);
  const fs::path place = archive.representations() / result.representation.versioned_name;
  result.representation.model_file = place / modelFileName(manifest);
  std::error_code ignored;
  result.was_there = fs::exists(result.representation.model_file, ignored);
  if (!result.was_there) {
    try {
      check(copy);
    } catch (const Error& fault) {
      throw named(fault, copy, model);
    }
    writeFileAtomically(folder.path() / kManifestFile, manifest.toml());
    publishModel(folder, place, manifest);
  }
  writeFileAtomically(archive.representations() / meantVersionFile(manifest.name),
                      result.representation.versioned_name + "\n");
  return result;
}

}  // namespace attacca::app
