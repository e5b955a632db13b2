#include "attacca/base/representation.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "attacca/base/error.h"

#include "shipped_manifests.h"

namespace attacca {
namespace {

constexpr std::array<std::pair<ClipChoice, std::string_view>, 4> kChoices{{
    {ClipChoice::all, "all"},
    {ClipChoice::first, "first"},
    {ClipChoice::random, "random"},
    {ClipChoice::middle, "middle"},
}};

std::string_view choiceName(ClipChoice choice) {
  return std::find_if(kChoices.begin(), kChoices.end(),
                      [&](const auto& entry) { return entry.first == choice; })
      ->second;
}

// Reads fields of one table and says which one is wrong.
class Reader {
 public:
  Reader(const toml::table& table, std::string section, std::string_view origin)
      : table_(table), section_(std::move(section)), origin_(origin) {}

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

  double number(std::string_view key, double least, double most) const {
    const auto value = table_[key].value<double>();
    if (!value || !(*value >= least && *value <= most)) {
      fail(key, fmt::format("must be a number from {} to {}", least, most));
    }
    return *value;
  }

  int whole(std::string_view key, int least, int most) const {
    const auto value = table_[key].value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
      fail(key, fmt::format("must be a whole number from {} to {}", least, most));
    }
    return static_cast<int>(*value);
  }

  bool flag(std::string_view key) const {
    const auto value = table_[key].value_exact<bool>();
    if (!value) fail(key, "must be true or false");
    return *value;
  }

  [[noreturn]] void fail(std::string_view key, std::string_view why) const {
    throw Error(Fault::refused, fmt::format("{}: {}{} {}", origin_, section_, key, why));
  }

 private:
  const toml::table& table_;
  std::string section_;
  std::string_view origin_;
};

// TOML's basic string.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

Manifest Manifest::parse(std::string_view toml_text, std::string_view origin) {
  toml::table table;
  try {
    table = toml::parse(toml_text, origin);
  } catch (const toml::parse_error& fault) {
    throw Error(Fault::refused, fmt::format("{}, line {}: {}", origin, fault.source().begin.line,
                                            fault.description()));
  }
  const Reader top(table, "", origin);
  if (top.whole("format", 0, 1 << 20) != 1) {
    throw Error(Fault::refused,
                fmt::format("{} has a format that this Attacca does not know", origin),
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

  const Reader source = top.section("source");
  manifest.source = {source.text("package"), source.text("version"), source.text("file"),
                     source.text("sha256"), source.text("member")};
  if (!Sha256Digest::fromHex(manifest.source.sha256))
    source.fail("sha256", "must be 64 hex digits");

  const Reader front = top.section("front_end");
  if (front.text("kind") != "log-mel") front.fail("kind", "must be \"log-mel\"");
  manifest.front_end = {.rate_hz = front.whole("rate_hz", 1000, 192000),
                        .fft = front.whole("fft", 16, 16384),
                        .hop = front.whole("hop", 1, 16384),
                        .bands = front.whole("bands", 1, 1024),
                        .low_hz = front.number("low_hz", 0, 96000),
                        .high_hz = front.number("high_hz", 1, 96000),
                        .round_to_float16 = front.flag("round_to_float16"),
                        .log_scale = front.number("log_scale", 1e-6, 1e12)};

  const Reader model = top.section("model");
  manifest.network = model.text("network");
  manifest.layer = model.text("layer");
  manifest.dimension = model.whole("dimension", 1, 65536);

  const Reader clips = top.section("clips");
  manifest.clips.frames = clips.whole("frames", 1, 1 << 20);
  manifest.clips.hop = clips.whole("hop", 1, 1 << 20);
  const std::string choice = clips.text("choice");
  const auto found = std::find_if(kChoices.begin(), kChoices.end(),
                                  [&](const auto& entry) { return entry.second == choice; });
  if (found == kChoices.end()) clips.fail("choice", "must be all, first, random or middle");
  manifest.clips.choice = found->first;
  if (manifest.clips.choice == ClipChoice::middle) {
    manifest.clips.choice_seconds = clips.number("seconds", 0.1, 86400);
  }

  manifest.pooling = top.text("pooling");
  if (manifest.pooling != "mean") top.fail("pooling", "must be \"mean\"");
  manifest.silence = top.text("silence");
  if (manifest.silence != "keep") top.fail("silence", "must be \"keep\"");
  return manifest;
}

std::string Manifest::toml() const {
  std::string text = fmt::format(
      "format = 1\nname = {}\ntitle = {}\nlicence = {}\ncredit = {}\npooling = {}\nsilence = {}\n",
      quoted(name), quoted(title), quoted(licence), quoted(credit), quoted(pooling),
      quoted(silence));
  text +=
      fmt::format("\n[source]\npackage = {}\nversion = {}\nfile = {}\nsha256 = {}\nmember = {}\n",
                  quoted(source.package), quoted(source.version), quoted(source.file),
                  quoted(source.sha256), quoted(source.member));
  text += fmt::format(
      "\n[front_end]\nkind = \"log-mel\"\nrate_hz = {}\nfft = {}\nhop = {}\nbands = {}\nlow_hz = "
      "{}\n"
      "high_hz = {}\nround_to_float16 = {}\nlog_scale = {}\n",
      front_end.rate_hz, front_end.fft, front_end.hop, front_end.bands, front_end.low_hz,
      front_end.high_hz, front_end.round_to_float16, front_end.log_scale);
  text += fmt::format("\n[model]\nnetwork = {}\nlayer = {}\ndimension = {}\n", quoted(network),
                      quoted(layer), dimension);
  text += fmt::format("\n[clips]\nframes = {}\nhop = {}\nchoice = {}\n", clips.frames, clips.hop,
                      quoted(choiceName(clips.choice)));
  if (clips.choice == ClipChoice::middle)
    text += fmt::format("seconds = {}\n", clips.choice_seconds);
  return text;
}

std::string fingerprint(const Manifest& manifest, const Sha256Digest& model_file) {
  const auto& front = manifest.front_end;
  const auto& clips = manifest.clips;
  // Every ingredient that changes an embedding, and nothing that does not (titles, credits).
  return sha256(
             fmt::format("attacca representation 1\n{}\nlog-mel {} {} {} {} {} {} {} {}\n{} {} {}\n"
                         "{} {} {} {}\n{}\n{}\n",
                         model_file.hex(), front.rate_hz, front.fft, front.hop, front.bands,
                         front.low_hz, front.high_hz, front.round_to_float16, front.log_scale,
                         manifest.network, manifest.layer, manifest.dimension, clips.frames,
                         clips.hop, choiceName(clips.choice), clips.choice_seconds,
                         manifest.pooling, manifest.silence))
      .hex()
      .substr(0, 16);
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
