// A hear process's conversation with its parent.
#pragma once

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

// The memory that the parent grants (lockIn), from the command line, in megabytes. Ends the process
// with a friendly line when it was not attacca that started it.
int grantedMemory(int argument_count, char** arguments);

// Says that it is ready, then answers until the parent is gone.
void converse(const std::string& sandbox, int memory_mb, const Answerer& answer);

}  // namespace attacca::hear
