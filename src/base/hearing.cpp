#include "attacca/base/hearing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/text.h"

namespace attacca {
namespace {

using nlohmann::json;

constexpr std::int64_t kMaxTagNumber = 1'000'000;
constexpr double kMaxSeconds = 1e9;
constexpr std::int64_t kMaxClips = 1'000'000'000;

constexpr std::array<std::pair<Fault, std::string_view>, 4> kRefusalFaults{{
    {Fault::refused, "refused"},
    {Fault::io, "io"},
    {Fault::corrupt, "corrupt"},
    {Fault::unsupported, "unsupported"},
}};

// Calls `visit(key, member)` for every member, the most useful first: what does not fit a packet is
// dropped from the end.
template <class TagsType, class Visit>
void eachTag(TagsType& tags, Visit&& visit) {
  visit("title", tags.title);
  visit("work", tags.work);
  visit("movement", tags.movement);
  visit("album", tags.album);
  visit("date", tags.date);
  visit("musicbrainz_recording", tags.musicbrainz_recording);
  visit("musicbrainz_album", tags.musicbrainz_album);
  visit("musicbrainz_work", tags.musicbrainz_work);
  visit("movement_number", tags.movement_number);
  visit("movement_count", tags.movement_count);
  visit("track_number", tags.track_number);
  visit("disc_number", tags.disc_number);
  visit("composers", tags.composers);
  visit("artists", tags.artists);
  visit("album_artists", tags.album_artists);
  visit("conductors", tags.conductors);
  visit("performers", tags.performers);
  visit("arrangers", tags.arrangers);
  visit("genre", tags.genre);
}

// Writes tags while there is room. Only quotation marks and backslashes grow in JSON, to twice
// their length, so kMaxTagsBytes of text always fit a packet.
class TagWriter {
 public:
  void operator()(const char* key, const std::string& text) {
    if (std::string fitting = take(text); !fitting.empty()) object_[key] = std::move(fitting);
  }

  void operator()(const char* key, const std::vector<std::string>& names) {
    json list = json::array();
    for (const std::string& name : names) {
      if (list.size() == kMaxTagNames) break;
      if (std::string fitting = take(name); !fitting.empty()) list.push_back(std::move(fitting));
    }
    if (!list.empty()) object_[key] = std::move(list);
  }

  void operator()(const char* key, const std::optional<int>& number) {
    if (number && *number >= 0 && *number <= kMaxTagNumber) object_[key] = *number;
  }

  json result() && { return std::move(object_); }

 private:
  std::string take(const std::string& text) {
    std::string clean = cleanText(text, kMaxTagBytes);
    if (clean.size() > room_) return {};
    room_ -= clean.size();
    return clean;
  }

  json object_ = json::object();
  std::size_t room_ = kMaxTagsBytes;
};

json sentences(const std::vector<std::string>& lines) {
  json list = json::array();
  for (const std::string& line : lines) {
    if (list.size() == kMaxNotes) break;
    list.push_back(cleanText(line, kMaxSentenceBytes));
  }
  return list;
}

// Reads the members of one object, each exactly once, and says which one is wrong.
class Members {
 public:
  explicit Members(const json& object, std::string_view of = "the message")
      : object_(object), of_(of) {
    if (!object.is_object()) fail("is not an object");
  }

  bool has(const char* key) const { return object_.contains(key); }

  std::string text(const char* key, std::size_t max_bytes) {
    return cleanString(take(key), key, max_bytes);
  }

  std::vector<std::string> texts(const char* key, std::size_t max_bytes, std::size_t max_count) {
    const json& list = array(key, max_count);
    std::vector<std::string> values;
    values.reserve(list.size());
    for (const json& entry : list) values.push_back(cleanString(entry, key, max_bytes));
    return values;
  }

  std::int64_t whole(const char* key, std::int64_t least, std::int64_t most) {
    return integer(take(key), key, least, most);
  }

  std::vector<std::int64_t> wholes(const char* key, std::int64_t least, std::int64_t most,
                                   std::size_t max_count) {
    const json& list = array(key, max_count);
    std::vector<std::int64_t> values;
    values.reserve(list.size());
    for (const json& entry : list) values.push_back(integer(entry, key, least, most));
    return values;
  }

  double number(const char* key, double least, double most) {
    const json& value = take(key);
    if (!value.is_number()) fail(key);
    const double number = value.get<double>();
    if (!(number >= least && number <= most)) fail(key);
    return number;
  }

  bool flag(const char* key) {
    const json& value = take(key);
    if (!value.is_boolean()) fail(key);
    return value.get<bool>();
  }

  AudioHash hash(const char* key) {
    const auto digest = Sha256Digest::fromHex(text(key, 64));
    if (!digest) fail(key);
    return {*digest};
  }

  const json& object(const char* key) { return take(key); }

  // A text of any content: its reader does its own checks.
  std::string raw(const char* key) {
    const json& value = take(key);
    if (!value.is_string()) fail(key);
    return value.get<std::string>();
  }

  // Nothing may be left over.
  void end() const {
    if (taken_ != object_.size()) fail("has members that nobody knows");
  }

  [[noreturn]] void fail(std::string_view what) const {
    throw Error(Fault::corrupt,
                fmt::format("{} between attacca and a hear process: {}", of_, what));
  }

 private:
  const json& take(const char* key) {
    const auto found = object_.find(key);
    if (found == object_.end()) fail(key);
    ++taken_;
    return *found;
  }

  const json& array(const char* key, std::size_t max_count) {
    const json& list = take(key);
    if (!list.is_array() || list.size() > max_count) fail(key);
    return list;
  }

  std::string cleanString(const json& value, const char* key, std::size_t max_bytes) const {
    if (!value.is_string()) fail(key);
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > max_bytes || cleanText(text, max_bytes) != text) fail(key);
    return text;
  }

  std::int64_t integer(const json& value, const char* key, std::int64_t least,
                       std::int64_t most) const {
    if (!value.is_number_integer()) fail(key);
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(INT64_MAX))
      fail(key);
    const auto number = value.get<std::int64_t>();
    if (number < least || number > most) fail(key);
    return number;
  }

  const json& object_;
  std::string_view of_;
  std::size_t taken_ = 0;
};

Tags readTags(const json& object) {
  Members members(object, "tags");
  Tags tags;
  std::size_t bytes = 0;
  eachTag(tags, [&](const char* key, auto& member) {
    using Member = std::remove_reference_t<decltype(member)>;
    if (!members.has(key)) return;
    if constexpr (std::is_same_v<Member, std::string>) {
      member = members.text(key, kMaxTagBytes);
      bytes += member.size();
    } else if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
      member = members.texts(key, kMaxTagBytes, kMaxTagNames);
      for (const std::string& name : member) bytes += name.size();
    } else {
      member = static_cast<int>(members.whole(key, 0, kMaxTagNumber));
    }
  });
  members.end();
  if (bytes > kMaxTagsBytes) members.fail("too much text");
  return tags;
}

json parse(std::string_view text) {
  json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded() || text.size() > kMaxPacketBytes) {
    throw Error(Fault::corrupt, "a message between attacca and a hear process is not JSON");
  }
  return object;
}

// ---- One function for each kind of message

json toJson(const LoadRequest& request) {
  return {{"do", "load"}, {"slot", request.slot}, {"manifest", request.manifest.toml()}};
}

json toJson(const IdentifyRequest& request) {
  return {{"do", "identify"}, {"name", cleanText(request.name, kMaxSentenceBytes)}};
}

json toJson(const HearRequest& request) {
  return {{"do", "hear"},
          {"name", cleanText(request.name, kMaxSentenceBytes)},
          {"slots", request.slots},
          {"peaks", request.peaks},
          {"fingerprint", request.fingerprint}};
}

json toJson(const ImportRequest& request) {
  return {{"do", "import"}, {"manifest", request.manifest.toml()}};
}

json toJson(const Ready& answer) {
  return {{"is", "ready"}, {"sandbox", cleanText(answer.sandbox, kMaxSentenceBytes)}};
}

json toJson(const Pace& answer) { return {{"is", "pace"}, {"heard", answer.heard.count()}}; }

json toJson(const Identity& answer) {
  TagWriter tags;
  eachTag(answer.tags, tags);
  return {{"is", "identity"},
          {"hash", answer.hash.hex()},
          {"tags", std::move(tags).result()},
          {"format", cleanText(answer.format, kMaxSentenceBytes)},
          {"rate_hz", answer.rate_hz},
          {"channels", answer.channels}};
}

json toJson(const Heard& answer) {
  json object = {{"is", "heard"},
                 {"hash", answer.hash.hex()},
                 {"duration", answer.duration.count()},
                 {"sample_peak", answer.loudness.sample_peak},
                 {"clips", answer.clips},
                 {"notes", sentences(answer.notes)}};
  if (answer.loudness.integrated_lufs) object["lufs"] = *answer.loudness.integrated_lufs;
  if (answer.loudness.range_lu) object["range_lu"] = *answer.loudness.range_lu;
  return object;
}

json toJson(const Refusal& answer) {
  const auto* fault = std::find_if(kRefusalFaults.begin(), kRefusalFaults.end(),
                                   [&](const auto& entry) { return entry.first == answer.fault; });
  return {{"is", "refusal"},
          {"reason", cleanText(answer.reason, kMaxSentenceBytes)},
          {"fault", fault == kRefusalFaults.end() ? kRefusalFaults[0].second : fault->second},
          {"remedy", cleanText(answer.remedy, kMaxSentenceBytes)}};
}

Manifest readManifest(Members& members) {
  try {
    return Manifest::parse(members.raw("manifest"), "the manifest in a request");
  } catch (const Error& fault) {
    members.fail(fault.problem());
  }
}

std::vector<int> readSlots(Members& members) {
  const auto slots = members.wholes("slots", 0, kMaxSlots - 1, kMaxSlots);
  return {slots.begin(), slots.end()};
}

Heard readHeard(Members& members) {
  constexpr double kMaxDecibel = 1000;
  Heard heard;
  heard.hash = members.hash("hash");
  heard.duration = Seconds(members.number("duration", 0, kMaxSeconds));
  heard.loudness.sample_peak = members.number("sample_peak", 0, 1e39);
  if (members.has("lufs")) {
    heard.loudness.integrated_lufs = members.number("lufs", -kMaxDecibel, kMaxDecibel);
  }
  if (members.has("range_lu")) heard.loudness.range_lu = members.number("range_lu", 0, kMaxDecibel);
  heard.clips = members.wholes("clips", 0, kMaxClips, kMaxSlots);
  heard.notes = members.texts("notes", kMaxSentenceBytes, kMaxNotes);
  return heard;
}

Refusal readRefusal(Members& members) {
  Refusal refusal;
  refusal.reason = members.text("reason", kMaxSentenceBytes);
  refusal.remedy = members.text("remedy", kMaxSentenceBytes);
  const std::string word = members.text("fault", 32);
  const auto* fault = std::find_if(kRefusalFaults.begin(), kRefusalFaults.end(),
                                   [&](const auto& entry) { return entry.second == word; });
  if (fault == kRefusalFaults.end() || refusal.reason.empty()) members.fail("refusal");
  refusal.fault = fault->first;
  return refusal;
}

HearingRequest readRequest(Members& members) {
  const std::string kind = members.text("do", 32);
  if (kind == "load") {
    const int slot = static_cast<int>(members.whole("slot", 0, kMaxSlots - 1));
    return LoadRequest{slot, readManifest(members)};
  }
  if (kind == "identify") return IdentifyRequest{members.text("name", kMaxSentenceBytes)};
  if (kind == "hear") {
    std::string name = members.text("name", kMaxSentenceBytes);
    std::vector<int> slots = readSlots(members);
    return HearRequest{std::move(name), std::move(slots), members.flag("peaks"),
                       members.flag("fingerprint")};
  }
  if (kind == "import") return ImportRequest{readManifest(members)};
  members.fail("of a kind that nobody knows");
}

HearingAnswer readAnswer(Members& members) {
  const std::string kind = members.text("is", 32);
  if (kind == "ready") return Ready{members.text("sandbox", kMaxSentenceBytes)};
  if (kind == "pace") return Pace{Seconds(members.number("heard", 0, kMaxSeconds))};
  if (kind == "identity") {
    Identity identity;
    identity.hash = members.hash("hash");
    identity.tags = readTags(members.object("tags"));
    identity.format = members.text("format", kMaxSentenceBytes);
    identity.rate_hz = static_cast<int>(members.whole("rate_hz", 0, 100'000'000));
    identity.channels = static_cast<int>(members.whole("channels", 0, 100'000));
    return identity;
  }
  if (kind == "heard") return readHeard(members);
  if (kind == "refusal") return readRefusal(members);
  members.fail("of a kind that nobody knows");
}

}  // namespace

std::string encode(const HearingRequest& request) {
  return std::visit([](const auto& message) { return toJson(message); }, request).dump();
}

std::string encode(const HearingAnswer& answer) {
  return std::visit([](const auto& message) { return toJson(message); }, answer).dump();
}

HearingRequest decodeRequest(std::string_view text) {
  const json object = parse(text);
  Members members(object);
  HearingRequest request = readRequest(members);
  members.end();
  return request;
}

HearingAnswer decodeAnswer(std::string_view text) {
  const json object = parse(text);
  Members members(object);
  HearingAnswer answer = readAnswer(members);
  members.end();
  return answer;
}

}  // namespace attacca
