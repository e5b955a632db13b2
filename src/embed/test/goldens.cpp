#include "goldens.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "attacca/base/npy.h"
#include "attacca/embed/log_mel.h"

namespace attacca::embed::test {
namespace {

constexpr std::size_t kWavHeaderBytes = 44;
constexpr std::size_t kClipFrames = 187;
constexpr double kLogMelTolerance = 1e-4;

Difference compareRows(const MatrixView<float>& golden, const std::vector<float>& ours) {
  Difference difference;
  for (std::size_t r = 0; r < golden.rows; ++r) {
    double dot = 0;
    double own = 0;
    double theirs = 0;
    for (std::size_t c = 0; c < golden.cols; ++c) {
      const double a = ours[r * golden.cols + c];
      const double b = golden.row(r)[c];
      difference.finite = difference.finite && std::isfinite(a);
      difference.most = std::max(difference.most, std::abs(a - b));
      dot += a * b;
      own += a * a;
      theirs += b * b;
    }
    difference.least_cosine = std::min(difference.least_cosine, dot / std::sqrt(own * theirs));
  }
  return difference;
}

}  // namespace

const std::vector<ModelName> kModelNames = {
    {"msd-musicnn", "MSD_musicnn_penultimate", "MSD_musicnn_taggram"},
    {"mtt-musicnn", "MTT_musicnn_penultimate", "MTT_musicnn_taggram"},
    {"msd-vgg", "MSD_vgg_pool5", "MSD_vgg_taggram"},
    {"mtt-vgg", "MTT_vgg_pool5", "MTT_vgg_taggram"}};

std::vector<float> wavSamples(const std::string& file) {
  const std::string wav = readFile(file);
  std::vector<float> samples((wav.size() - kWavHeaderBytes) / sizeof(std::int16_t));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::int16_t value = 0;
    std::memcpy(&value, wav.data() + kWavHeaderBytes + i * sizeof value, sizeof value);
    samples[i] = static_cast<float>(value) / 32768.0F;
  }
  return samples;
}

std::vector<float> goldenSamples(const std::string& folder) {
  return wavSamples(folder + "/synth_10s_16k_s16.wav");
}

LogMelDifference compareLogMel(const std::string& folder, Target target) {
  const FileBytes file = FileBytes::map(folder + "/synth_logmel_f32.npy");
  const auto golden = npyView<float>(file, "golden log-mel");
  std::vector<float> ours;
  LogMel log_mel(
      LogMelFrontEnd(),
      [&](std::span<const float> frame) { ours.insert(ours.end(), frame.begin(), frame.end()); },
      target);
  log_mel.hear(goldenSamples(folder));
  log_mel.finish();

  LogMelDifference difference;
  difference.frames = ours.size() / golden.cols;
  if (difference.frames != golden.rows) return difference;
  std::size_t ties = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double apart = std::abs(double{ours[i]} - golden.all()[i]);
    if (apart <= kLogMelTolerance) {
      difference.most = std::max(difference.most, apart);
    } else {
      ++ties;
      difference.most_tie = std::max(difference.most_tie, apart);
    }
  }
  difference.share_of_ties = static_cast<double>(ties) / static_cast<double>(ours.size());
  return difference;
}

ModelDifference compareModel(const std::string& folder, const ModelName& name,
                             const Network& network) {
  const FileBytes log_mel_file = FileBytes::map(folder + "/synth_logmel_f32.npy");
  const auto log_mel = npyView<float>(log_mel_file, "golden log-mel");
  const FileBytes golden_file =
      FileBytes::map(folder + "/synth_" + std::string(name.golden) + ".npy");
  const FileBytes taggram_file =
      FileBytes::map(folder + "/synth_" + std::string(name.taggram) + ".npy");
  const auto taggram = npyView<float>(taggram_file, "golden taggram");
  const auto golden = npyView<float>(golden_file, "golden embedding");
  std::vector<float> embeddings(golden.rows * golden.cols);
  std::vector<float> tags(taggram.rows * taggram.cols);
  Workspace workspace;
  for (std::size_t clip = 0; clip < taggram.rows; ++clip) {
    const std::size_t clip_floats = kClipFrames * log_mel.cols;
    network.run(log_mel.all().subspan(clip * clip_floats, clip_floats),
                std::span(embeddings).subspan(clip * network.dimension(), network.dimension()),
                std::span(tags).subspan(clip * taggram.cols, taggram.cols), workspace);
  }
  return {compareRows(golden, embeddings), compareRows(taggram, tags)};
}

bool isGood(const LogMelDifference& difference) {
  return difference.frames == 626 && difference.share_of_ties <= 1e-3 &&
         difference.most_tie <= 5e-4;
}

bool isGood(const Difference& difference) {
  return difference.finite && difference.most <= 1e-3 && difference.least_cosine >= 0.99999;
}

}  // namespace attacca::embed::test
