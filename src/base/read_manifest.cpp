#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "attacca/base/error.h"
#include "attacca/base/representation.h"

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

// Reads fields of one table and says which one is wrong.
class Reader {
 public:
  Reader(const toml::table& table, std::string section, std::string_view origin)
      : table_(table), section_(std::move(section)), origin_(origin) {}

  bool has(std::string_view key) const { return table_.contains(key); }

  Reader section(std::string_view name) const {
    const auto* inner = table_[name].as_table();
    if (inner == nullptr) fail(name, "is missing");
    return {*inner, std::string(name) + ".", origin_};
  }

  std::string text(std::string_view key) const {
    const auto value = table_[key].value_exact<std::string>();
    if (!value || value->empty()) fail(key, "must be a text");
    return *value;
  }
  std::string textOr(std::string_view key, std::string_view otherwise) const {
    return has(key) ? text(key) : std::string(otherwise);
  }

  template <class Enum>
  Enum word(std::string_view key) const {
    const std::optional<Enum> value = meaning<Enum>(text(key));
    if (!value) fail(key, "must be " + choices<Enum>());
    return *value;
  }
  template <class Enum>
  Enum wordOr(std::string_view key, Enum otherwise) const {
    return has(key) ? word<Enum>(key) : otherwise;
  }

  double number(std::string_view key, double least, double most) const {
    const auto value = table_[key].value<double>();
    if (!value || !(*value >= least && *value <= most)) {
      fail(key, fmt::format("must be a number from {} to {}", least, most));
    }
    return *value;
  }
  double numberOr(std::string_view key, double otherwise, double least, double most) const {
    return has(key) ? number(key, least, most) : otherwise;
  }

  int whole(std::string_view key, int least, int most) const {
    const auto value = table_[key].value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
      fail(key, fmt::format("must be a whole number from {} to {}", least, most));
    }
    return static_cast<int>(*value);
  }
  int wholeOr(std::string_view key, int otherwise, int least, int most) const {
    return has(key) ? whole(key, least, most) : otherwise;
  }

  bool flag(std::string_view key) const {
    const auto value = table_[key].value_exact<bool>();
    if (!value) fail(key, "must be true or false");
    return *value;
  }

  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> values;
    const auto* list = table_[key].as_array();
    if (list == nullptr) fail(key, "must be a list of texts");
    for (const auto& entry : *list) {
      const auto value = entry.value_exact<std::string>();
      if (!value || value->empty()) fail(key, "must be a list of texts");
      values.push_back(*value);
    }
    return values;
  }

  [[noreturn]] void fail(std::string_view key, std::string_view why) const {
    throw Error(Fault::refused, fmt::format("{}: {}{} {}", origin_, section_, key, why));
  }

 private:
  const toml::table& table_;
  std::string section_;
  std::string_view origin_;
};

std::string readSha256(const Reader& reader) {
  std::string digest = reader.text("sha256");
  if (!Sha256Digest::fromHex(digest)) reader.fail("sha256", "must be 64 hex digits");
  return digest;
}

LogMelFrontEnd readLogMel(const Reader& front) {
  return {.rate_hz = front.whole("rate_hz", 1000, 192000),
          .fft = front.whole("fft", 16, 16384),
          .hop = front.whole("hop", 1, 16384),
          .bands = front.whole("bands", 1, 1024),
          .low_hz = front.number("low_hz", 0, 96000),
          .high_hz = front.number("high_hz", 1, 96000),
          .round_to_float16 = front.flag("round_to_float16"),
          .log_scale = front.number("log_scale", 1e-6, 1e12)};
}

MelFrontEnd readMel(const Reader& front) {
  MelFrontEnd mel;
  mel.rate_hz = front.whole("rate_hz", 1000, 192000);
  mel.fft = front.whole("fft", 16, 16384);
  if ((mel.fft & (mel.fft - 1)) != 0) front.fail("fft", "must be a power of two");
  mel.window = front.wholeOr("window", mel.fft, 2, mel.fft);
  mel.symmetric = front.has("symmetric") && front.flag("symmetric");
  mel.hop = front.whole("hop", 1, mel.fft);
  mel.bands = front.whole("bands", 1, 1024);
  mel.low_hz = front.number("low_hz", 0, 96000);
  mel.high_hz = front.number("high_hz", 1, mel.rate_hz / 2.0);
  if (mel.low_hz >= mel.high_hz) front.fail("low_hz", "must be below high_hz");
  mel.scale = front.word<MelScale>("scale");
  mel.norm = front.word<MelNorm>("norm");
  mel.spectrum = front.word<Spectrum>("spectrum");
  mel.edges = front.word<MelEdges>("edges");
  mel.logarithm = front.word<MelLogarithm>("logarithm");
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

WaveFrontEnd readWave(const Reader& front) {
  WaveFrontEnd wave;
  wave.rate_hz = front.whole("rate_hz", 1000, 192000);
  wave.normalise = front.flag("normalise");
  if (wave.normalise) wave.epsilon = front.number("epsilon", 0, 1);
  return wave;
}

FrontEnd readFrontEnd(const Reader& front) {
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

ClipRule readClips(const Reader& reader, const FrontEnd& front_end, bool built_in) {
  ClipRule clips{.frames = 0, .hop = 0};
  clips.choice = reader.word<ClipChoice>("choice");
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

void readModel(const Reader& model, Manifest& manifest) {
  manifest.network = model.text("network");
  const auto isOneOf = [&](const auto& names) {
    return std::find(names.begin(), names.end(), manifest.network) != names.end();
  };
  const bool own = isOneOf(kOwnNetworks);
  if (!own && !isOnnx(manifest) && !isOneOf(kBuiltInNetworks)) {
    model.fail("network", "must be onnx, musicnn, vgg, aspects, mfcc or chroma");
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
  manifest.layer = model.text("layer");
  if (own) return;
  manifest.output = model.word<OutputLayout>("output");
  manifest.input = model.wordOr("input", InputLayout::time_first);
  manifest.precision = model.wordOr("precision", Precision::fp32);
  manifest.bf16_cosine = model.numberOr("bf16_cosine", 0, 0, 1);
  manifest.memory_mb = model.wholeOr("memory_mb", 0, 0, 1 << 24);
  if (manifest.precision == Precision::bf16 && manifest.bf16_cosine < kLeastBf16Cosine) {
    model.fail("bf16_cosine",
               fmt::format("must be measured, and at least {}, for bf16", kLeastBf16Cosine));
  }
}

}  // namespace

Manifest Manifest::parse(std::string_view toml_text, std::string_view where) {
  toml::table table;
  try {
    table = toml::parse(toml_text, where);
  } catch (const toml::parse_error& fault) {
    throw Error(Fault::refused, fmt::format("{}, line {}: {}", where, fault.source().begin.line,
                                            fault.description()));
  }
  const Reader top(table, "", where);
  if (top.whole("format", 0, 1 << 20) != 1) {
    throw Error(Fault::refused,
                fmt::format("{} has a format that this Attacca does not know", where),
                "use a newer Attacca");
  }
  Manifest manifest;
  manifest.name = top.text("name");
  const bool plain = std::all_of(manifest.name.begin(), manifest.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!plain || manifest.name.size() > 64) {
    top.fail("name", "may hold lower-case letters, digits and - only");
  }
  manifest.title = top.text("title");
  manifest.licence = top.text("licence");
  manifest.credit = top.text("credit");

  readModel(top.section("model"), manifest);
  if (!isBuiltIn(manifest) && !isOnnx(manifest)) {
    const Reader source = top.section("source");
    manifest.source = {source.text("package"), source.text("version"), source.text("file"),
                       readSha256(source), source.text("member")};
  }
  if (isOnnx(manifest) && top.has("origin")) {
    const Reader from = top.section("origin");
    manifest.origin = {from.textOr("page", ""), from.textOr("command", ""),
                       from.has("sha256") ? readSha256(from) : ""};
  }

  const Reader front = top.section("front_end");
  manifest.front_end = readFrontEnd(front);
  const auto* wave = std::get_if<WaveFrontEnd>(&manifest.front_end);
  if (isBuiltIn(manifest) && (wave == nullptr || wave->normalise)) {
    front.fail("kind", "must be a plain \"wave\" for what is built in");
  }
  if (!isBuiltIn(manifest) && !isOnnx(manifest) &&
      !std::holds_alternative<LogMelFrontEnd>(manifest.front_end)) {
    front.fail("kind", "must be \"log-mel\"");
  }
  manifest.clips = readClips(top.section("clips"), manifest.front_end, isBuiltIn(manifest));

  manifest.pooling = top.text("pooling");
  if (manifest.pooling != "mean") top.fail("pooling", "must be \"mean\"");
  manifest.silence = top.text("silence");
  if (manifest.silence != "keep") top.fail("silence", "must be \"keep\"");
  return manifest;
}

}  // namespace attacca
