// Reads the metadata that a recording carries about itself.
#pragma once

#include "attacca/base/hearing.h"

namespace attacca::audio {

// The tags of the recording behind `fd`, by TagLib, or by libavformat for containers that TagLib
// does not know. The descriptor stays the caller's; its offset is not used; nothing is written.
// Damaged or absurd tags give fewer tags, never an error: a recording is worth hearing without
// them. Names come as the file lists them; several values in one field stay several.
Tags readTags(int fd);

}  // namespace attacca::audio
