#include <new>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "onnx_network.h"

namespace attacca::embed {
namespace {

using namespace openvino;

constexpr std::size_t kLongestReason = 400;

// Owns what a function of the interface made, and gives it back to it.
template <class Thing>
class Owned {
 public:
  explicit Owned(void (*free)(Thing*)) : free_(free) {}
  Owned(Owned&& other) noexcept
      : thing_(std::exchange(other.thing_, nullptr)), free_(other.free_) {}
  Owned& operator=(Owned&&) = delete;
  ~Owned() {
    if (thing_ != nullptr) free_(thing_);
  }
  Thing* get() const { return thing_; }
  Thing** out() { return &thing_; }

 private:
  Thing* thing_ = nullptr;
  void (*free_)(Thing*);
};

class OpenVinoModel : public RunningModel {
 public:
  OpenVinoModel(std::shared_ptr<const Engine> engine, Owned<Compiled> compiled)
      : engine_(std::move(engine)),
        compiled_(std::move(compiled)),
        request_(engine_->functions().ov_infer_request_free),
        input_(engine_->functions().ov_tensor_free) {
    const Functions& functions = engine_->functions();
    engine_->check(
        functions.ov_compiled_model_create_infer_request(compiled_.get(), request_.out()),
        "make a request");
    engine_->check(
        functions.ov_infer_request_get_input_tensor_by_index(request_.get(), 0, input_.out()),
        "find its input");
  }

  std::span<float> input() override { return values(input_.get()); }

  void infer() override {
    engine_->check(engine_->functions().ov_infer_request_infer(request_.get()), "run it");
  }

  std::span<const float> output() override { return values(outputTensor().get()); }
  Lengths outputLengths() override { return lengths(outputTensor().get()); }

 private:
  Owned<Tensor> outputTensor() const {
    Owned<Tensor> tensor(engine_->functions().ov_tensor_free);
    engine_->check(engine_->functions().ov_infer_request_get_output_tensor_by_index(
                       request_.get(), 0, tensor.out()),
                   "find its output");
    return tensor;
  }

  Lengths lengths(const Tensor* tensor) const {
    const Functions& functions = engine_->functions();
    Shape shape{};
    engine_->check(functions.ov_tensor_get_shape(tensor, &shape), "read a shape");
    Lengths result(shape.lengths, shape.lengths + shape.rank);
    functions.ov_shape_free(&shape);
    return result;
  }

  // Tensors keep their memory for as long as the request lives.
  std::span<float> values(const Tensor* tensor) const {
    const Functions& functions = engine_->functions();
    int type = 0;
    engine_->check(functions.ov_tensor_get_element_type(tensor, &type), "read a type");
    if (type != kFloat32) {
      throw Error(Fault::refused, "its input or output is not of 32-bit floating point numbers",
                  "export it in float32");
    }
    std::size_t count = 1;
    for (const std::int64_t length : lengths(tensor)) count *= static_cast<std::size_t>(length);
    void* data = nullptr;
    engine_->check(functions.ov_tensor_data(tensor, &data), "read a tensor");
    return {static_cast<float*>(data), count};
  }

  std::shared_ptr<const Engine> engine_;
  Owned<Compiled> compiled_;
  Owned<Request> request_;
  Owned<Tensor> input_;
};

}  // namespace

Engine::Engine(const Functions& functions) : functions_(functions) {
  Version version{};
  check(functions_.ov_get_openvino_version(&version), "tell its version");
  version_ = version.build;
  functions_.ov_version_free(&version);
  check(functions_.ov_core_create(&core_), "start");
  char* capabilities = nullptr;
  check(functions_.ov_core_get_property(core_, "CPU", "OPTIMIZATION_CAPABILITIES", &capabilities),
        "look at this processor");
  has_bf16_ = std::string_view(capabilities).find("BF16") != std::string_view::npos;
  functions_.ov_free(capabilities);
}

Engine::~Engine() { functions_.ov_core_free(core_); }

void Engine::check(Status status, std::string_view what) const {
  if (status == 0) return;
  const char* reason = functions_.ov_get_last_err_msg();
  std::string why = reason == nullptr ? fmt::format("status {}", status) : reason;
  functions_.ov_free(reason);
  if (why.find("bad_alloc") != std::string::npos) throw std::bad_alloc();
  throw Error(Fault::refused,
              fmt::format("OpenVINO cannot {}: {}", what, cleanText(why, kLongestReason)));
}

std::unique_ptr<RunningModel> Engine::compile(std::span<const std::byte> onnx, const Lengths& input,
                                              Precision precision) const {
  Owned<Compiled> compiled(functions_.ov_compiled_model_free);
  {
    Owned<Graph> graph(functions_.ov_model_free);
    check(functions_.ov_core_read_model_from_memory_buffer(
              core_, reinterpret_cast<const char*>(onnx.data()), onnx.size(), nullptr, graph.out()),
          "read the model");
    PartialShape shape{};
    check(functions_.ov_partial_shape_create_static(static_cast<std::int64_t>(input.size()),
                                                    input.data(), &shape),
          "make a shape");
    const Status reshaped = functions_.ov_model_reshape_single_input(graph.get(), shape);
    functions_.ov_partial_shape_free(&shape);
    check(reshaped, "fit the model to the clips");
    const char* type = precision == Precision::bf16 && has_bf16_ ? "bf16" : "f32";
    check(functions_.ov_core_compile_model(
              core_, graph.get(), "CPU", 8, compiled.out(), "INFERENCE_PRECISION_HINT", type,
              "NUM_STREAMS", "1", "INFERENCE_NUM_THREADS", "1", "ENABLE_CPU_PINNING", "NO"),
          "compile the model");
  }
  return std::make_unique<OpenVinoModel>(shared_from_this(), std::move(compiled));
}

}  // namespace attacca::embed
