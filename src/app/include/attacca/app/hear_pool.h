// A pool of attacca-hear processes: the wall between Attacca and files that others wrote.
//
// The parent opens files and passes descriptors; the children open nothing. Calls block and may be
// made from any thread; each uses one child, started when first needed and kept. A child that
// crashes, exceeds a limit or gives no sign of life costs the one file it was at (Fault::refused,
// with a reason for people) and is replaced.
//
// ONNX models (OpenVINO) are given to children that are started for exactly those a request needs:
// they load them behind a wall that still lets code be made, and close it before the first
// recording. As many run at once as memory allows; a model for which there is not enough is
// Fault::unsupported before anything is started. A model is loaded before the recording is handed
// over and with a limit of its own; one that cannot be loaded is never the recording's fault.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/hearing.h"
#include "attacca/base/representation.h"

namespace attacca::app {

struct HearLimits {
  int processes = 1;
  int memory_mb = 512;     // address space of one child, beside its program and libraries
  int seconds = 60;        // CPU for one recording, plus one for each minute of it
  int load_seconds = 600;  // CPU for starting with a model, before the first recording
  int stall_seconds = 60;  // without a sign of life
};

// A model that children are given: the slot in a HearRequest is its position in the pool's list.
struct HearModel {
  Manifest manifest;
  std::filesystem::path model_file;  // empty for what is built in
};

class HearPool {
 public:
  // `program` is attacca-hear; `openvino` the folder of OpenVINO's libraries, needed for ONNX
  // models only. Throws Fault::notFound if the program is not there. Starts no child yet.
  HearPool(std::filesystem::path program, HearLimits limits, std::vector<HearModel> models,
           std::filesystem::path openvino = {});
  ~HearPool();  // ends the children

  // All throw Fault::refused for a recording that cannot be used (the problem is a sentence without
  // the file's name: "it made the decoder crash"), Fault::cancelled on request (which ends the
  // child that was at it), Fault::io when an output cannot be written, Fault::unsupported when no
  // child can be started on this machine or memory does not suffice for a model, Fault::corrupt for
  // a model that cannot be used. A child that someone else killed is replaced once before the
  // recording is blamed.
  Identity identify(int recording, const std::string& name, const std::stop_token& stop = {});
  // `outputs` receive the clip rows of each of `slots` as .npy, then the peaks, then the acoustic
  // fingerprint, where the request asks for them: regular files open for reading and writing,
  // emptied first.
  // `pace` hears the seconds of music done so far, on the calling thread; what it throws ends the
  // hearing and passes through.
  Heard hear(int recording, const HearRequest& request, std::span<const int> outputs,
             const std::function<void(Seconds)>& pace = {}, const std::stop_token& stop = {});
  // Loads one of the models into a child, so that what is wrong with it is known before anything is
  // heard. Throws as above.
  void prepare(int slot, const std::stop_token& stop = {});
  // Reads the official weights in `package` and writes our model file to `output`.
  void importModel(const Manifest& manifest, int package, int output);

  // What locks the children in ("seccomp, landlock, rlimits") and what the kernel lacks for it;
  // empty before the first child started.
  std::string sandbox();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::app
