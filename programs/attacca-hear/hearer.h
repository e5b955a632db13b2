// Does what attacca asks of a hear process: the one place where hearing and understanding meet.
#pragma once

#include <map>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/hearing.h"
#include "attacca/embed/embedder.h"

#include "loop.h"

namespace attacca::hear {

class Hearer {
 public:
  // An Answerer (loop.h).
  HearingAnswer answer(const HearingRequest& request, std::vector<UniqueFd> descriptors,
                       const PaceSender& pace);

 private:
  HearingAnswer load(const LoadRequest& request, const UniqueFd& model);
  Heard hear(const HearRequest& request, const std::vector<UniqueFd>& descriptors,
             const PaceSender& pace) const;

  std::map<int, embed::Representation> representations_;  // by slot
};

}  // namespace attacca::hear
