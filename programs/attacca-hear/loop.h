// A hear process's conversation with its parent.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/hearing.h"

namespace attacca::hear {

// Tells the parent how much music was done. Any number of calls: few are sent.
using PaceSender = std::function<void(Seconds heard)>;
// Does one request. Throws Error with a fault that a Refusal may carry, or std::bad_alloc, for a
// request that cannot be done; any other exception ends the process, which its parent takes for the
// crash that it is.
using Answerer = std::function<HearingAnswer(
    const HearingRequest&, std::vector<UniqueFd> descriptors, const PaceSender& pace)>;

// What the parent grants, from the command line.
struct Grant {
  int memory_mb = 0;               // lockIn
  std::filesystem::path openvino;  // folder of its libraries; empty: there are no ONNX models
};
// Ends the process with a friendly line when it was not attacca that started it.
Grant readGrant(int argument_count, char** arguments);

// What a request threw, as an answer; a fault that no Refusal may carry is thrown again.
HearingAnswer refusal(const Error& fault);

// Sends the greeting, then answers until the parent is gone. A greeting that is a Refusal is the
// end: the process is of no use.
void converse(const HearingAnswer& greeting, int memory_mb, const Answerer& answer);

}  // namespace attacca::hear
