#include <string>
#include <string_view>

#include <fmt/format.h>

#include "attacca/base/representation.h"
#include "attacca/base/toml_fields.h"

#include "manifest_words.h"

namespace attacca {
namespace {

template <class Enum>
std::string quotedWord(Enum value) {
  return tomlText(word(value));
}

std::string frontEndToml(const LogMelFrontEnd& front) {
  return fmt::format(
      "kind = \"log-mel\"\nrate_hz = {}\nfft = {}\nhop = {}\nbands = {}\nlow_hz = {}\n"
      "high_hz = {}\nround_to_float16 = {}\nlog_scale = {}\n",
      front.rate_hz, front.fft, front.hop, front.bands, front.low_hz, front.high_hz,
      front.round_to_float16, front.log_scale);
}

std::string frontEndToml(const MelFrontEnd& front) {
  std::string text = fmt::format(
      "kind = \"mel\"\nrate_hz = {}\nfft = {}\nwindow = {}\nhop = {}\nbands = {}\nlow_hz = {}\n"
      "high_hz = {}\nscale = {}\nnorm = {}\nspectrum = {}\nedges = {}\nlogarithm = {}\n",
      front.rate_hz, front.fft, front.window, front.hop, front.bands, front.low_hz, front.high_hz,
      quotedWord(front.scale), quotedWord(front.norm), quotedWord(front.spectrum),
      quotedWord(front.edges), quotedWord(front.logarithm));
  text += front.logarithm == MelLogarithm::one_plus
              ? fmt::format("log_scale = {}\n", front.log_scale)
              : fmt::format("floor = {}\n", front.floor);
  if (front.symmetric) text += "symmetric = true\n";
  if (front.top_db > 0) text += fmt::format("top_db = {}\n", front.top_db);
  return text + fmt::format("mean = {}\ndeviation = {}\nby_clip = {}\n", front.mean,
                            front.deviation, front.by_clip);
}

std::string frontEndToml(const WaveFrontEnd& front) {
  std::string text = fmt::format("kind = \"wave\"\nrate_hz = {}\nnormalise = {}\n", front.rate_hz,
                                 front.normalise);
  if (front.normalise) text += fmt::format("epsilon = {}\n", front.epsilon);
  return text;
}

std::string sourceToml(const ModelSource& source) {
  return fmt::format(
      "\n[source]\npackage = {}\nversion = {}\nfile = {}\nsha256 = {}\nmember = {}\n",
      tomlText(source.package), tomlText(source.version), tomlText(source.file),
      tomlText(source.sha256), tomlText(source.member));
}

std::string originToml(const ModelOrigin& origin) {
  std::string lines;
  if (!origin.page.empty()) lines += fmt::format("page = {}\n", tomlText(origin.page));
  if (!origin.command.empty()) lines += fmt::format("command = {}\n", tomlText(origin.command));
  if (!origin.sha256.empty()) lines += fmt::format("sha256 = {}\n", tomlText(origin.sha256));
  return lines.empty() ? lines : "\n[origin]\n" + lines;
}

std::string modelToml(const Manifest& manifest) {
  std::string text = fmt::format("\n[model]\nnetwork = {}\n", tomlText(manifest.network));
  if (!manifest.layer.empty()) text += fmt::format("layer = {}\n", tomlText(manifest.layer));
  text += fmt::format("dimension = {}\n", manifest.dimension);
  if (manifest.version > 0) text += fmt::format("version = {}\n", manifest.version);
  if (isOnnx(manifest)) {
    text += fmt::format("output = {}\ninput = {}\nprecision = {}\n", quotedWord(manifest.output),
                        quotedWord(manifest.input), quotedWord(manifest.precision));
    if (manifest.bf16_cosine > 0) text += fmt::format("bf16_cosine = {}\n", manifest.bf16_cosine);
    if (manifest.memory_mb > 0) text += fmt::format("memory_mb = {}\n", manifest.memory_mb);
  }
  if (!manifest.numbers.empty()) {
    text += "numbers = [";
    for (std::size_t i = 0; i < manifest.numbers.size(); ++i) {
      text += (i > 0 ? ", " : "") + tomlText(manifest.numbers[i]);
    }
    text += "]\n";
  }
  return text;
}

std::string clipsToml(const ClipRule& clips) {
  std::string text = "\n[clips]\n";
  if (clips.samples > 0) text += fmt::format("samples = {}\n", clips.samples);
  if (clips.frames > 0) text += fmt::format("frames = {}\n", clips.frames);
  if (clips.hop > 0) text += fmt::format("hop = {}\n", clips.hop);
  text += fmt::format("choice = {}\n", quotedWord(clips.choice));
  if (clips.choice == ClipChoice::middle) {
    text += fmt::format("seconds = {}\n", clips.choice_seconds);
  }
  return text;
}

}  // namespace

std::string Manifest::toml() const {
  std::string text = fmt::format(
      "format = 1\nname = {}\ntitle = {}\nlicence = {}\ncredit = {}\npooling = {}\nsilence = {}\n",
      tomlText(name), tomlText(title), tomlText(licence), tomlText(credit), tomlText(pooling),
      tomlText(silence));
  if (!source.package.empty()) text += sourceToml(source);
  text += originToml(origin);
  if (isExternal(*this)) return text + modelToml(*this);
  text += "\n[front_end]\n";
  text += std::visit([](const auto& front) { return frontEndToml(front); }, front_end);
  return text + modelToml(*this) + clipsToml(clips);
}

}  // namespace attacca
