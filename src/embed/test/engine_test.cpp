// Which precision OpenVINO is asked for, with a library that says what this processor can.

#include <cstdarg>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include "onnx_network.h"
#include "openvino_api.h"

namespace attacca::embed {
namespace {

using namespace openvino;

std::string capabilities;    // that the library tells
std::string precision_hint;  // that it was given
char nothing;                // what its things point to

template <class Thing>
Status make(Thing** thing) {
  *thing = reinterpret_cast<Thing*>(&nothing);
  return 0;
}

Status compileModel(const Core*, const Graph*, const char*, std::size_t arguments, Compiled** model,
                    ...) {
  std::va_list list;
  va_start(list, model);
  for (std::size_t i = 0; i < arguments / 2; ++i) {
    const std::string key = va_arg(list, const char*);
    const std::string value = va_arg(list, const char*);
    if (key == "INFERENCE_PRECISION_HINT") precision_hint = value;
  }
  va_end(list);
  return make(model);
}

Functions library() {
  Functions functions{};
  functions.ov_get_openvino_version = [](Version* version) {
    version->build = "of a test";
    return 0;
  };
  functions.ov_version_free = [](Version*) {};
  functions.ov_free = [](const char* text) { delete[] text; };
  functions.ov_core_create = make<Core>;
  functions.ov_core_free = [](Core*) {};
  functions.ov_core_get_property = [](const Core*, const char*, const char*, char** value) {
    *value = new char[capabilities.size() + 1];
    std::strcpy(*value, capabilities.c_str());
    return 0;
  };
  functions.ov_core_read_model_from_memory_buffer = [](const Core*, const char*, std::size_t,
                                                       const Tensor*,
                                                       Graph** graph) { return make(graph); };
  functions.ov_model_free = [](Graph*) {};
  functions.ov_partial_shape_create_static = [](std::int64_t, const std::int64_t*, PartialShape*) {
    return 0;
  };
  functions.ov_partial_shape_free = [](PartialShape*) {};
  functions.ov_model_reshape_single_input = [](const Graph*, PartialShape) { return 0; };
  functions.ov_core_compile_model = compileModel;
  functions.ov_compiled_model_free = [](Compiled*) {};
  functions.ov_compiled_model_create_infer_request = [](const Compiled*, Request** request) {
    return make(request);
  };
  functions.ov_infer_request_free = [](Request*) {};
  functions.ov_infer_request_get_input_tensor_by_index =
      [](const Request*, std::size_t, Tensor** tensor) { return make(tensor); };
  functions.ov_tensor_free = [](Tensor*) {};
  return functions;
}

// The precision that a model is compiled in.
std::string asked(Precision precision, const std::string& processor) {
  capabilities = processor;
  precision_hint = "none";
  const auto engine = std::make_shared<Engine>(library());
  engine->compile({}, {1, 400}, precision);
  return precision_hint;
}

TEST(Engine, Bf16IsUsedWhereTheManifestAsksForItAndTheProcessorHasIt) {
  EXPECT_EQ(asked(Precision::bf16, "FP32 INT8 BIN BF16"), "bf16");
  EXPECT_EQ(asked(Precision::bf16, "FP32 INT8 BIN"), "f32");
  EXPECT_EQ(asked(Precision::fp32, "FP32 INT8 BIN BF16"), "f32");
  EXPECT_EQ(asked(Precision::fp32, "FP32"), "f32");
}

}  // namespace
}  // namespace attacca::embed
