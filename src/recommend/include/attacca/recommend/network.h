// Trained networks: what training leaves and strategies run.
//
// A network is a shape and named tensors. On disk it is one file, `model.safetensors`
// (8 bytes little-endian: length of a JSON header; the header; the tensors' bytes; described at
// github.com/huggingface/safetensors), all tensors float32, row-major; the shape is in the
// header's `__metadata__`, as text: format ("attacca network"), version ("1"), kind, items, and the
// numbers of NetworkShape by their names. Tensors fill the file in the order of their names. Every
// language reads it in a line (tools/reference/network_file.py).
//
// Names and shapes of tensors, with d = width and n = input; a linear layer `x` is
// `x.weight` (out x in) and `x.bias` (out), a layer norm `x` is `x.weight` and `x.bias` (d).
//
//   Items as content: e(i) = items (input.scale * (row(i) - input.mean))
//     input.mean, input.scale (n)   fitted on the tracks that were trained on
//     items.weight (d x n), items.bias (d)
//   Items as ids: e(i) = row i of items.weight (n x d); no items.bias
//
//   bert4rec (Sun et al., CIKM 2019), sasrec (Kang and McAuley, ICDM 2018)
//     positions (length x d): the last row belongs to the newest item; a history shorter than
//                 `length` uses the last rows
//     mask (d)    bert4rec: stands for an item that is asked for; when foretelling, the newest
//     norm        h(t) = norm(e(t) + position(t))
//     layers.<l>.attention.{query,key,value,output} (d x d), `heads` heads of d / heads columns,
//                 scores scaled by 1/sqrt(d / heads); sasrec: only from what is not newer
//     layers.<l>.attention.norm       h = norm(h + output(attention(h)))
//     layers.<l>.feed_forward.in (feed_forward x d), .out (d x feed_forward), exact GELU between
//     layers.<l>.feed_forward.norm    h = norm(h + out(gelu(in(h))))
//     bert4rec: output (d x d), output.norm: g = output.norm(gelu(output(h))), h at the mask
//     sasrec: g = h of the newest
//     score(i) = g . e(i), and for ids of bert4rec + item_bias(i) (n)
//   shallow (Tamm and Aljanaki, RecSys 2024)
//     v(x) = relu(items x); a listener is v(the mean of the distinct heard tracks' scaled rows);
//     score(i) = cosine of the two, 0 where either is 0
//   contrastive: two towers against the collaborative space; only the content's is kept
//     hidden.weight (h x n), hidden.bias: gelu; items.weight (d x h), items.bias; scaled to length
//     1: v(i); score(i) = v(i) . mean of v over the distinct heard tracks
// The eps of layer norms is 1e-12.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::recommend {

enum class NetworkKind { bert4rec, sasrec, shallow, contrastive };
inline constexpr std::array kNetworkKinds{NetworkKind::bert4rec, NetworkKind::sasrec,
                                          NetworkKind::shallow, NetworkKind::contrastive};

enum class ItemInput {
  content,  // embeddings, so that tracks nobody ever heard can be recommended
  ids       // learned from the log alone
};

struct NetworkShape {
  NetworkKind kind = NetworkKind::bert4rec;
  ItemInput items = ItemInput::content;
  std::size_t input = 0;  // content: columns of an embedding; ids: number of items
  std::size_t width = 64;
  std::size_t hidden = 0;  // contrastive
  // Of bert4rec and sasrec, 0 otherwise.
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t feed_forward = 0;
  std::size_t length = 0;  // items at once, the mask among them

  friend bool operator==(const NetworkShape&, const NetworkShape&) = default;
};

struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;  // row-major

  friend bool operator==(const Tensor&, const Tensor&) = default;
};

struct Network {
  NetworkShape shape;
  std::map<std::string, Tensor, std::less<>> tensors;

  friend bool operator==(const Network&, const Network&) = default;
};

std::string_view nameOf(NetworkKind kind);  // "bert4rec"
std::optional<NetworkKind> networkKind(std::string_view name);

// The tensors that a network of this shape has, all zero. Throws Fault::usage for a shape that
// cannot be: a width that the heads do not divide, a length below 2, no input.
Network emptyNetwork(const NetworkShape& shape);

std::string networkBytes(const Network& network);
// `name` is for messages. Throws Fault::corrupt for a file that is not whole, a value that is not
// finite, a tensor that is missing or of another shape; Fault::unsupported for another format.
Network readNetwork(std::string_view bytes, std::string_view name);

}  // namespace attacca::recommend
