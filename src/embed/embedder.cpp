#include "attacca/embed/embedder.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"
#include "attacca/embed/log_mel.h"

namespace attacca::embed {
namespace {

bool sameFrontEnd(const LogMelFrontEnd& a, const LogMelFrontEnd& b) {
  return a.rate_hz == b.rate_hz && a.fft == b.fft && a.hop == b.hop && a.bands == b.bands &&
         a.low_hz == b.low_hz && a.high_hz == b.high_hz &&
         a.round_to_float16 == b.round_to_float16 && a.log_scale == b.log_scale;
}

std::int64_t drawClip(const AudioHash& audio, std::int64_t clips) {
  Sha256 hash;
  hash.update("attacca random clip");
  hash.update(std::as_bytes(std::span(audio.digest.bytes)));
  const Sha256Digest digest = hash.finish();
  std::uint64_t number = 0;
  for (std::size_t i = 8; i-- > 0;) number = number << 8 | digest.bytes[i];
  // floor(number * clips / 2^64) in two halves; the number of clips is far below 2^32.
  const auto count = static_cast<std::uint64_t>(clips);
  const std::uint64_t low = (number & 0xffffffffU) * count >> 32;
  return static_cast<std::int64_t>(((number >> 32) * count + low) >> 32);
}

// One representation, and what it has got so far.
struct Reader {
  Asked asked;
  Embedded embedded;
  std::vector<float> kept;  // rows of embedding and tags, where the choice waits for the end

  bool waits() const {
    const ClipChoice choice = asked.representation.manifest.clips.choice;
    return choice == ClipChoice::random || choice == ClipChoice::middle;
  }
  bool wants(std::int64_t clip) const {
    return asked.representation.manifest.clips.choice != ClipChoice::first || clip == 0;
  }
  void give(std::span<const float> embedding, std::span<const float> tags) {
    asked.sink(embedding, tags);
    ++embedded.clips;
  }
  void take(std::span<const float> embedding, std::span<const float> tags) {
    if (!waits()) return give(embedding, tags);
    kept.insert(kept.end(), embedding.begin(), embedding.end());
    kept.insert(kept.end(), tags.begin(), tags.end());
  }
};

// Representations that share model and clips: the network runs once for all of them.
struct Group {
  std::shared_ptr<const Network> network;
  std::size_t hop = 0;        // frames from clip to clip
  std::vector<float> frames;  // of the clip that is being filled
  std::size_t to_skip = 0;    // frames before the next clip, where the hop is longer than a clip
  std::int64_t clips = 0;
  std::vector<std::size_t> readers;
  std::vector<float> embedding;
  std::vector<float> tags;
};

// Groups whose front ends are equal.
struct FrontEnd {
  LogMelFrontEnd numbers;
  std::vector<std::size_t> groups;
  std::unique_ptr<LogMel> log_mel;
  std::size_t frames = 0;
};

}  // namespace

Representation Representation::load(const Manifest& manifest, FileBytes model_file, Target target) {
  const Model model = Model::open(std::move(model_file), manifest.name);
  Representation representation{manifest, makeNetwork(model, target)};
  const Network& network = *representation.network;
  const bool fits = model.network() == manifest.network &&
                    network.frames() == static_cast<std::size_t>(manifest.clips.frames) &&
                    network.bands() == static_cast<std::size_t>(manifest.front_end.bands) &&
                    network.dimension() == static_cast<std::size_t>(manifest.dimension);
  if (!fits || manifest.clips.hop <= 0) {
    throw Error(Fault::corrupt,
                fmt::format("the model file of {} does not fit its manifest", manifest.name),
                "import the representation again");
  }
  return representation;
}

struct Listener::State {
  std::vector<Reader> readers;
  std::vector<Group> groups;
  std::vector<FrontEnd> front_ends;
  Workspace workspace;
  std::size_t samples = 0;

  void add(Asked asked, Target target);
  std::size_t groupFor(FrontEnd& front_end, const Representation& representation);
  void takeFrame(FrontEnd& front_end, std::span<const float> frame);
  void takeFrame(Group& group, std::span<const float> frame);
  bool isWanted(const Group& group) const;
  Embedded finish(Reader& reader, const AudioHash& audio);
};

std::size_t Listener::State::groupFor(FrontEnd& front_end, const Representation& representation) {
  const auto hop = static_cast<std::size_t>(representation.manifest.clips.hop);
  for (const std::size_t g : front_end.groups) {
    if (groups[g].hop == hop && groups[g].network->model() == representation.network->model())
      return g;
  }
  Group group;
  group.network = representation.network;
  group.hop = hop;
  group.embedding.resize(group.network->dimension());
  group.tags.resize(group.network->tags().size());
  groups.push_back(std::move(group));
  front_end.groups.push_back(groups.size() - 1);
  return groups.size() - 1;
}

void Listener::State::add(Asked asked, Target target) {
  const LogMelFrontEnd& numbers = asked.representation.manifest.front_end;
  auto front_end = std::find_if(front_ends.begin(), front_ends.end(), [&](const FrontEnd& known) {
    return sameFrontEnd(known.numbers, numbers);
  });
  if (front_end == front_ends.end()) {
    const std::size_t index = front_ends.size();
    front_ends.push_back({numbers, {}, nullptr, 0});
    front_end = front_ends.end() - 1;
    // State does not move, and the index stays right when the vector grows.
    front_end->log_mel = std::make_unique<LogMel>(
        numbers,
        [this, index](std::span<const float> frame) { takeFrame(front_ends[index], frame); },
        target);
  }
  const std::size_t group = groupFor(*front_end, asked.representation);
  groups[group].readers.push_back(readers.size());
  readers.push_back({std::move(asked), {}, {}});
}

void Listener::State::takeFrame(FrontEnd& front_end, std::span<const float> frame) {
  ++front_end.frames;
  for (const std::size_t group : front_end.groups) takeFrame(groups[group], frame);
}

bool Listener::State::isWanted(const Group& group) const {
  return std::any_of(group.readers.begin(), group.readers.end(),
                     [&](std::size_t reader) { return readers[reader].wants(group.clips); });
}

void Listener::State::takeFrame(Group& group, std::span<const float> frame) {
  if (group.to_skip > 0) {
    --group.to_skip;
    return;
  }
  group.frames.insert(group.frames.end(), frame.begin(), frame.end());
  const std::size_t clip_floats = group.network->frames() * frame.size();
  if (group.frames.size() < clip_floats) return;
  if (isWanted(group)) {
    group.network->run(group.frames, group.embedding, group.tags, workspace);
    for (const std::size_t reader : group.readers) {
      if (readers[reader].wants(group.clips)) readers[reader].take(group.embedding, group.tags);
    }
  }
  ++group.clips;
  const std::size_t used = std::min(clip_floats, group.hop * frame.size());
  group.frames.erase(group.frames.begin(),
                     group.frames.begin() + static_cast<std::ptrdiff_t>(used));
  group.to_skip = group.hop - used / frame.size();
}

// Gives away what waited for the end.
Embedded Listener::State::finish(Reader& reader, const AudioHash& audio) {
  const Manifest& manifest = reader.asked.representation.manifest;
  const std::size_t dimension = reader.asked.representation.network->dimension();
  const std::size_t row = dimension + reader.asked.representation.network->tags().size();
  const auto clips = static_cast<std::int64_t>(reader.kept.size() / row);
  const auto give = [&](std::int64_t clip) {
    const auto kept =
        std::span<const float>(reader.kept).subspan(static_cast<std::size_t>(clip) * row, row);
    reader.give(kept.first(dimension), kept.subspan(dimension));
  };
  if (manifest.clips.choice == ClipChoice::random) give(drawClip(audio, clips));
  if (manifest.clips.choice == ClipChoice::middle) {
    const LogMelFrontEnd& front_end = manifest.front_end;
    const double frame_seconds = static_cast<double>(front_end.hop) / front_end.rate_hz;
    const double middle = static_cast<double>(samples) / front_end.rate_hz / 2;
    double nearest_distance = 0;
    std::int64_t nearest = -1;
    for (std::int64_t clip = 0; clip < clips; ++clip) {
      const double centre =
          (static_cast<double>(clip * manifest.clips.hop) + manifest.clips.frames / 2.0) *
          frame_seconds;
      const double distance = std::abs(centre - middle);
      if (distance <= manifest.clips.choice_seconds / 2) give(clip);
      if (nearest < 0 || distance < nearest_distance) {
        nearest = clip;
        nearest_distance = distance;
      }
    }
    if (reader.embedded.clips == 0) give(nearest);
  }
  return reader.embedded;
}

Listener::Listener(std::vector<Asked> asked, Target target) : state_(std::make_unique<State>()) {
  assert(!asked.empty());
  for (Asked& one : asked) state_->add(std::move(one), target);
}

Listener::~Listener() = default;
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;

void Listener::hear(std::span<const float> samples) {
  state_->samples += samples.size();
  for (const FrontEnd& front_end : state_->front_ends) front_end.log_mel->hear(samples);
}

std::vector<Embedded> Listener::finish(const AudioHash& audio) {
  State& state = *state_;
  for (FrontEnd& front_end : state.front_ends) {
    const double seconds = static_cast<double>(state.samples) / front_end.numbers.rate_hz;
    if (seconds < kLeastSound.count()) {
      throw Error(Fault::refused, fmt::format("holds {:.2f} s of sound, too short to be compared "
                                              "(at least {:.1f} s)",
                                              seconds, kLeastSound.count()));
    }
    // Zeros as far as the shortest clip needs; a frame count of f takes (f - 1) * hop samples.
    std::size_t least_frames = 0;
    for (const std::size_t group : front_end.groups) {
      least_frames = std::max(least_frames, state.groups[group].network->frames());
    }
    const std::size_t least = (least_frames - 1) * static_cast<std::size_t>(front_end.numbers.hop);
    if (state.samples < least) {
      const std::vector<float> zeros(least - state.samples, 0.0F);
      front_end.log_mel->hear(zeros);
      const double clip_seconds =
          static_cast<double>(least_frames * static_cast<std::size_t>(front_end.numbers.hop)) /
          front_end.numbers.rate_hz;
      for (const std::size_t group : front_end.groups) {
        for (const std::size_t reader : state.groups[group].readers) {
          state.readers[reader].embedded.note =
              fmt::format("shorter than one clip ({:.1f} of {:.1f} s), continued with silence",
                          seconds, clip_seconds);
        }
      }
    }
    front_end.log_mel->finish();
  }
  std::vector<Embedded> result;
  for (Reader& reader : state.readers) result.push_back(state.finish(reader, audio));
  return result;
}

}  // namespace attacca::embed
