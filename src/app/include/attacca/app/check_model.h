// Whether a model file that somebody brings does what its manifest says.
#pragma once

#include <filesystem>

#include "attacca/app/hear_pool.h"
#include "attacca/base/representation.h"

namespace attacca::app {

// Loads an ONNX model in a locked-in process of its own, as it would be for hearing, and lets it
// hear a test sound and silence. Returns if all is well. Throws, with sentences for people that
// name the file:
//   Fault::refused      the file is not the one the manifest names (origin.sha256), is cut short,
//                       keeps weights in other files, lacks the output `layer`, has other shapes
//                       than the manifest says, gives values that are not numbers, or makes
//                       OpenVINO crash
//   Fault::unsupported  OpenVINO is not there or cannot run on this processor, or the model needs
//                       more memory than there is (said before anything is started)
//   Fault::io           the file cannot be read
// `openvino` is the folder of OpenVINO's libraries (HearPool).
void checkModel(const std::filesystem::path& hear_program, const HearLimits& limits,
                const std::filesystem::path& openvino, const Manifest& manifest,
                const std::filesystem::path& model_file);

}  // namespace attacca::app
