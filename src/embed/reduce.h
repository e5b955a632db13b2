// Takes out of a trained network what cannot change its output, exactly.
//
// Weight decay drove most filters to zero, so their channels are constants, whatever is heard. A
// constant folds into what follows: into a bias and, where the next convolution's zero padding cuts
// some of its taps off at the edges, into a bias for each tap. Batch normalisation is one scale and
// one shift a channel, monotone, so that the maximum may be taken before it; where the scale is
// negative the filter is negated instead. All folding is done in double precision.
//
// A channel is a constant if no input can move its output by more than rounding does: if the sum of
// its weights' magnitudes times its scale is less than 1e-7.
//
// A block's output is scale * relu(s m + bias) + shift. Where a maximum is taken, m is the maximum
// with the stored kernel and s the sign of scale; elsewhere m is the only value and s is 1.
//
// Sections of "musicnn" (T frames, 96 bands):
//   input                     2          scale and shift of the input, before any padding
//   timbral38/kernel, ..67    n 7 f      all 7 frames padded, no band padded; maximum over bands
//   temporal128/kernel, 64, 32  n k      SAME in time; maximum over bands
//   <each>/bias, scale, shift n
//   mid1/kernel               7 F n1     F: the five blocks above, in this order
//   mid2/kernel               7 n1 64
//   mid3/kernel               7 64 64
//   <each>/edge_bias          7 n        added for each tap that lies inside the clip
//   <each>/bias, scale, shift n
//   mid1/positions            n1         of mid1's channels among mid2's, to which they are added
//   dense/kernel              2P 200     rows: maxima, then means over time, of F, mid1, mid2, mid3
//   dense/bias, scale, shift  200        scale * relu(x) + shift is the embedding
//   tags/kernel               200 50     the sigmoid of the sum is the tag's likelihood
//   tags/bias                 50
//   tags/names                text, one a line
// Sections of "vgg":
//   input                     2
//   conv1..5/kernel           3 3 in n   SAME
//   conv1..5/edge_bias        3 3 n
//   conv1..5/bias, scale, shift n
//   pool5/positions           n          of conv5's channels among the 128
//   pool5/constants           128        what the others are
//   tags/kernel, bias, names             of the flattened 2 x 128
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "tensor_bundle.h"

namespace attacca::embed {

// Model files. Throw Fault::corrupt for tensors that are missing or of other shapes.
std::string reduceMusicnn(const TensorBundle& bundle, std::size_t frames,
                          std::string_view tag_names);
std::string reduceVgg(const TensorBundle& bundle, std::size_t frames, std::string_view tag_names);

}  // namespace attacca::embed
