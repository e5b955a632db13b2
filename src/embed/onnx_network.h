// An ONNX model behind the inference port.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/representation.h"
#include "attacca/base/sha256.h"
#include "attacca/embed/network.h"
#include "attacca/embed/onnx_file.h"

#include "openvino_api.h"

namespace attacca::embed {

using Lengths = std::vector<std::int64_t>;  // of the axes of a tensor

// A model that is ready to run, with its input and output. One thread at a time.
class RunningModel {
 public:
  virtual ~RunningModel() = default;
  virtual std::span<float> input() = 0;
  virtual void infer() = 0;  // throws Fault::refused
  // After infer(); valid until the next.
  virtual std::span<const float> output() = 0;
  virtual Lengths outputLengths() = 0;
};

// OpenVINO as far as it is used: models of one input and one output, both of float32.
class Engine : public std::enable_shared_from_this<Engine> {
 public:
  explicit Engine(const openvino::Functions& functions);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  const std::string& version() const { return version_; }
  bool hasBf16() const { return has_bf16_; }
  // What slimOnnx left in memory must stay there. Throws Fault::refused with OpenVINO's reason.
  std::unique_ptr<RunningModel> compile(std::span<const std::byte> onnx, const Lengths& input,
                                        Precision precision) const;

  // Throws Fault::refused with OpenVINO's reason unless `status` says that it was done.
  void check(openvino::Status status, std::string_view what) const;
  const openvino::Functions& functions() const { return functions_; }

 private:
  openvino::Functions functions_;
  openvino::Core* core_ = nullptr;
  std::string version_;
  bool has_bf16_ = false;
};

// `description` is readOnnx of `file`. Throws as OpenVino::load.
std::shared_ptr<const Network> makeOnnxNetwork(const std::shared_ptr<const Engine>& engine,
                                               std::shared_ptr<const FileBytes> file,
                                               const OnnxFile& description,
                                               const Manifest& manifest,
                                               const Sha256Digest& digest);

}  // namespace attacca::embed
