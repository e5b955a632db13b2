#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/representation.h"
#include "attacca/base/toml_fields.h"

#include "manifest_words.h"

namespace attacca {
namespace {

constexpr int kMostSamples = 1 << 26;  // of a clip: 20 minutes at 48 kHz

// "slaney, htk or none"
template <class Enum>
std::string choices() {
  std::string list;
  const auto& all = Words<Enum>::all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) list += i + 1 == all.size() ? " or " : ", ";
    list += fmt::format("\"{}\"", all[i].second);
  }
  return list;
}

template <class Enum>
Enum readWord(const TomlFields& fields, std::string_view key) {
  const std::optional<Enum> value = meaning<Enum>(fields.text(key));
  if (!value) fields.fail(key, "must be " + choices<Enum>());
  return *value;
}
template <class Enum>
Enum readWordOr(const TomlFields& fields, std::string_view key, Enum otherwise) {
  return fields.has(key) ? readWord<Enum>(fields, key) : otherwise;
}

std::string readSha256(const TomlFields& reader) {
  std::string digest = reader.text("sha256");
  if (!Sha256Digest::fromHex(digest)) reader.fail("sha256", "must be 64 hex digits");
  return digest;
}

LogMelFrontEnd readLogMel(const TomlFields& front) {
  return {.rate_hz = front.whole("rate_hz", 1000, 192000),
          .fft = front.whole("fft", 16, 16384),
          .hop = front.whole("hop", 1, 16384),
          .bands = front.whole("bands", 1, 1024),
          .low_hz = front.number("low_hz", 0, 96000),
          .high_hz = front.number("high_hz", 1, 96000),
          .round_to_float16 = front.flag("round_to_float16"),
          .log_scale = front.number("log_scale", 1e-6, 1e12)};
}

MelFrontEnd readMel(const TomlFields& front) {
  MelFrontEnd mel;
  mel.rate_hz = front.whole("rate_hz", 1000, 192000);
  mel.fft = front.whole("fft", 16, 16384);
  if ((mel.fft & (mel.fft - 1)) != 0) front.fail("fft", "must be a power of two");
  mel.window = front.wholeOr("window", mel.fft, 2, mel.fft);
  mel.symmetric = front.flagOr("symmetric", false);
  mel.hop = front.whole("hop", 1, mel.fft);
  mel.bands = front.whole("bands", 1, 1024);
  mel.low_hz = front.number("low_hz", 0, 96000);
  mel.high_hz = front.number("high_hz", 1, mel.rate_hz / 2.0);
  if (mel.low_hz >= mel.high_hz) front.fail("low_hz", "must be below high_hz");
  mel.scale = readWord<MelScale>(front, "scale");
  mel.norm = readWord<MelNorm>(front, "norm");
  mel.spectrum = readWord<Spectrum>(front, "spectrum");
  mel.edges = readWord<MelEdges>(front, "edges");
  mel.logarithm = readWord<MelLogarithm>(front, "logarithm");
  if (mel.logarithm == MelLogarithm::one_plus) {
    mel.log_scale = front.number("log_scale", 1e-6, 1e12);
  } else {
    mel.floor = front.number("floor", 1e-30, 1e6);
  }
  mel.by_clip = front.flag("by_clip");
  mel.top_db = front.numberOr("top_db", 0, 0, 1000);
  if (mel.top_db > 0 && (mel.logarithm != MelLogarithm::decibel || !mel.by_clip)) {
    front.fail("top_db", "goes only with decibels, clip by clip");
  }
  mel.mean = front.numberOr("mean", 0, -1e6, 1e6);
  mel.deviation = front.numberOr("deviation", 1, 1e-9, 1e9);
  return mel;
}

WaveFrontEnd readWave(const TomlFields& front) {
  WaveFrontEnd wave;
  wave.rate_hz = front.whole("rate_hz", 1000, 192000);
  wave.normalise = front.flag("normalise");
  if (wave.normalise) wave.epsilon = front.number("epsilon", 0, 1);
  return wave;
}

FrontEnd readFrontEnd(const TomlFields& front) {
  const std::string kind = front.text("kind");
  if (kind == "log-mel") return readLogMel(front);
  if (kind == "mel") return readMel(front);
  if (kind == "wave") return readWave(front);
  front.fail("kind", "must be \"log-mel\", \"mel\" or \"wave\"");
}

bool isByClip(const FrontEnd& front_end) {
  if (const auto* mel = std::get_if<MelFrontEnd>(&front_end)) return mel->by_clip;
  return std::holds_alternative<WaveFrontEnd>(front_end);
}

ClipRule readClips(const TomlFields& reader, const FrontEnd& front_end, bool built_in) {
  ClipRule clips{.frames = 0, .hop = 0};
  clips.choice = readWord<ClipChoice>(reader, "choice");
  if (clips.choice == ClipChoice::whole) {
    if (!built_in) reader.fail("choice", "can be \"whole\" for what is built in only");
    return clips;
  }
  if (isByClip(front_end)) clips.samples = reader.whole("samples", 1, kMostSamples);
  if (!std::holds_alternative<WaveFrontEnd>(front_end)) {
    clips.frames = reader.whole("frames", 1, 1 << 20);
  }
  clips.hop = reader.whole("hop", 1, clips.samples > 0 ? kMostSamples : 1 << 20);
  if (clips.choice == ClipChoice::middle) {
    clips.choice_seconds = reader.number("seconds", 0.1, 86400);
  }
  return clips;
}

void readModel(const TomlFields& model, Manifest& manifest) {
  manifest.network = model.text("network");
  const auto isOneOf = [&](const auto& names) {
    return std::find(names.begin(), names.end(), manifest.network) != names.end();
  };
  const bool own = isOneOf(kOwnNetworks);
  if (!own && !isOnnx(manifest) && !isExternal(manifest) && !isOneOf(kBuiltInNetworks)) {
    model.fail("network", "must be onnx, musicnn, vgg, aspects, mfcc, chroma or external");
  }
  manifest.dimension = model.whole("dimension", 1, 65536);
  if (model.has("numbers")) {
    manifest.numbers = model.texts("numbers");
    if (manifest.numbers.size() != static_cast<std::size_t>(manifest.dimension)) {
      model.fail("numbers", fmt::format("must be {} names", manifest.dimension));
    }
  }
  if (isBuiltIn(manifest)) {
    manifest.version = model.whole("version", 1, 1 << 20);
    return;
  }
  if (isExternal(manifest)) {
    manifest.version = model.whole("version", 1, 1 << 20);
    manifest.layer = model.textOr("layer", "");
    return;
  }
  manifest.layer = model.text("layer");
  if (own) return;
  manifest.output = readWord<OutputLayout>(model, "output");
  manifest.input = readWordOr(model, "input", InputLayout::time_first);
  manifest.precision = readWordOr(model, "precision", Precision::fp32);
  manifest.bf16_cosine = model.numberOr("bf16_cosine", 0, 0, 1);
  manifest.memory_mb = model.wholeOr("memory_mb", 0, 0, 1 << 24);
  if (manifest.precision == Precision::bf16 && manifest.bf16_cosine < kLeastBf16Cosine) {
    model.fail("bf16_cosine",
               fmt::format("must be measured, and at least {}, for bf16", kLeastBf16Cosine));
  }
}

}  // namespace

Manifest Manifest::parse(std::string_view toml_text, std::string_view where) {
  const TomlFields top = TomlFields::parse(toml_text, where);
  if (top.whole("format", 0, 1 << 20) != 1) {
    throw Error(Fault::refused,
                fmt::format("{} has a format that this Attacca does not know", where),
                "use a newer Attacca");
  }
  Manifest manifest;
  manifest.name = top.name("name");
  manifest.title = top.text("title");
  manifest.licence = top.text("licence");
  manifest.credit = top.text("credit");

  readModel(top.section("model"), manifest);
  const bool own = !isBuiltIn(manifest) && !isOnnx(manifest) && !isExternal(manifest);
  if (own) {
    const TomlFields source = top.section("source");
    manifest.source = {source.text("package"), source.text("version"), source.text("file"),
                       readSha256(source), source.text("member")};
  }
  if ((isOnnx(manifest) || isExternal(manifest)) && top.has("origin")) {
    const TomlFields from = top.section("origin");
    manifest.origin = {from.textOr("page", ""), from.textOr("command", ""),
                       from.has("sha256") ? readSha256(from) : ""};
  }

  if (!isExternal(manifest)) {
    const TomlFields front = top.section("front_end");
    manifest.front_end = readFrontEnd(front);
    const auto* wave = std::get_if<WaveFrontEnd>(&manifest.front_end);
    if (isBuiltIn(manifest) && (wave == nullptr || wave->normalise)) {
      front.fail("kind", "must be a plain \"wave\" for what is built in");
    }
    if (own && !std::holds_alternative<LogMelFrontEnd>(manifest.front_end)) {
      front.fail("kind", "must be \"log-mel\"");
    }
    manifest.clips = readClips(top.section("clips"), manifest.front_end, isBuiltIn(manifest));
  }

  manifest.pooling = top.text("pooling");
  if (manifest.pooling != "mean") top.fail("pooling", "must be \"mean\"");
  manifest.silence = top.text("silence");
  if (manifest.silence != "keep") top.fail("silence", "must be \"keep\"");
  top.refuseUnread();
  return manifest;
}

}  // namespace attacca
