#include "attacca/embed/embedder.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"
#include "attacca/embed/clip_input.h"
#include "attacca/embed/features.h"

#include "framer.h"

namespace attacca::embed {
namespace {

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

// Representations that share model, front end and clips: the network runs once for all of them.
struct Group {
  std::shared_ptr<const Network> network;
  ClipInput input;
  FrontEnd front_end;
  std::size_t hop = 0;          // frames from clip to clip
  std::vector<float> frames{};  // of the clip that is being filled
  std::size_t to_skip = 0;      // frames before the next clip, where the hop is longer than a clip
  std::int64_t clips = 0;
  std::vector<std::size_t> readers{};
  std::vector<float> embedding{};
  std::vector<float> tags{};
};

// Groups whose clips are cut from the same frames and have the same length.
struct Stream {
  FrontEnd front_end;
  std::size_t clip_length = 0;  // frames
  std::vector<std::size_t> groups;
  std::unique_ptr<Framer> framer;
};

}  // namespace

Representation Representation::load(const Manifest& manifest, FileBytes model_file, Target target) {
  const Model model = Model::open(std::move(model_file), manifest.name);
  Representation representation{manifest, makeNetwork(model, target)};
  const Network& network = *representation.network;
  const auto* front_end = std::get_if<LogMelFrontEnd>(&manifest.front_end);
  const bool fits = model.network() == manifest.network && front_end != nullptr &&
                    network.frames() == static_cast<std::size_t>(manifest.clips.frames) &&
                    network.bands() == static_cast<std::size_t>(front_end->bands) &&
                    network.dimension() == static_cast<std::size_t>(manifest.dimension);
  if (!fits || manifest.clips.hop <= 0) {
    throw Error(Fault::corrupt,
                fmt::format("the model file of {} does not fit its manifest", manifest.name),
                "import the representation again");
  }
  return representation;
}

Representation Representation::builtIn(const Manifest& manifest) {
  const Manifest& known = shippedManifest(manifest.network);
  const bool fits = isBuiltIn(known) && manifest.version == known.version &&
                    manifest.dimension == known.dimension &&
                    manifest.front_end == known.front_end && manifest.clips == known.clips;
  if (!fits) {
    throw Error(Fault::unsupported,
                fmt::format("this Attacca does not compute {} as its manifest says", manifest.name),
                fmt::format("it has version {} of {}", known.version, known.name));
  }
  return {manifest, nullptr};
}

struct Listener::State {
  std::vector<Reader> readers;
  std::vector<Group> groups;
  std::vector<Stream> streams;
  std::optional<Features> features;  // of the readers of what is built in
  Workspace workspace;
  std::size_t samples = 0;

  void add(Asked asked, Target target);
  void startFeatures(Target target);
  Features::RowSink featureSink(std::string_view network);
  std::size_t streamFor(const Manifest& manifest, std::size_t clip_length, Target target);
  std::size_t groupFor(Stream& stream, const Representation& representation, ClipInput input);
  void takeFrames(Group& group, std::span<const float> frames, std::size_t width);
  void takeClip(Group& group);
  bool isWanted(const Group& group) const;
  void finish(Stream& stream);
  Embedded finish(Reader& reader, const AudioHash& audio);
};

std::size_t Listener::State::streamFor(const Manifest& manifest, std::size_t clip_length,
                                       Target target) {
  const FrontEnd wanted = streamOf(manifest.front_end);
  const auto known = std::find_if(streams.begin(), streams.end(), [&](const Stream& stream) {
    return stream.front_end == wanted && stream.clip_length == clip_length;
  });
  const auto index = static_cast<std::size_t>(known - streams.begin());
  if (known != streams.end()) return index;
  streams.push_back({wanted, clip_length, {}, nullptr});
  // State does not move, and the index stays right when the vector grows.
  streams.back().framer = makeFramer(
      wanted,
      [this, index](std::span<const float> frames) {
        const Stream& stream = streams[index];
        const std::size_t width = stream.framer->width();
        for (const std::size_t group : stream.groups) takeFrames(groups[group], frames, width);
      },
      target);
  return index;
}

std::size_t Listener::State::groupFor(Stream& stream, const Representation& representation,
                                      ClipInput input) {
  const Manifest& manifest = representation.manifest;
  const auto hop = static_cast<std::size_t>(manifest.clips.hop);
  for (const std::size_t g : stream.groups) {
    if (groups[g].hop == hop && groups[g].front_end == manifest.front_end &&
        groups[g].network->model() == representation.network->model()) {
      return g;
    }
  }
  Group group{
      representation.network, std::move(input), manifest.front_end, hop, {}, 0, 0, {}, {}, {}};
  group.embedding.resize(group.network->dimension());
  group.tags.resize(group.network->tags().size());
  groups.push_back(std::move(group));
  stream.groups.push_back(groups.size() - 1);
  return groups.size() - 1;
}

// Gives rows to each reader of a built-in network; empty if there is none.
Features::RowSink Listener::State::featureSink(std::string_view network) {
  std::vector<std::size_t> takers;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const Representation& representation = readers[i].asked.representation;
    if (representation.network == nullptr && representation.manifest.network == network) {
      takers.push_back(i);
    }
  }
  if (takers.empty()) return {};
  return [this, takers](std::span<const float> row) {
    for (const std::size_t taker : takers) readers[taker].give(row, {});
  };
}

void Listener::State::startFeatures(Target target) {
  Features::Sinks sinks{featureSink("mfcc"), featureSink("chroma"), featureSink("aspects")};
  if (sinks.mfcc || sinks.chroma || sinks.aspects) features.emplace(std::move(sinks), target);
}

void Listener::State::add(Asked asked, Target target) {
  if (asked.representation.network == nullptr) {
    readers.push_back({std::move(asked), {}, {}});
    return;
  }
  const Manifest& manifest = asked.representation.manifest;
  ClipInput input(manifest);
  Stream& stream = streams[streamFor(manifest, input.length(), target)];
  const std::size_t group = groupFor(stream, asked.representation, std::move(input));
  groups[group].readers.push_back(readers.size());
  readers.push_back({std::move(asked), {}, {}});
}

bool Listener::State::isWanted(const Group& group) const {
  return std::any_of(group.readers.begin(), group.readers.end(),
                     [&](std::size_t reader) { return readers[reader].wants(group.clips); });
}

void Listener::State::takeFrames(Group& group, std::span<const float> frames, std::size_t width) {
  const std::size_t clip_floats = group.input.length() * width;
  while (!frames.empty()) {
    if (group.to_skip > 0) {
      const std::size_t skipped = std::min(group.to_skip, frames.size() / width);
      group.to_skip -= skipped;
      frames = frames.subspan(skipped * width);
      continue;
    }
    const std::size_t count = std::min(clip_floats - group.frames.size(), frames.size());
    group.frames.insert(group.frames.end(), frames.begin(),
                        frames.begin() + static_cast<std::ptrdiff_t>(count));
    frames = frames.subspan(count);
    if (group.frames.size() < clip_floats) return;
    takeClip(group);
    const std::size_t used = std::min(clip_floats, group.hop * width);
    group.frames.erase(group.frames.begin(),
                       group.frames.begin() + static_cast<std::ptrdiff_t>(used));
    group.to_skip = group.hop - used / width;
  }
}

void Listener::State::takeClip(Group& group) {
  if (isWanted(group)) {
    // Only a recording shorter than a clip is padded.
    const std::size_t sounding = std::min(samples, group.input.length());
    group.network->run(group.input.prepare(group.frames, sounding), group.embedding, group.tags,
                       workspace);
    for (const std::size_t reader : group.readers) {
      if (readers[reader].wants(group.clips)) readers[reader].take(group.embedding, group.tags);
    }
  }
  ++group.clips;
}

// Zeros as far as one clip needs, then the frames that reach beyond the end.
void Listener::State::finish(Stream& stream) {
  const double rate_hz = rateHz(stream.front_end);
  const double seconds = static_cast<double>(samples) / rate_hz;
  const std::size_t least = stream.framer->samplesFor(stream.clip_length);
  if (samples < least) {
    stream.framer->hear(std::vector<float>(least - samples, 0.0F));
    const double clip_seconds =
        static_cast<double>(stream.clip_length * stream.framer->hop()) / rate_hz;
    for (const std::size_t group : stream.groups) {
      for (const std::size_t reader : groups[group].readers) {
        readers[reader].embedded.note =
            fmt::format("shorter than one clip ({:.1f} of {:.1f} s), continued with silence",
                        seconds, clip_seconds);
      }
    }
  }
  stream.framer->finish();
}

// Gives away what waited for the end.
Embedded Listener::State::finish(Reader& reader, const AudioHash& audio) {
  const Manifest& manifest = reader.asked.representation.manifest;
  if (!reader.waits()) return reader.embedded;
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
    const Seconds middle(static_cast<double>(samples) / rateHz(manifest) / 2);
    Seconds nearest_distance{};
    std::int64_t nearest = -1;
    for (std::int64_t clip = 0; clip < clips; ++clip) {
      const Seconds centre =
          static_cast<double>(clip) * clipHop(manifest) + clipLength(manifest) / 2;
      const Seconds distance = centre < middle ? middle - centre : centre - middle;
      if (distance.count() <= manifest.clips.choice_seconds / 2) give(clip);
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
  state_->startFeatures(target);
}

Listener::~Listener() = default;
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;

void Listener::hear(std::span<const float> samples) {
  state_->samples += samples.size();
  for (const Stream& stream : state_->streams) stream.framer->hear(samples);
  if (state_->features) state_->features->hear(samples);
}

std::vector<Embedded> Listener::finish(const AudioHash& audio, const Loudness& loudness) {
  State& state = *state_;
  const double rate_hz = rateHz(state.readers.front().asked.representation.manifest);
  const double seconds = static_cast<double>(state.samples) / rate_hz;
  if (seconds < kLeastSound.count()) {
    throw Error(Fault::refused, fmt::format("holds {:.2f} s of sound, too short to be compared "
                                            "(at least {:.1f} s)",
                                            seconds, kLeastSound.count()));
  }
  if (state.features) state.features->finish(loudness);
  for (Stream& stream : state.streams) state.finish(stream);
  std::vector<Embedded> result;
  for (Reader& reader : state.readers) result.push_back(state.finish(reader, audio));
  return result;
}

}  // namespace attacca::embed
