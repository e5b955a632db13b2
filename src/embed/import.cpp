#include "attacca/embed/import.h"

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"

#include "reduce.h"
#include "tag_names.h"
#include "tensor_bundle.h"
#include "zip_reader.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kMostIndexBytes = std::size_t{1} << 20;
constexpr std::size_t kMostDataBytes = std::size_t{1} << 26;

// A checkpoint does not hold the names of its tags; they belong to the data set that its folder is
// named after.
std::string_view tagNames(const Manifest& manifest) {
  const std::string& member = manifest.source.member;
  const std::string_view folder = std::string_view(member).substr(member.rfind('/') + 1);
  if (folder.starts_with("MSD_")) return kMsdTags;
  if (folder.starts_with("MTT_")) return kMttTags;
  throw Error(Fault::unsupported, fmt::format("the tags of the model {} are not known", member));
}

}  // namespace

std::string importModel(const FileBytes& package, const Manifest& manifest) {
  const ModelSource& source = manifest.source;
  if (sha256(package.bytes()).hex() != source.sha256) {
    throw Error(
        Fault::refused,
        fmt::format("the package is not {} as its authors published it: its SHA-256 differs",
                    source.file),
        "fetch it again");
  }
  const std::string index =
      readZipMember(package.text(), source.member + "/.index", kMostIndexBytes);
  const std::string data =
      readZipMember(package.text(), source.member + "/.data-00000-of-00001", kMostDataBytes);
  const TensorBundle bundle(index, data);
  const auto frames = static_cast<std::size_t>(manifest.clips.frames);
  if (manifest.network == "musicnn") return reduceMusicnn(bundle, frames, tagNames(manifest));
  if (manifest.network == "vgg") return reduceVgg(bundle, frames, tagNames(manifest));
  throw Error(Fault::unsupported, fmt::format("the network {} is not known", manifest.network));
}

void importModel(int package, int output, const Manifest& manifest) {
  writeAll(output, importModel(FileBytes::map(package, manifest.source.file), manifest),
           "the model file");
}

}  // namespace attacca::embed
