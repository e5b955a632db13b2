#include "attacca/base/npy.h"

#include <bit>
#include <charconv>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

static_assert(std::endian::native == std::endian::little,
              "files are written as they are in memory");

constexpr std::string_view kMagic{"\x93NUMPY\x01\x00", 8};

template <class T>
constexpr std::string_view kDescription = "";
template <>
constexpr std::string_view kDescription<float> = "<f4";
template <>
constexpr std::string_view kDescription<std::int32_t> = "<i4";
template <>
constexpr std::string_view kDescription<std::int64_t> = "<i8";
template <>
constexpr std::string_view kDescription<std::int8_t> = "|i1";
template <>
constexpr std::string_view kDescription<std::uint8_t> = "|u1";

// The text after `'key':` up to a comma outside parentheses or the closing brace.
std::string_view field(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) return {};
  std::string_view rest = header.substr(at + key.size() + 3);
  int depth = 0;
  std::size_t end = 0;
  while (end < rest.size()) {
    const char c = rest[end];
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (depth == 0 && (c == ',' || c == '}')) break;
    ++end;
  }
  rest = rest.substr(0, end);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  return rest;
}

}  // namespace

template <NpyElement T>
std::string npyHeader(std::size_t rows, std::size_t cols) {
  std::string dictionary =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},{}), }}", kDescription<T>,
                  rows, cols == 0 ? std::string() : fmt::format(" {}", cols));
  dictionary.resize(kNpyHeaderBytes - kMagic.size() - 2 - 1, ' ');
  dictionary += '\n';
  std::string header(kMagic);
  header += static_cast<char>(dictionary.size() & 0xff);
  header += static_cast<char>(dictionary.size() >> 8);
  return header + dictionary;
}

template <NpyElement T>
std::string npyBytes(MatrixView<T> matrix, bool one_dimension) {
  std::string bytes = npyHeader<T>(one_dimension ? matrix.rows * matrix.cols : matrix.rows,
                                   one_dimension ? 0 : matrix.cols);
  const auto all = matrix.all();
  if (!all.empty()) bytes.append(reinterpret_cast<const char*>(all.data()), all.size_bytes());
  return bytes;
}

template <NpyElement T>
MatrixView<T> npyView(const FileBytes& file, std::string_view name) {
  const auto corrupt = [&](std::string_view why) {
    return Error(Fault::corrupt, fmt::format("{} is not a matrix Attacca can read: {}", name, why));
  };
  const std::string_view text = file.text();
  if (text.size() < 10 || text.substr(0, 8) != kMagic) throw corrupt("it is not .npy format 1.0");
  const std::size_t length = static_cast<std::uint8_t>(text[8]) |
                             static_cast<std::size_t>(static_cast<std::uint8_t>(text[9])) << 8;
  if (text.size() < 10 + length) throw corrupt("its header is cut off");
  const std::string_view header = text.substr(10, length);
  if (field(header, "descr") != fmt::format("'{}'", kDescription<T>)) {
    throw corrupt(
        fmt::format("its elements are {}, not '{}'", field(header, "descr"), kDescription<T>));
  }
  if (field(header, "fortran_order") != "False") throw corrupt("it is in Fortran order");

  std::string_view shape = field(header, "shape");
  std::vector<std::size_t> sizes;
  for (std::size_t at = 0; at < shape.size();) {
    if (shape[at] < '0' || shape[at] > '9') {
      ++at;
      continue;
    }
    std::size_t size = 0;
    const auto [end, fault] = std::from_chars(shape.data() + at, shape.data() + shape.size(), size);
    if (fault != std::errc{}) throw corrupt("its shape is absurd");
    sizes.push_back(size);
    at = static_cast<std::size_t>(end - shape.data());
  }
  if (sizes.empty() || sizes.size() > 2) throw corrupt("it has neither one nor two dimensions");
  MatrixView<T> view;
  view.rows = sizes[0];
  view.cols = sizes.size() == 2 ? sizes[1] : 1;
  const std::size_t data_bytes = text.size() - 10 - length;
  if (view.cols != 0 && view.rows > data_bytes / sizeof(T) / view.cols)
    throw corrupt("it is cut off");
  if (view.rows * view.cols * sizeof(T) != data_bytes) throw corrupt("its length is wrong");
  const auto* data = text.data() + 10 + length;
  if (reinterpret_cast<std::uintptr_t>(data) % alignof(T) != 0)
    throw corrupt("its data is not aligned");
  view.data = reinterpret_cast<const T*>(data);
  return view;
}

template std::string npyHeader<float>(std::size_t, std::size_t);
template std::string npyHeader<std::int32_t>(std::size_t, std::size_t);
template std::string npyHeader<std::int64_t>(std::size_t, std::size_t);
template std::string npyHeader<std::int8_t>(std::size_t, std::size_t);
template std::string npyHeader<std::uint8_t>(std::size_t, std::size_t);
template std::string npyBytes(MatrixView<float>, bool);
template std::string npyBytes(MatrixView<std::int32_t>, bool);
template std::string npyBytes(MatrixView<std::int64_t>, bool);
template std::string npyBytes(MatrixView<std::int8_t>, bool);
template std::string npyBytes(MatrixView<std::uint8_t>, bool);
template MatrixView<float> npyView(const FileBytes&, std::string_view);
template MatrixView<std::int32_t> npyView(const FileBytes&, std::string_view);
template MatrixView<std::int64_t> npyView(const FileBytes&, std::string_view);
template MatrixView<std::int8_t> npyView(const FileBytes&, std::string_view);
template MatrixView<std::uint8_t> npyView(const FileBytes&, std::string_view);

}  // namespace attacca
