#include <algorithm>
#include <cmath>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/add.h"
#include "attacca/app/embeddings.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/npy.h"
#include "attacca/base/representation.h"
#include "attacca/base/unfinished_folder.h"

#include "embedding_ids.h"
#include "provenance.h"
#include "representation_files.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

// ---- Whose embeddings they are

// Means of tracks must not pass for the clips that are kept here.
void checkClips(const Manifest& manifest, const std::string& file, std::string_view why) {
  if (!hasSeveralClips(manifest)) return;
  throw Error(Fault::refused,
              fmt::format("by {} the rows {}, and of {} each clip of a recording is kept", file,
                          why, manifest.name),
              "`attacca embeddings export --clips` writes clips; means of another program can be a "
              "representation of their own: a manifest with network = \"external\"");
}

InstalledRepresentation described(const ArchiveFolder& archive, const EmbeddingsToImport& what) {
  const std::string text = readFile(*what.about);
  const std::string& name = what.about->native();
  if (what.about->extension() == ".json") {
    auto provenance = decodeProvenance(text, name);
    if (!provenance.clips) checkClips(provenance.manifest, name, "are of tracks");
    return {std::move(provenance.manifest), std::move(provenance.versioned_name), {}, 0, true};
  }
  Manifest manifest = Manifest::parse(text, name);
  if (isExternal(manifest)) {
    std::string versioned = versionedName(manifest, {});
    return {std::move(manifest), std::move(versioned), {}, 0, true};
  }
  for (auto& installed : installedRepresentations(archive)) {
    if (installed.manifest.name == manifest.name && sameIngredients(installed.manifest, manifest)) {
      return installed;
    }
  }
  throw Error(
      Fault::refused,
      fmt::format("{} does not say with which model file {} was computed", name, manifest.name),
      "give the provenance.json that was written with the embeddings");
}

}  // namespace

InstalledRepresentation representationToImport(const ArchiveFolder& archive,
                                               const EmbeddingsToImport& what) {
  const std::string bare = what.representation.substr(0, what.representation.find('@'));
  if (what.about) {
    auto found = described(archive, what);
    if (what.representation != found.manifest.name && what.representation != found.versioned_name) {
      throw Error(Fault::usage, fmt::format("{} describes {}, not {}", what.about->native(),
                                            found.versioned_name, what.representation));
    }
    return found;
  }
  if (auto known = findRepresentation(archive, what.representation)) {
    if (known->embeddings_only) return *std::move(known);
    throw Error(Fault::usage,
                fmt::format("nothing says with which version of {} these were computed", bare),
                "name the provenance.json that was written with them: --manifest FILE");
  }
  for (const auto& manifest : shippedManifests()) {
    if (manifest.name == bare && isExternal(manifest)) {
      return {manifest, versionedName(manifest, {}), {}, 0, true};
    }
  }
  throw Error(Fault::notFound, fmt::format("nothing is known about a representation {}", bare),
              "describe it: --manifest FILE names a manifest or the provenance.json of an export");
}

namespace {

// So that the archive can say what it holds.
void describe(const ArchiveFolder& archive, const InstalledRepresentation& representation) {
  const fs::path place = archive.representations() / representation.versioned_name;
  std::error_code ignored;
  if (isBuiltIn(representation.manifest) || fs::exists(place / kManifestFile, ignored)) return;
  fs::create_directories(archive.representations());
  UnfinishedFolder folder(archive.representations());
  writeFileAtomically(folder.path() / kManifestFile, representation.manifest.toml());
  folder.publishAs(place);
}

// ---- What they are of

struct Clip {
  std::int64_t number = 0;
  std::size_t row = 0;
};

// All rows of one recording.
struct Group {
  AudioHash hash;
  std::vector<Clip> clips;
  bool spoilt = false;  // a row of it was refused
};

class Importer {
 public:
  Importer(Blobs& blobs, MatrixView<float> matrix, const EmbeddingIds& ids,
           const EmbeddingsToImport& what, EmbeddingsImported& result)
      : blobs_(blobs),
        matrix_(matrix),
        ids_(ids),
        what_(what),
        result_(result),
        refused_(matrix.rows) {}

  void group(const archive::Catalogue& catalogue) {
    const RecordingFinder finder(catalogue);
    std::unordered_map<AudioHash, std::size_t> group_of;
    for (std::size_t row = 0; row < matrix_.rows; ++row) {
      const auto found = finder.find(ids_.rows[row]);
      if (!found.hash) {
        refuse(row, found.problem);
        continue;
      }
      const auto [at, is_new] = group_of.try_emplace(*found.hash, groups_.size());
      if (is_new) groups_.push_back({*found.hash, {}, false});
      Group& group = groups_[at->second];
      const auto numbers = matrix_.row(row);
      const auto odd =
          std::find_if(numbers.begin(), numbers.end(), [](float x) { return !std::isfinite(x); });
      if (odd != numbers.end()) {
        refuse(row, fmt::format("number {} of it is {}", odd - numbers.begin(), *odd));
        group.spoilt = true;
      }
      const auto clip = ids_.has_clips ? ids_.rows[row].clip : std::optional<std::int64_t>(0);
      if (!clip) {
        refuse(row, "its clip is not a whole number from 0");
        group.spoilt = true;
      } else {
        group.clips.push_back({*clip, row});
      }
    }
  }

  void take(Progress& progress, const std::stop_token& stop) {
    progress.begin("importing", static_cast<double>(groups_.size()), "recordings");
    double done = 0;
    for (auto& group : groups_) {
      if (stop.stop_requested()) {
        throw Error(Fault::cancelled, "stopped while importing",
                    "run it again: what is there already changes nothing");
      }
      if (arrange(group)) keep(group);
      progress.advanceTo(++done);
    }
    progress.end();
    std::sort(result_.refused.begin(), result_.refused.end(),
              [](const auto& a, const auto& b) { return a.row < b.row; });
  }

 private:
  // The first reason counts.
  void refuse(std::size_t row, std::string reason) {
    if (refused_[row]) return;
    refused_[row] = true;
    result_.refused.push_back({row, ids_.rows[row].line, std::move(reason)});
  }

  bool same(std::size_t a, std::size_t b) const {
    return std::ranges::equal(matrix_.row(a), matrix_.row(b));
  }

  // Clips in order, each once; false where they cannot be used.
  bool arrange(Group& group) {
    auto& clips = group.clips;
    std::stable_sort(clips.begin(), clips.end(),
                     [](const Clip& a, const Clip& b) { return a.number < b.number; });
    std::vector<Clip> unique;
    for (const Clip& clip : clips) {
      if (unique.empty() || unique.back().number != clip.number) {
        unique.push_back(clip);
      } else if (!group.spoilt && !same(unique.back().row, clip.row)) {
        refuse(clip.row,
               fmt::format("row {} is {} of the same recording, and differs{}", unique.back().row,
                           ids_.has_clips ? fmt::format("clip {}", clip.number) : "an embedding",
                           ids_.has_clips ? "" : "; a column \"clip\" tells clips apart"));
        group.spoilt = true;
      }
    }
    for (std::size_t i = 0; i < unique.size() && !group.spoilt; ++i) {
      if (unique[i].number == static_cast<std::int64_t>(i)) continue;
      refuse(unique[i].row, fmt::format("clip {} of its recording is missing", i));
      group.spoilt = true;
    }
    if (group.spoilt) {
      for (const Clip& clip : clips) {
        refuse(clip.row, "another row of its recording cannot be used");
      }
      return false;
    }
    clips = std::move(unique);
    return true;
  }

  void keep(const Group& group) {
    std::vector<float> rows;
    rows.reserve(group.clips.size() * matrix_.cols);
    for (const Clip& clip : group.clips) {
      const auto numbers = matrix_.row(clip.row);
      rows.insert(rows.end(), numbers.begin(), numbers.end());
    }
    const std::string bytes = npyBytes<float>({rows.data(), group.clips.size(), matrix_.cols});
    const std::string key = embeddingKey(result_.representation.versioned_name, group.hash);
    const bool there = blobs_.exists(key);
    if (there && blobs_.read(key).text() == bytes) {
      ++result_.known;
    } else if (there && !what_.replace) {
      for (const Clip& clip : group.clips) {
        refuse(clip.row,
               "the archive has another embedding of that recording; --replace takes this one");
      }
    } else {
      blobs_.put(key, bytes);
      ++(there ? result_.replaced : result_.added);
    }
  }

  Blobs& blobs_;
  const MatrixView<float> matrix_;
  const EmbeddingIds& ids_;
  const EmbeddingsToImport& what_;
  EmbeddingsImported& result_;
  std::vector<bool> refused_;  // by row
  std::vector<Group> groups_;
};

MatrixView<float> readMatrix(const FileBytes& file, const fs::path& name) {
  try {
    return npyView<float>(file, name.native());
  } catch (const Error& fault) {
    throw Error(Fault::refused, fault.problem(),
                "numpy.save(FILE, numpy.ascontiguousarray(X, 'float32')) writes what is read here");
  }
}

}  // namespace

EmbeddingsImported importEmbeddings(const archive::Catalogue& catalogue, Blobs& blobs,
                                    const ArchiveFolder& archive, const EmbeddingsToImport& what,
                                    Progress& progress, const std::stop_token& stop) {
  EmbeddingsImported result;
  result.representation = representationToImport(archive, what);
  const Manifest& manifest = result.representation.manifest;
  const FileBytes file = FileBytes::map(what.matrix);
  const auto matrix = readMatrix(file, what.matrix);
  if (matrix.cols != static_cast<std::size_t>(manifest.dimension)) {
    throw Error(Fault::refused,
                fmt::format("the rows of {} have {} numbers, those of {} have {}",
                            what.matrix.native(), matrix.cols, manifest.name, manifest.dimension));
  }
  const EmbeddingIds ids = readEmbeddingIds(what.ids);
  if (ids.rows.size() != matrix.rows) {
    throw Error(Fault::refused,
                fmt::format("{} has {} rows and {} names {}: from row {} on they do not belong "
                            "together",
                            what.matrix.native(), matrix.rows, what.ids.native(), ids.rows.size(),
                            std::min(matrix.rows, ids.rows.size())));
  }
  if (!ids.has_clips) checkClips(manifest, what.ids.native(), "are not numbered as clips");
  result.rows = matrix.rows;
  Importer importer(blobs, matrix, ids, what, result);
  importer.group(catalogue);
  describe(archive, result.representation);
  importer.take(progress, stop);
  return result;
}

}  // namespace attacca::app
