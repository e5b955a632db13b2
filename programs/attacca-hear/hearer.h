// Does what attacca asks of a hear process: the one place where hearing and understanding meet.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/hearing.h"
#include "attacca/embed/embedder.h"
#include "attacca/embed/openvino.h"

#include "loop.h"

namespace attacca::hear {

class Hearer {
 public:
  // From now on ONNX models can be loaded, until something else is asked: then `seal` is called,
  // once, and none can be loaded any more.
  void takeModels(std::shared_ptr<const embed::OpenVino> openvino, std::function<void()> seal);

  // An Answerer (loop.h).
  HearingAnswer answer(const HearingRequest& request, std::vector<UniqueFd> descriptors,
                       const PaceSender& pace);

 private:
  HearingAnswer load(const LoadRequest& request, const std::vector<UniqueFd>& descriptors);
  Heard hear(const HearRequest& request, const std::vector<UniqueFd>& descriptors,
             const PaceSender& pace) const;

  std::map<int, embed::Representation> representations_;  // by slot
  std::shared_ptr<const embed::OpenVino> openvino_;
  std::function<void()> seal_;
  bool sealed_ = true;  // no ONNX models, or no more
};

}  // namespace attacca::hear
