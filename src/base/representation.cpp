#include "attacca/base/representation.h"

#include <algorithm>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "manifest_words.h"
#include "shipped_manifests.h"

namespace attacca {
namespace {

// Numbers of a front end that change an embedding, in a fixed order.
std::string ingredients(const LogMelFrontEnd& front) {
  return fmt::format("log-mel {} {} {} {} {} {} {} {}", front.rate_hz, front.fft, front.hop,
                     front.bands, front.low_hz, front.high_hz, front.round_to_float16,
                     front.log_scale);
}

std::string ingredients(const MelFrontEnd& front) {
  return fmt::format("mel {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}{}", front.rate_hz,
                     front.fft, front.window, front.hop, front.bands, front.low_hz, front.high_hz,
                     word(front.scale), word(front.norm), word(front.spectrum), word(front.edges),
                     word(front.logarithm), front.log_scale, front.floor, front.top_db, front.mean,
                     front.deviation, front.by_clip, front.symmetric ? " symmetric" : "");
}

std::string ingredients(const WaveFrontEnd& front) {
  return fmt::format("wave {} {} {}", front.rate_hz, front.normalise, front.epsilon);
}

std::string ingredients(const FrontEnd& front_end) {
  return std::visit([](const auto& front) { return ingredients(front); }, front_end);
}

std::string hashed(std::string_view text) { return sha256(text).hex().substr(0, 16); }

double hopOf(const FrontEnd& front_end) {
  if (const auto* front = std::get_if<LogMelFrontEnd>(&front_end)) return front->hop;
  if (const auto* front = std::get_if<MelFrontEnd>(&front_end)) return front->hop;
  return 1;
}

// Of so many frames, or of so many samples where the front end works clip by clip.
Seconds lengthOf(const Manifest& manifest, int count) {
  const double samples = manifest.clips.samples > 0
                             ? static_cast<double>(count)
                             : static_cast<double>(count) * hopOf(manifest.front_end);
  return Seconds(samples / rateHz(manifest));
}

}  // namespace

int rateHz(const FrontEnd& front_end) {
  return std::visit([](const auto& front) { return front.rate_hz; }, front_end);
}

bool isOnnx(const Manifest& manifest) { return manifest.network == "onnx"; }
bool isExternal(const Manifest& manifest) { return manifest.network == "external"; }

bool isBuiltIn(const Manifest& manifest) { return isBuiltInNetwork(manifest.network); }

Seconds clipLength(const Manifest& manifest) {
  const ClipRule& clips = manifest.clips;
  return lengthOf(manifest, clips.samples > 0 ? clips.samples : clips.frames);
}

Seconds clipHop(const Manifest& manifest) { return lengthOf(manifest, manifest.clips.hop); }

double rowsPerSecond(const Manifest& manifest) {
  if (isExternal(manifest) || manifest.clips.choice != ClipChoice::all) return 0;
  return 1 / clipHop(manifest).count();
}

bool hasSeveralClips(const Manifest& manifest) {
  const ClipChoice choice = manifest.clips.choice;
  return !isExternal(manifest) && (choice == ClipChoice::all || choice == ClipChoice::middle);
}

// Every ingredient that changes an embedding, and nothing that does not (titles, credits).
std::string fingerprint(const Manifest& manifest, const Sha256Digest& model_file) {
  const auto& clips = manifest.clips;
  if (isExternal(manifest)) {
    return hashed(fmt::format("attacca external 1\nversion {}\n{}\n{}\n{}\n{}\n", manifest.version,
                              manifest.layer, manifest.dimension, manifest.pooling,
                              manifest.silence));
  }
  const std::string front = ingredients(manifest.front_end);
  if (!isBuiltIn(manifest) && !isOnnx(manifest)) {
    return hashed(fmt::format("attacca representation 1\n{}\n{}\n{} {} {}\n{} {} {} {}\n{}\n{}\n",
                              model_file.hex(), front, manifest.network, manifest.layer,
                              manifest.dimension, clips.frames, clips.hop, word(clips.choice),
                              clips.choice_seconds, manifest.pooling, manifest.silence));
  }
  const std::string model =
      isBuiltIn(manifest) ? fmt::format("version {}", manifest.version) : model_file.hex();
  std::string text = fmt::format(
      "attacca representation 2\n{}\n{}\n{} {} {}\n{} {} {}\n{} {} {} {} {}\n{}\n{}\n", model,
      front, manifest.network, manifest.layer, manifest.dimension, word(manifest.output),
      word(manifest.input), word(manifest.precision), clips.frames, clips.samples, clips.hop,
      word(clips.choice), clips.choice_seconds, manifest.pooling, manifest.silence);
  for (const std::string& number : manifest.numbers) text += number + "\n";
  return hashed(text);
}

std::string versionedName(const Manifest& manifest, const Sha256Digest& model_file) {
  return manifest.name + "@" + fingerprint(manifest, model_file);
}

std::span<const Manifest> shippedManifests() {
  static const std::vector<Manifest> manifests = [] {
    std::vector<Manifest> parsed;
    for (const auto& [file, text] : detail::shippedManifestTexts()) {
      parsed.push_back(Manifest::parse(text, file));
    }
    std::sort(parsed.begin(), parsed.end(),
              [](const Manifest& a, const Manifest& b) { return a.name < b.name; });
    return parsed;
  }();
  return manifests;
}

const Manifest& shippedManifest(std::string_view name) {
  std::string names;
  for (const auto& manifest : shippedManifests()) {
    if (manifest.name == name) return manifest;
    names += (names.empty() ? "" : ", ") + manifest.name;
  }
  throw Error(Fault::notFound, fmt::format("there is no representation \"{}\"", name),
              "there are: " + names);
}

}  // namespace attacca
