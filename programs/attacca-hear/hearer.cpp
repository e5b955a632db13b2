#include "hearer.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "attacca/audio/decoder.h"
#include "attacca/audio/fingerprinter.h"
#include "attacca/audio/peaks.h"
#include "attacca/audio/tags.h"
#include "attacca/base/error.h"
#include "attacca/embed/import.h"
#include "attacca/embed/npy_rows.h"

namespace attacca::hear {
namespace {

Identity identify(int recording) {
  audio::Recording sound(recording);
  Identity identity;
  identity.format = sound.format();
  identity.rate_hz = sound.rateHz();
  identity.channels = sound.channels();
  identity.hash = sound.readHash();
  identity.tags = audio::readTags(recording);
  return identity;
}

// The representations of one rate, and where their rows go. The listener's sinks refer to `rows`.
struct Group {
  int rate_hz = 0;
  std::vector<std::size_t> positions;  // in the request's list of slots
  std::optional<embed::Listener> listener;
};

void addNote(std::vector<std::string>& notes, std::string note) {
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
}

// A request that attacca never makes: whoever wrote it is not attacca, or is broken.
void require(bool holds) {
  if (!holds) throw Error(Fault::usage, "a request that makes no sense");
}

}  // namespace

void Hearer::takeModels(std::shared_ptr<const embed::OpenVino> openvino,
                        std::function<void()> seal) {
  openvino_ = std::move(openvino);
  seal_ = std::move(seal);
  sealed_ = false;
}

HearingAnswer Hearer::answer(const HearingRequest& request, std::vector<UniqueFd> descriptors,
                             const PaceSender& pace) {
  if (const auto* wanted = std::get_if<LoadRequest>(&request)) {
    require(descriptors.size() == (isBuiltIn(wanted->manifest) ? 0 : 1));
    return load(*wanted, descriptors);
  }
  if (!sealed_) {
    seal_();
    sealed_ = true;
  }
  if (std::holds_alternative<IdentifyRequest>(request)) {
    require(descriptors.size() == 1);
    return identify(descriptors[0].get());
  }
  if (const auto* wanted = std::get_if<HearRequest>(&request)) {
    require(descriptors.size() ==
            1 + wanted->slots.size() + (wanted->peaks ? 1 : 0) + (wanted->fingerprint ? 1 : 0));
    return hear(*wanted, descriptors, pace);
  }
  require(descriptors.size() == 2);
  embed::importModel(descriptors[0].get(), descriptors[1].get(),
                     std::get<ImportRequest>(request).manifest);
  return Ready{};
}

HearingAnswer Hearer::load(const LoadRequest& request, const std::vector<UniqueFd>& descriptors) {
  if (isBuiltIn(request.manifest)) {
    representations_[request.slot] = embed::Representation::builtIn(request.manifest);
    return Ready{};
  }
  const int model = descriptors.at(0).get();
  if (isOnnx(request.manifest)) {
    require(!sealed_);
    representations_[request.slot] = openvino_->load(request.manifest, model);
    return Ready{};
  }
  FileBytes file = FileBytes::map(model, request.manifest.name);
  representations_[request.slot] = embed::Representation::load(request.manifest, std::move(file));
  return Ready{};
}

Heard Hearer::hear(const HearRequest& request, const std::vector<UniqueFd>& descriptors,
                   const PaceSender& pace) const {
  const int recording = descriptors[0].get();

  // One decode feeds everything: a listener for each rate, and in it each representation.
  std::vector<embed::NpyRows> rows;
  rows.reserve(request.slots.size());  // the sinks keep references
  std::map<int, std::vector<std::size_t>> positions_of_rate;
  std::vector<embed::Asked> asked;
  for (std::size_t i = 0; i < request.slots.size(); ++i) {
    const auto found = representations_.find(request.slots[i]);
    require(found != representations_.end());
    const Manifest& manifest = found->second.manifest;
    auto& sink =
        rows.emplace_back(descriptors[1 + i].get(), static_cast<std::size_t>(manifest.dimension),
                          "the embedding of " + manifest.name);
    asked.push_back({found->second, [&sink](std::span<const float> embedding,
                                            std::span<const float>) { sink.append(embedding); }});
    positions_of_rate[rateHz(manifest)].push_back(i);
  }

  audio::DecodePlan plan;
  plan.progress = pace;
  std::vector<Group> groups;
  groups.reserve(positions_of_rate.size());
  for (auto& [rate_hz, positions] : positions_of_rate) {
    std::vector<embed::Asked> together;
    for (const std::size_t position : positions) together.push_back(std::move(asked[position]));
    Group& group = groups.emplace_back(Group{rate_hz, std::move(positions), {}});
    group.listener.emplace(std::move(together));
    plan.outputs.push_back(
        {rate_hz, [&group](std::span<const float> samples) { group.listener->hear(samples); }});
  }
  std::optional<audio::PeaksWriter> peaks;
  if (request.peaks) plan.peaks = &peaks.emplace(descriptors[1 + request.slots.size()].get());
  std::optional<audio::Fingerprinter> fingerprinter;
  if (request.fingerprint) {
    fingerprinter.emplace();
    plan.outputs.push_back(
        {audio::Fingerprinter::kRateHz,
         [&fingerprinter](std::span<const float> samples) { fingerprinter->hear(samples); }});
  }

  audio::Sound sound = audio::Recording(recording).decode(plan);
  Heard heard{sound.hash, sound.duration, sound.loudness, {}, std::move(sound.notes)};
  heard.clips.resize(request.slots.size());
  for (Group& group : groups) {
    const std::vector<embed::Embedded> results = group.listener->finish(sound.hash, sound.loudness);
    for (std::size_t i = 0; i < results.size(); ++i) {
      heard.clips[group.positions[i]] = results[i].clips;
      if (results[i].note) addNote(heard.notes, *results[i].note);
    }
  }
  for (embed::NpyRows& matrix : rows) matrix.finish();
  if (fingerprinter) {
    writeAll(descriptors.back().get(), fingerprintBytes(fingerprinter->finish()),
             "the acoustic fingerprint");
  }
  return heard;
}

}  // namespace attacca::hear
