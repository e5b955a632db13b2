// ONNX models by OpenVINO, which is an optional component: opened when a model needs it, linked by
// nothing.
//
// What it puts off until first used (its plug-ins, the processor's properties) is done by open(),
// and what a model puts off (code made for this processor, threads) by load(). So a process may
// lock itself in after open(), more tightly after load(), and then only computes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "attacca/base/representation.h"
#include "attacca/embed/embedder.h"

namespace attacca::embed {

class Engine;

class OpenVino {
 public:
  // `folder` holds OpenVINO's libraries, as its PyPI wheel brings them in openvino/libs. Throws
  // Fault::unsupported if it is not there, or cannot run on this processor (it needs SSE4.2).
  static std::shared_ptr<const OpenVino> open(const std::filesystem::path& folder);
  ~OpenVino();

  const std::string& version() const;  // "2026.4.1-..."
  bool hasBf16() const;                // this processor computes with it

  // Reads the ONNX file from a descriptor, compiles it for clips as the manifest has them, and runs
  // it on a test clip and on silence. One thread does the work, the caller's where possible.
  // Throws Fault::corrupt for what is no whole ONNX file; Fault::refused, saying what to change,
  // where file and manifest do not fit, the layer is not there, weights are kept elsewhere, or
  // results are not numbers.
  //
  // A recording's clip that gives values that are not numbers is Fault::refused by Network::run.
  Representation load(const Manifest& manifest, int model_file) const;

 private:
  explicit OpenVino(std::shared_ptr<const Engine> engine);
  std::shared_ptr<const Engine> engine_;
};

}  // namespace attacca::embed
