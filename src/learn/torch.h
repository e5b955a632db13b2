// What this room uses of libtorch. Included by .cpp files and private headers alone.
#pragma once

#include <torch/csrc/autograd/custom_function.h>
#include <torch/types.h>
#include <torch/version.h>
