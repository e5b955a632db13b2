#include "checkpoint.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "attacca/base/error.h"
#include "attacca/base/file.h"

namespace attacca::learn {
namespace {

// "attacca checkpoint 1\n", digest of what is trained (32 bytes), then little-endian numbers of 8
// bytes and float32s, lists preceded by their length, and the digest of all that.
constexpr std::string_view kMagic = "attacca checkpoint 1\n";
static_assert(std::endian::native == std::endian::little);

using Lists = std::vector<std::vector<float>>;

class Writer {
 public:
  void bytes(const void* data, std::size_t size) {
    out_.append(static_cast<const char*>(data), size);
  }
  void number(std::uint64_t value) { bytes(&value, sizeof value); }
  template <class T>
  void list(const T& values) {
    number(values.size());
    bytes(values.data(), values.size() * sizeof values[0]);
  }
  void lists(const Lists& all) {
    number(all.size());
    for (const auto& one : all) list(one);
  }
  std::string finish() {
    const auto digest = sha256(out_);
    bytes(digest.bytes.data(), digest.bytes.size());
    return std::move(out_);
  }

 private:
  std::string out_;
};

// Of bytes whose digest was checked, so that lengths are what was written.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  void bytes(void* data, std::size_t size) {
    std::memcpy(data, in_.data(), size);
    in_.remove_prefix(size);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    bytes(&value, sizeof value);
    return value;
  }
  template <class T>
  void list(T& values) {
    values.resize(number());
    bytes(values.data(), values.size() * sizeof values[0]);
  }
  void lists(Lists& all) {
    all.resize(number());
    for (auto& one : all) list(one);
  }

 private:
  std::string_view in_;
};

}  // namespace

void writeCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                     const Sha256Digest& digest) {
  Writer out;
  out.bytes(kMagic.data(), kMagic.size());
  out.bytes(digest.bytes.data(), digest.bytes.size());
  out.number(checkpoint.best_epoch);
  out.number(std::bit_cast<std::uint64_t>(checkpoint.best));
  out.number(checkpoint.steps);
  out.list(checkpoint.losses);
  out.list(checkpoint.random);
  for (const auto* lists : {&checkpoint.weights, &checkpoint.first_moments,
                            &checkpoint.second_moments, &checkpoint.best_weights}) {
    out.lists(*lists);
  }
  writeFileAtomically(path, out.finish());
}

std::optional<Checkpoint> readCheckpoint(const std::filesystem::path& path,
                                         const Sha256Digest& digest) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  const FileBytes file = FileBytes::map(path);
  const std::string_view all = file.text();
  constexpr std::size_t kDigest = sizeof digest.bytes;
  if (!all.starts_with(kMagic) || all.size() < kMagic.size() + 2 * kDigest ||
      std::memcmp(sha256(all.substr(0, all.size() - kDigest)).bytes.data(),
                  all.data() + all.size() - kDigest, kDigest) != 0) {
    throw Error(Fault::corrupt, path.string() + ": the checkpoint is damaged",
                "delete it; training then begins anew");
  }
  Reader in(all.substr(kMagic.size()));
  Sha256Digest written;
  in.bytes(written.bytes.data(), kDigest);
  if (written != digest) {
    throw Error(Fault::refused,
                path.string() +
                    ": the checkpoint is of other data, another configuration, another number of "
                    "threads or another libtorch",
                "go on with what it was begun with, or delete it to begin anew");
  }
  Checkpoint checkpoint;
  checkpoint.best_epoch = in.number();
  checkpoint.best = std::bit_cast<double>(in.number());
  checkpoint.steps = in.number();
  in.list(checkpoint.losses);
  in.list(checkpoint.random);
  for (auto* lists : {&checkpoint.weights, &checkpoint.first_moments, &checkpoint.second_moments,
                      &checkpoint.best_weights}) {
    in.lists(*lists);
  }
  return checkpoint;
}

}  // namespace attacca::learn
