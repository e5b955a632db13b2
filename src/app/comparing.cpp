#include "attacca/app/comparing.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <set>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/add.h"
#include "attacca/app/controls.h"
#include "attacca/app/recipes.h"
#include "attacca/app/representations.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/npy.h"

#include "provenance.h"

namespace attacca::app {
namespace {

// ---- What is asked for

double weightOf(std::string_view text, std::string_view part) {
  double weight = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (fault != std::errc{} || end != text.data() + text.size() || !(weight > 0 && weight <= 1e6)) {
    throw Error(Fault::usage, fmt::format("\"{}\" is no weight, in \"{}\"", text, part),
                "a weight is a number above 0: msd-musicnn:2+aspects");
  }
  return weight;
}

// A name, or one with its version.
bool isName(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('@'));
  return !name.empty() && (name == text || isVersionOf(text, name)) &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool hasVersion(std::string_view name) { return name.find('@') != std::string_view::npos; }

index::Asked parsePart(std::string_view part) {
  constexpr std::string_view kShuffled = "shuffled:";
  std::string_view rest = part;
  const bool shuffled = rest.starts_with(kShuffled);
  if (shuffled) rest.remove_prefix(kShuffled.size());
  const std::size_t colon = rest.find(':');
  const std::string_view name = rest.substr(0, colon);
  const double weight =
      colon == std::string_view::npos ? 1 : weightOf(rest.substr(colon + 1), part);
  if (!isName(name) || (shuffled && name == kRandom)) {
    throw Error(Fault::usage, fmt::format("\"{}\" names no representation", part),
                "`attacca representation list` shows those there are; several are joined by +");
  }
  return {shuffled ? shuffledName(name) : std::string(name), weight};
}

// ---- Where rows come from

index::TrackRows heldRows(const std::vector<float>& row) {
  index::TrackRows result;
  result.file = FileBytes::hold(npyBytes<float>({row.data(), 1, row.size()}));
  result.rows = npyView<float>(result.file, "a control");
  return result;
}

HeardRepresentation randomControl() {
  HeardRepresentation heard;
  heard.name = kRandom;
  heard.versioned_name = kRandomVersioned;
  heard.dimension = kRandomDimension;
  heard.rows = [](const archive::Track& track) { return heldRows(randomVector(track.hash)); };
  return heard;
}

// Tracks that a listener can play.
std::vector<archive::Track> playable(const archive::Catalogue& catalogue) {
  auto tracks = catalogue.tracks(archive::TrackFilter{});
  std::erase_if(tracks, [](const auto& track) { return !track.heard() || track.offline; });
  return tracks;
}

HeardRepresentation shuffledControl(const archive::Catalogue& catalogue, const Blobs& blobs,
                                    const HeardRepresentation& original) {
  std::vector<AudioHash> recordings;
  for (const auto& track : playable(catalogue)) {
    if (blobs.exists(embeddingKey(original.versioned_name, track.hash))) {
      recordings.push_back(track.hash);
    }
  }
  HeardRepresentation heard = original;
  heard.name = shuffledName(original.name);
  heard.versioned_name = shuffledName(original.versioned_name);
  heard.rows = [shuffle = std::make_shared<Shuffle>(recordings), &blobs,
                versioned = original.versioned_name](const archive::Track& track) {
    const AudioHash* const stand_in = shuffle->standIn(track.hash);
    const std::string key = embeddingKey(versioned, stand_in == nullptr ? track.hash : *stand_in);
    index::TrackRows result;
    result.file = blobs.read(key);  // throws for a track that has no embedding
    result.rows = npyView<float>(result.file, key);
    return result;
  };
  return heard;
}

// ---- Which version lists are made from

// The recordings that have an embedding of a version.
std::unordered_set<AudioHash> recordingsOf(const Blobs& blobs, std::string_view versioned_name) {
  std::unordered_set<AudioHash> found;
  const std::string folder = fmt::format("embeddings/{}/", versioned_name);
  for (const auto& blob : blobs.list(folder)) {
    const std::string_view file = std::string_view(blob.key).substr(folder.size());
    if (const auto digest = Sha256Digest::fromHex(file.substr(0, file.find('.')))) {
      found.insert(AudioHash{*digest});
    }
  }
  return found;
}

// Those of `recordings` that all of `versions` can say something about.
std::set<AudioHash> covered(const Blobs& blobs, const std::set<AudioHash>& recordings,
                            const std::set<std::string>& versions) {
  std::set<AudioHash> left = recordings;
  for (const auto& version : versions) {
    if (version == kRandomVersioned) continue;
    const auto has = recordingsOf(blobs, shuffledOf(version).value_or(version));
    std::erase_if(left, [&](const AudioHash& hash) { return !has.contains(hash); });
  }
  return left;
}

std::set<std::string> versionsOf(const Comparison& comparison) {
  std::set<std::string> versions;
  for (const auto& one : comparison.representations) versions.insert(one.versioned_name);
  return versions;
}

std::set<std::string> versionsOf(const index::Snapshot& snapshot) {
  std::set<std::string> versions;
  for (const auto& part : snapshot.info().parts) versions.insert(part.representation);
  return versions;
}

std::shared_ptr<const index::Snapshot> openOrNone(const Blobs& blobs, std::string_view key) {
  try {
    return index::Snapshot::openCurrent(blobs, key);
  } catch (const Error& fault) {
    if (fault.fault() != Fault::corrupt) throw;
    return nullptr;
  }
}

HeardRepresentation heardAs(const ArchiveFolder& archive, const archive::Catalogue& catalogue,
                            const Blobs& blobs, std::string_view name) {
  if (name == kRandom || name == kRandomVersioned) return randomControl();
  if (const auto original = shuffledOf(name)) {
    return shuffledControl(catalogue, blobs,
                           heardRepresentation(installedRepresentation(archive, *original)));
  }
  return heardRepresentation(installedRepresentation(archive, name));
}

// The comparison of a snapshot as it is; nullopt where a version is not here any more.
std::optional<Comparison> asItIs(const ArchiveFolder& archive, const archive::Catalogue& catalogue,
                                 const Blobs& blobs, const index::Snapshot& snapshot) {
  Comparison comparison{snapshot.info().recipe, snapshot.recipe(), {}};
  try {
    for (const auto& version : versionsOf(snapshot)) {
      comparison.representations.push_back(heardAs(archive, catalogue, blobs, version));
    }
  } catch (const Error& fault) {
    if (fault.fault() != Fault::notFound) throw;
    return std::nullopt;
  }
  return comparison;
}

}  // namespace

std::vector<index::Asked> parseAsked(std::string_view text) {
  std::vector<index::Asked> asked;
  while (true) {
    const std::size_t plus = std::min(text.find('+'), text.size());
    asked.push_back(parsePart(text.substr(0, plus)));
    if (plus == text.size()) break;
    text.remove_prefix(plus + 1);
  }
  if (asked.size() > 1 && std::any_of(asked.begin(), asked.end(), [](const auto& one) {
        return hasVersion(one.representation);
      })) {
    throw Error(Fault::usage, "a version can be named where it stands alone");
  }
  // a+b and b+a are one comparison.
  std::sort(asked.begin(), asked.end(),
            [](const auto& a, const auto& b) { return a.representation < b.representation; });
  const auto twice = std::adjacent_find(
      asked.begin(), asked.end(),
      [](const auto& a, const auto& b) { return a.representation == b.representation; });
  if (twice != asked.end()) {
    throw Error(Fault::usage, fmt::format("{} is there twice", twice->representation),
                "give it a weight instead: msd-musicnn:2+aspects");
  }
  return asked;
}

index::Recipe recipeNamed(const ArchiveFolder& archive, std::string_view name) {
  return index::findRecipe(name, archiveRecipes(archive));
}

Comparison comparison(const ArchiveFolder& archive, const archive::Catalogue& catalogue,
                      const Blobs& blobs, const index::Recipe& recipe,
                      std::span<const index::Asked> asked) {
  Comparison result{index::snapshotKey(recipe, asked), index::resolved(recipe, asked), {}};
  for (const auto& name : index::requiredRepresentations(recipe, asked)) {
    result.representations.push_back(heardAs(archive, catalogue, blobs, name));
    result.representations.back().name = name;
  }
  return result;
}

std::optional<Comparison> comparisonOfKey(const ArchiveFolder& archive,
                                          const archive::Catalogue& catalogue, const Blobs& blobs,
                                          std::string_view key) {
  const auto snapshot = openOrNone(blobs, key);
  if (snapshot == nullptr) return std::nullopt;
  if (hasVersion(key)) return asItIs(archive, catalogue, blobs, *snapshot);
  Comparison result{std::string(key), snapshot->recipe(), {}};
  try {
    const index::Recipe named = recipeNamed(archive, key.substr(0, key.find('+')));
    if (!named.open()) result.recipe = named;
    for (const auto& name : index::requiredRepresentations(result.recipe, {})) {
      result.representations.push_back(heardAs(archive, catalogue, blobs, name));
    }
  } catch (const Error& fault) {
    if (fault.fault() != Fault::notFound && fault.fault() != Fault::usage) throw;
    return std::nullopt;
  }
  return result;
}

bool isMadeFrom(const Blobs& blobs, const Comparison& comparison) {
  const auto snapshot = openOrNone(blobs, comparison.key);
  if (snapshot == nullptr) return false;
  const auto versions = versionsOf(*snapshot);
  const auto found = [&](const HeardRepresentation& one) {
    return std::any_of(versions.begin(), versions.end(), [&](const std::string& version) {
      return version == one.versioned_name ||
             (!hasVersion(one.name) && version.substr(0, version.find('@')) == one.name);
    });
  };
  return versions.size() == comparison.representations.size() &&
         std::all_of(comparison.representations.begin(), comparison.representations.end(), found);
}

PublishedComparison publishComparison(const ArchiveFolder& archive,
                                      const archive::Catalogue& catalogue, Blobs& blobs,
                                      const Comparison& wanted, const Clock& clock, unsigned jobs) {
  PublishedComparison result;
  const auto publish = [&](const Comparison& what) {
    return publishArchive(catalogue, blobs, what.key, what.recipe, what.representations, clock,
                          jobs);
  };
  const auto current = openOrNone(blobs, wanted.key);
  if (current == nullptr || versionsOf(*current) == versionsOf(wanted)) {
    result.published = publish(wanted);
    return result;
  }
  std::set<AudioHash> recordings;
  for (const auto& track : playable(catalogue)) recordings.insert(track.hash);
  const auto before = covered(blobs, recordings, versionsOf(*current));
  const auto after = covered(blobs, before, versionsOf(wanted));
  result.lacking = before.size() - after.size();
  if (result.lacking == 0) {
    result.published = publish(wanted);
    return result;
  }
  result.serving = current->info().representation;
  if (const auto old = asItIs(archive, catalogue, blobs, *current)) {
    result.published = publish(*old);
  } else {
    result.published = Published{current->info(), {}};
  }
  return result;
}

}  // namespace attacca::app
