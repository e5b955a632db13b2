#include "attacca/embed/openvino.h"

#include <string_view>
#include <utility>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/sha256.h"
#include "attacca/embed/onnx_file.h"

#include "onnx_network.h"
#include "openvino_api.h"

namespace attacca::embed {
namespace {

bool processorWillDo() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("sse4.2") != 0;
#else
  return true;
#endif
}

// A field of a protocol buffer that holds a message or a text of less than 128 bytes.
std::string field(int number, std::string_view content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())} +
         std::string(content);
}

// y = relu(x) of four numbers: reading, compiling and running it opens every part of OpenVINO that
// a model may need. Numbers of fields as in onnx_file.cpp.
std::string leastModel() {
  const std::string shape = field(1, "\x08\x04");
  const std::string type = field(2, field(1, "\x08\x01" + field(2, shape)));
  const std::string node = field(1, "x") + field(2, "y") + field(4, "Relu");
  const std::string graph = field(1, node) + field(2, "least") + field(11, field(1, "x") + type) +
                            field(12, field(1, "y") + type);
  constexpr std::string_view kIrVersion = "\x08\x08";
  constexpr std::string_view kOpset = "\x10\x0d";
  return std::string(kIrVersion) + field(7, graph) + field(8, kOpset);
}

}  // namespace

OpenVino::OpenVino(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {}
OpenVino::~OpenVino() = default;

std::shared_ptr<const OpenVino> OpenVino::open(const std::filesystem::path& folder) {
  if (!processorWillDo()) {
    throw Error(Fault::unsupported, "this processor lacks SSE4.2, which OpenVINO needs",
                "use a representation that Attacca computes itself, such as msd-musicnn");
  }
  auto engine = std::make_shared<Engine>(openvino::loadFunctions(folder));
  const std::string model = leastModel();
  engine->compile(std::as_bytes(std::span(model)), {4}, Precision::fp32)->infer();
  return std::shared_ptr<const OpenVino>(new OpenVino(std::move(engine)));
}

const std::string& OpenVino::version() const { return engine_->version(); }
bool OpenVino::hasBf16() const { return engine_->hasBf16(); }

Representation OpenVino::load(const Manifest& manifest, int model_file) const {
  auto file = std::make_shared<const FileBytes>(FileBytes::map(model_file, manifest.name));
  const OnnxFile description = readOnnx(file->bytes());
  Sha256 digest;
  digest.update(file->bytes());
  // One file serves several layers and precisions, with results of their own.
  digest.update(fingerprint(manifest, {}));
  return {manifest,
          makeOnnxNetwork(engine_, std::move(file), description, manifest, digest.finish())};
}

}  // namespace attacca::embed
