// How fast one core runs an ONNX model, and the memory that takes: embed_bench's sibling.
//
//   onnx_bench OPENVINO_FOLDER MODEL.onnx MANIFEST.toml CLIPS
//
// prints seconds of processor time for so many clips, and the process's peak memory in MB.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <sys/resource.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/embed/openvino.h"

int main(int argument_count, char** arguments) try {
  using namespace attacca;
  if (argument_count != 5) {
    std::fputs("onnx_bench OPENVINO_FOLDER MODEL.onnx MANIFEST.toml CLIPS\n", stderr);
    return 2;
  }
  const Manifest manifest = Manifest::parse(readFile(arguments[3]), arguments[3]);
  const auto openvino = embed::OpenVino::open(arguments[1]);
  const auto representation = openvino->load(manifest, openToRead(arguments[2]).get());
  const int clips = std::atoi(arguments[4]);
  embed::Listener listener({{representation, [](auto, auto) {}}});
  std::vector<float> clip(static_cast<std::size_t>(clipHop(manifest).count() * rateHz(manifest)));
  for (std::size_t i = 0; i < clip.size(); ++i) {
    clip[i] = 0.1F * static_cast<float>(static_cast<int>(i * 7919 % 2001) - 1000) / 1000;
  }
  const std::clock_t start = std::clock();
  for (int i = 0; i < clips; ++i) listener.hear(clip);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf("%.2f %ld\n", seconds, usage.ru_maxrss / 1000);
  return 0;
} catch (const attacca::Error& fault) {
  std::fprintf(stderr, "%s\n", fault.what());
  return 1;
}
