#include "provenance.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"

namespace attacca::app {
namespace {

constexpr int kFormat = 1;

}  // namespace

std::string encodeProvenance(const Provenance& provenance) {
  const Manifest& manifest = provenance.manifest;
  const nlohmann::ordered_json json = {{"format", kFormat},
                                       {"representation", provenance.versioned_name},
                                       {"title", manifest.title},
                                       {"licence", manifest.licence},
                                       {"credit", manifest.credit},
                                       {"dimension", manifest.dimension},
                                       {"rows_are", provenance.clips ? "clips" : "tracks"},
                                       {"rows", provenance.rows},
                                       {"tracks", provenance.tracks},
                                       {"program", provenance.program},
                                       {"made", formatTime(provenance.made)},
                                       {"manifest", manifest.toml()}};
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Provenance decodeProvenance(std::string_view text, std::string_view name) {
  const auto refused = [&](std::string_view why) {
    return Error(Fault::refused,
                 fmt::format("{} is not the provenance of embeddings: {}", name, why),
                 "it is the provenance.json that `attacca embeddings export` writes");
  };
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("format") != kFormat) throw refused("this Attacca does not know its format");
    Provenance provenance;
    provenance.versioned_name = json.at("representation").get<std::string>();
    provenance.manifest = Manifest::parse(json.at("manifest").get<std::string>(), name);
    const auto rows_are = json.at("rows_are").get<std::string>();
    if (rows_are != "clips" && rows_are != "tracks") {
      throw refused("its rows_are is neither \"clips\" nor \"tracks\"");
    }
    provenance.clips = rows_are == "clips";
    if (!isVersionOf(provenance.versioned_name, provenance.manifest.name)) {
      throw refused("its representation is no version of its manifest's");
    }
    return provenance;
  } catch (const nlohmann::json::exception& fault) {
    throw refused(fault.what());
  }
}

bool isVersionOf(std::string_view versioned_name, std::string_view name) {
  constexpr std::size_t kDigits = 16;
  if (versioned_name.size() != name.size() + 1 + kDigits || !versioned_name.starts_with(name) ||
      versioned_name[name.size()] != '@') {
    return false;
  }
  const std::string_view digits = versioned_name.substr(name.size() + 1);
  return digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace attacca::app
