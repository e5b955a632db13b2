#include "openvino_api.h"

#include <string_view>
#include <type_traits>

#include <dlfcn.h>
#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/openvino.h"

namespace attacca::embed::openvino {
namespace {

[[noreturn]] void throwMissing(const std::filesystem::path& folder, std::string_view why) {
  throw Error(Fault::unsupported,
              fmt::format("OpenVINO, which ONNX models need, cannot be used: {}", why),
              fmt::format("script/setup brings it; looked for in {}", folder.native()));
}

}  // namespace

Functions loadFunctions(const std::filesystem::path& folder) {
  const auto library = openVinoLibrary(folder);
  if (!library) throwMissing(folder, "it is not installed");
  void* handle = ::dlopen(library->c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throwMissing(folder, ::dlerror());
  Functions functions{};
  const auto find = [&](auto& function, const char* name) {
    void* address = ::dlsym(handle, name);
    if (address == nullptr) throwMissing(folder, fmt::format("it lacks {}", name));
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(address);
  };
#define ATTACCA_FIND(name) find(functions.name, #name)
  ATTACCA_FIND(ov_get_openvino_version);
  ATTACCA_FIND(ov_version_free);
  ATTACCA_FIND(ov_get_last_err_msg);
  ATTACCA_FIND(ov_free);
  ATTACCA_FIND(ov_core_create);
  ATTACCA_FIND(ov_core_free);
  ATTACCA_FIND(ov_core_get_property);
  ATTACCA_FIND(ov_core_read_model_from_memory_buffer);
  ATTACCA_FIND(ov_core_compile_model);
  ATTACCA_FIND(ov_model_free);
  ATTACCA_FIND(ov_model_reshape_single_input);
  ATTACCA_FIND(ov_partial_shape_create_static);
  ATTACCA_FIND(ov_partial_shape_free);
  ATTACCA_FIND(ov_compiled_model_input);
  ATTACCA_FIND(ov_compiled_model_create_infer_request);
  ATTACCA_FIND(ov_compiled_model_free);
  ATTACCA_FIND(ov_port_get_element_type);
  ATTACCA_FIND(ov_output_const_port_free);
  ATTACCA_FIND(ov_infer_request_get_input_tensor_by_index);
  ATTACCA_FIND(ov_infer_request_get_output_tensor_by_index);
  ATTACCA_FIND(ov_infer_request_infer);
  ATTACCA_FIND(ov_infer_request_free);
  ATTACCA_FIND(ov_tensor_get_shape);
  ATTACCA_FIND(ov_tensor_get_element_type);
  ATTACCA_FIND(ov_tensor_data);
  ATTACCA_FIND(ov_tensor_free);
  ATTACCA_FIND(ov_shape_free);
#undef ATTACCA_FIND
  return functions;
}

}  // namespace attacca::embed::openvino
