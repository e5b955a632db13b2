#include "attacca/app/representations.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/representation.h"
#include "attacca/base/sha256.h"

#include "representation_files.h"

namespace attacca::app {

namespace {

namespace fs = std::filesystem;

// The version that was brought in last, if it is here.
std::string meantVersion(const ArchiveFolder& archive, std::string_view name) {
  const fs::path file = archive.representations() / meantVersionFile(name);
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return {};
  std::string version = readFile(file);
  return version.substr(0, version.find('\n'));
}

bool isShipped(const Manifest& manifest) {
  const auto shipped = shippedManifests();
  return std::any_of(shipped.begin(), shipped.end(), [&](const Manifest& one) {
    return one.name == manifest.name && sameIngredients(one, manifest);
  });
}

}  // namespace

std::vector<InstalledRepresentation> installedRepresentations(const ArchiveFolder& archive) {
  std::vector<InstalledRepresentation> found;
  for (const auto& manifest : shippedManifests()) {
    if (isBuiltIn(manifest)) found.push_back({manifest, versionedName(manifest, {}), {}, 0, false});
  }
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(archive.representations(), ignored)) {
    const std::string name = entry.path().filename().native();
    const fs::path file = entry.path() / kManifestFile;
    if (name.starts_with('.') || !fs::is_regular_file(file, ignored)) continue;
    const Manifest manifest = Manifest::parse(readFile(file), file.native());
    const fs::path model = entry.path() / modelFileName(manifest);
    const auto bytes = fs::file_size(model, ignored);
    if (ignored) {
      found.push_back({manifest, name, {}, 0, true});
    } else {
      found.push_back({manifest, name, model, bytes, false});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.versioned_name < b.versioned_name; });
  return found;
}

std::optional<InstalledRepresentation> findRepresentation(const ArchiveFolder& archive,
                                                          std::string_view name) {
  std::vector<InstalledRepresentation> named;
  for (auto& installed : installedRepresentations(archive)) {
    if (installed.versioned_name == name) return installed;
    if (installed.manifest.name == name) named.push_back(std::move(installed));
  }
  if (named.empty()) return std::nullopt;
  if (named.size() == 1) return std::move(named.front());
  const std::string meant = meantVersion(archive, name);
  const auto pick = [&](const auto& is_it) {
    return std::find_if(named.begin(), named.end(), is_it);
  };
  auto found = pick([&](const auto& one) { return one.versioned_name == meant; });
  if (found == named.end()) {
    found = pick([](const auto& one) { return isShipped(one.manifest); });
  }
  if (found != named.end()) return std::move(*found);
  std::string names;
  for (const auto& one : named) names += (names.empty() ? "" : ", ") + one.versioned_name;
  throw Error(Fault::usage, fmt::format("there are several versions of {}", name),
              "name one of them: " + names);
}

InstalledRepresentation installedRepresentation(const ArchiveFolder& archive,
                                                std::string_view name) {
  if (auto found = findRepresentation(archive, name)) return *std::move(found);
  const Manifest& shipped = shippedManifest(name.substr(0, name.find('@')));
  throw Error(Fault::notFound,
              fmt::format("the representation {} is not in this archive yet", name),
              howToGet(shipped));
}

InstalledRepresentation usableRepresentation(const ArchiveFolder& archive, std::string_view name) {
  auto found = installedRepresentation(archive, name);
  if (found.embeddings_only) {
    throw Error(Fault::notFound,
                fmt::format("there is no model of {} here: recordings can be compared by it, but "
                            "not heard with it",
                            name),
                howToGet(found.manifest));
  }
  checkInstalled(found);
  return found;
}

void checkInstalled(const InstalledRepresentation& representation) {
  const bool has_model = !representation.model_file.empty();
  if (!has_model && !isExternal(representation.manifest)) return;
  const Sha256Digest digest = has_model ? sha256OfFile(representation.model_file) : Sha256Digest{};
  if (versionedName(representation.manifest, digest) == representation.versioned_name) return;
  throw Error(Fault::corrupt,
              fmt::format("the representation {} is not what it was when it was brought in",
                          representation.versioned_name),
              fmt::format("remove its folder in representations/ of the archive, then {}",
                          howToGet(representation.manifest)));
}

}  // namespace attacca::app
