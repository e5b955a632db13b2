// What an ONNX model takes of this machine's memory.
#pragma once

#include <cstdint>

#include "attacca/app/hear_pool.h"

namespace attacca::app {

// Megabytes that a process needs for the model beside what hearing takes: measured, as the manifest
// says, or guessed from the size of the file.
int modelMemoryMb(const HearModel& model);
// Megabytes that programs may still take here (of the machine, or of the container).
int availableMemoryMb();

}  // namespace attacca::app
