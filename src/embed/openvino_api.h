// OpenVINO's C interface (2026.4), as far as it is used. Declared here, so that building Attacca
// does not need OpenVINO.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

// Names as in the library.
struct ov_core;
struct ov_model;
struct ov_compiled_model;
struct ov_infer_request;
struct ov_tensor;
struct ov_output_const_port;

namespace attacca::embed::openvino {

using Status = int;  // 0: done
constexpr int kFloat32 = 4;
using Core = ov_core;
using Graph = ov_model;
using Compiled = ov_compiled_model;
using Request = ov_infer_request;
using Tensor = ov_tensor;
using Port = ov_output_const_port;
struct Version {
  const char* build;
  const char* description;
};
struct Shape {
  std::int64_t rank;
  std::int64_t* lengths;
};
struct Range {
  std::int64_t least;
  std::int64_t most;
};
struct PartialShape {
  Range rank;
  Range* lengths;
};

struct Functions {
  Status (*ov_get_openvino_version)(Version*);
  void (*ov_version_free)(Version*);
  const char* (*ov_get_last_err_msg)();
  void (*ov_free)(const char*);
  Status (*ov_core_create)(Core**);
  void (*ov_core_free)(Core*);
  Status (*ov_core_get_property)(const Core*, const char*, const char*, char**);
  Status (*ov_core_read_model_from_memory_buffer)(const Core*, const char*, std::size_t,
                                                  const Tensor*, Graph**);
  Status (*ov_core_compile_model)(const Core*, const Graph*, const char*, std::size_t, Compiled**,
                                  ...);
  void (*ov_model_free)(Graph*);
  Status (*ov_model_reshape_single_input)(const Graph*, PartialShape);
  Status (*ov_partial_shape_create_static)(std::int64_t, const std::int64_t*, PartialShape*);
  void (*ov_partial_shape_free)(PartialShape*);
  Status (*ov_compiled_model_input)(const Compiled*, Port**);
  Status (*ov_compiled_model_create_infer_request)(const Compiled*, Request**);
  void (*ov_compiled_model_free)(Compiled*);
  Status (*ov_port_get_element_type)(const Port*, int*);
  void (*ov_output_const_port_free)(Port*);
  Status (*ov_infer_request_get_input_tensor_by_index)(const Request*, std::size_t, Tensor**);
  Status (*ov_infer_request_get_output_tensor_by_index)(const Request*, std::size_t, Tensor**);
  Status (*ov_infer_request_infer)(Request*);
  void (*ov_infer_request_free)(Request*);
  Status (*ov_tensor_get_shape)(const Tensor*, Shape*);
  Status (*ov_tensor_get_element_type)(const Tensor*, int*);
  Status (*ov_tensor_data)(const Tensor*, void**);
  void (*ov_tensor_free)(Tensor*);
  Status (*ov_shape_free)(Shape*);
};

// Opens the library for the life of the process: threads of its own may run to the end. Throws
// Fault::unsupported where it is not in the folder or is another.
Functions loadFunctions(const std::filesystem::path& folder);

}  // namespace attacca::embed::openvino
