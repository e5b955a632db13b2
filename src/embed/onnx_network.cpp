#include "onnx_network.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/embed/embedder.h"

namespace attacca::embed {
namespace {

constexpr std::chrono::milliseconds kReleaseInterval{20};

std::string written(const Lengths& lengths) {
  std::string text;
  for (const std::int64_t length : lengths) {
    text += fmt::format("{}{}", text.empty() ? "" : " x ",
                        length < 0 ? std::string("any") : std::to_string(length));
  }
  return text.empty() ? "a single number" : text;
}

// What the manifest says a clip is: the last axes of the input.
Lengths clipLengths(const Manifest& manifest) {
  if (std::holds_alternative<WaveFrontEnd>(manifest.front_end)) return {manifest.clips.samples};
  const auto* log_mel = std::get_if<LogMelFrontEnd>(&manifest.front_end);
  const std::int64_t bands =
      log_mel != nullptr ? log_mel->bands : std::get<MelFrontEnd>(manifest.front_end).bands;
  if (manifest.input == InputLayout::time_last) return {bands, manifest.clips.frames};
  return {manifest.clips.frames, bands};
}

// The clip in the last axes, 1 in those before (batch, channel). Where the model leaves the shape
// open, one axis comes before.
Lengths inputLengths(const OnnxFile& file, const Manifest& manifest) {
  if (file.inputs.size() != 1) {
    throw Error(Fault::refused,
                fmt::format("it has {} inputs, and Attacca gives it one", file.inputs.size()),
                "export it with the clip as its only input");
  }
  const OnnxPort& port = file.inputs.front();
  const Lengths clip = clipLengths(manifest);
  const std::size_t before = port.shape.empty() ? 1 : port.shape.size() - clip.size();
  bool fits = port.shape.empty() || port.shape.size() >= clip.size();
  for (std::size_t i = 0; fits && !port.shape.empty() && i < clip.size(); ++i) {
    const std::int64_t length = port.shape[before + i];
    fits = length < 0 || length == clip[i];
  }
  if (!fits) {
    throw Error(Fault::refused,
                fmt::format("its input \"{}\" is {}, and a clip of the manifest is {}", port.name,
                            written(port.shape), written(clip)),
                "correct clips, front_end or model.input in the manifest");
  }
  Lengths lengths(before, 1);
  lengths.insert(lengths.end(), clip.begin(), clip.end());
  return lengths;
}

// Where a clip's vector is in the output.
struct Rows {
  std::size_t count = 0;   // averaged
  std::size_t stride = 0;  // from one value of a vector to the next
  std::size_t step = 0;    // from one vector to the next
};

Rows findRows(const Lengths& lengths, const Manifest& manifest) {
  const auto dimension = static_cast<std::int64_t>(manifest.dimension);
  std::int64_t all = 1;
  for (const std::int64_t length : lengths) all *= length;
  const std::int64_t count = all / dimension;
  const std::size_t rank = lengths.size();
  bool fits = all > 0 && all == count * dimension;
  Rows rows{static_cast<std::size_t>(count), 1, static_cast<std::size_t>(dimension)};
  if (manifest.output == OutputLayout::row) {
    fits = fits && count == 1;
  } else if (manifest.output == OutputLayout::time_first) {
    fits = fits && rank >= 2 && lengths[rank - 1] == dimension && lengths[rank - 2] == count;
  } else {
    fits = fits && rank >= 2 && lengths[rank - 2] == dimension && lengths[rank - 1] == count;
    rows = {rows.count, rows.count, 1};
  }
  if (!fits) {
    const char* layout = manifest.output == OutputLayout::row ? "" : " at each point in time";
    throw Error(Fault::refused,
                fmt::format("its output \"{}\" is {}, and the manifest says {} numbers{}",
                            manifest.layer, written(lengths), dimension, layout),
                "correct model.dimension or model.output in the manifest");
  }
  return rows;
}

class OnnxNetwork : public Network {
 public:
  OnnxNetwork(std::shared_ptr<const FileBytes> file, std::unique_ptr<RunningModel> model,
              const Manifest& manifest, const Sha256Digest& digest)
      : file_(std::move(file)), model_(std::move(model)), manifest_(manifest), digest_(digest) {
    const Lengths clip = clipLengths(manifest);
    if (clip.size() == 2) {
      transposed_ = manifest.input == InputLayout::time_last;
      frames_ = static_cast<std::size_t>(clip[transposed_ ? 1 : 0]);
      bands_ = static_cast<std::size_t>(clip[transposed_ ? 0 : 1]);
    } else {
      frames_ = static_cast<std::size_t>(clip[0]);
    }
    model_->infer();
    rows_ = findRows(model_->outputLengths(), manifest_);
  }

  std::size_t frames() const override { return frames_; }
  std::size_t bands() const override { return bands_; }
  std::size_t dimension() const override { return static_cast<std::size_t>(manifest_.dimension); }
  std::span<const std::string> tags() const override { return {}; }
  const Sha256Digest& model() const override { return digest_; }

  void run(std::span<const float> clip, std::span<float> embedding, std::span<float>,
           Workspace&) const override {
    const std::lock_guard lock(mutex_);
    const std::span<float> input = model_->input();
    if (transposed_) {
      for (std::size_t t = 0; t < frames_; ++t) {
        for (std::size_t b = 0; b < bands_; ++b) input[b * frames_ + t] = clip[t * bands_ + b];
      }
    } else {
      std::copy(clip.begin(), clip.end(), input.begin());
    }
    model_->infer();
    const std::span<const float> output = model_->output();
    if (output.size() != rows_.count * dimension()) {
      throw Error(Fault::refused, "the model gives clips of one length outputs of several");
    }
    bool finite = true;
    for (std::size_t i = 0; i < embedding.size(); ++i) {
      double sum = 0;
      for (std::size_t row = 0; row < rows_.count; ++row) {
        sum += output[row * rows_.step + i * rows_.stride];
      }
      embedding[i] = static_cast<float>(sum / static_cast<double>(rows_.count));
      finite = finite && std::isfinite(embedding[i]);
    }
    if (!finite) throw Error(Fault::refused, "the model gives values that are not numbers");
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const FileBytes> file_;  // some weights may be used where they are
  std::unique_ptr<RunningModel> model_;
  Manifest manifest_;
  Sha256Digest digest_;
  std::size_t frames_ = 0;
  std::size_t bands_ = 1;
  bool transposed_ = false;
  Rows rows_;
};

// A chord that swells out of noise, from a fixed seed.
std::vector<float> testSound(std::size_t samples, int rate_hz) {
  std::vector<float> sound(samples);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < samples; ++i) {
    state = state * 1664525U + 1013904223U;
    const double noise = static_cast<double>(state >> 8) / (1 << 23) - 1;
    const double second = static_cast<double>(i) / rate_hz;
    const double swell = static_cast<double>(i) / static_cast<double>(samples);
    double chord = 0;
    for (const double hertz : {220.0, 277.18, 329.63}) {
      chord += std::sin(2 * 3.141592653589793 * hertz * second);
    }
    sound[i] = static_cast<float>(0.02 * noise + 0.2 * swell * chord);
  }
  return sound;
}

// Hears a test sound and silence through the whole chain.
void tryOut(const std::shared_ptr<const Network>& network, const Manifest& manifest) {
  const auto heard = [&](std::vector<float> samples) {
    std::vector<float> row;
    Manifest first_clip = manifest;
    first_clip.clips.choice = ClipChoice::first;
    Listener listener({{{first_clip, network}, [&](std::span<const float> values, auto) {
                          row.assign(values.begin(), values.end());
                        }}});
    listener.hear(samples);
    listener.finish({});
    return row;
  };
  const Seconds length = std::max(clipLength(manifest) + clipLength(manifest) / 2, 2 * kLeastSound);
  const auto samples = static_cast<std::size_t>(length.count() * rateHz(manifest));
  const std::vector<float> sound = heard(testSound(samples, rateHz(manifest)));
  const std::vector<float> silence = heard(std::vector<float>(samples));
  if (sound == silence) {
    throw Error(
        Fault::refused,
        fmt::format("its output \"{}\" is the same for music and for silence", manifest.layer),
        "choose another model.layer in the manifest");
  }
}

}  // namespace

std::shared_ptr<const Network> makeOnnxNetwork(const std::shared_ptr<const Engine>& engine,
                                               std::shared_ptr<const FileBytes> file,
                                               const OnnxFile& description,
                                               const Manifest& manifest,
                                               const Sha256Digest& digest) {
  const Lengths input = inputLengths(description, manifest);
  const std::string slim = slimOnnx(file->bytes(), manifest.layer);
  std::shared_ptr<const Network> network;
  {
    // Each weight is looked at once or twice: kept in memory until the end, the file would be a
    // quarter of the peak.
    const std::jthread releasing([&](const std::stop_token& stop) {
      for (; !stop.stop_requested(); std::this_thread::sleep_for(kReleaseInterval)) {
        file->release();
      }
    });
    auto running = engine->compile(std::as_bytes(std::span(slim)), input, manifest.precision);
    network = std::make_shared<OnnxNetwork>(file, std::move(running), manifest, digest);
  }
  tryOut(network, manifest);
  file->release();
  return network;
}

}  // namespace attacca::embed
