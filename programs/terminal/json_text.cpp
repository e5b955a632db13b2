#include "json_text.h"

#include <fmt/format.h>

#include "attacca/base/text.h"

namespace attacca::cli {

void putPath(Json& object, const std::string& key, std::string_view path) {
  object[key] = std::string(path);
  if (isValidUtf8(path)) return;
  std::string hex;
  for (const char byte : path) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  object[key + "_bytes"] = hex;
}

Json trackJson(const archive::Track& track) {
  Json json;
  json["id"] = track.id.value;
  if (!track.external_id.empty()) json["external_id"] = track.external_id;
  putPath(json, "path", track.path);
  json["title"] = track.title;
  json["album"] = track.album_title;
  json["album_id"] = track.album.value;
  json["artists"] = track.artists;
  json["composers"] = track.composers;
  json["conductors"] = track.conductors;
  json["arrangers"] = track.arrangers;
  json["work_id"] = track.work ? Json(track.work.value) : Json();
  json["work"] = track.work_title;
  json["movement"] = track.movement;
  json["movement_number"] = track.movement_number ? Json(*track.movement_number) : Json();
  json["disc_number"] = track.disc_number ? Json(*track.disc_number) : Json();
  json["track_number"] = track.track_number ? Json(*track.track_number) : Json();
  json["duration_s"] = track.duration.count();
  json["heard"] = track.heard();
  json["audio_hash"] = track.heard() ? Json(track.hash.hex()) : Json();
  json["offline"] = track.offline;
  json["removed"] = track.removed;
  return json;
}

std::string toText(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace attacca::cli
