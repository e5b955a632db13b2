#include "attacca/audio/tags.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include <aifffile.h>
#include <flacfile.h>
#include <fmt/format.h>
#include <id3v2framefactory.h>
#include <mp4file.h>
#include <mp4tag.h>
#include <mpegfile.h>
#include <oggflacfile.h>
#include <opusfile.h>
#include <speexfile.h>
#include <tpropertymap.h>
#include <vorbisfile.h>
#include <wavfile.h>

#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "byte_reader.h"
#include "container.h"
#include "demuxer.h"
#include "tag_stream.h"

namespace attacca::audio {
namespace {

constexpr std::size_t kMostTextBytes = 4096;
constexpr std::size_t kMostNames = 64;
constexpr int kMostNumber = 9999;

using Fields = std::map<std::string, std::vector<std::string>>;  // names in upper case

std::unique_ptr<TagLib::File> openOgg(TagStream& stream, std::string_view head) {
  if (head.find("OpusHead") != std::string_view::npos) {
    return std::make_unique<TagLib::Ogg::Opus::File>(&stream, false);
  }
  if (head.find("\x7f"
                "FLAC") != std::string_view::npos) {
    return std::make_unique<TagLib::Ogg::FLAC::File>(&stream, false);
  }
  return std::make_unique<TagLib::Ogg::Vorbis::File>(&stream, false);
}

// Null for a container that TagLib does not know.
std::unique_ptr<TagLib::File> openByTagLib(TagStream& stream, Container container,
                                           std::string_view head) {
  auto* frames = TagLib::ID3v2::FrameFactory::instance();
  switch (container) {
    case Container::mp3:
    case Container::adts:
      return std::make_unique<TagLib::MPEG::File>(&stream, frames, false);
    case Container::flac:
      return std::make_unique<TagLib::FLAC::File>(&stream, frames, false);
    case Container::ogg:
      return openOgg(stream, head);
    case Container::wav:
      return std::make_unique<TagLib::RIFF::WAV::File>(&stream, false);
    case Container::aiff:
      return std::make_unique<TagLib::RIFF::AIFF::File>(&stream, false);
    case Container::mp4:
      return std::make_unique<TagLib::MP4::File>(&stream, false);
    default:
      return nullptr;
  }
}

std::string upperCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

void addField(Fields& fields, std::string name, std::string_view value) {
  auto& values = fields[upperCase(std::move(name))];
  if (values.size() >= kMostNames) return;
  std::string clean = cleanText(value, kMostTextBytes);
  if (!clean.empty()) values.push_back(std::move(clean));
}

// Fields of an MP4 file that TagLib 1.13 gives no name: "----:com.apple.iTunes:ARRANGER".
void addFreeFormItems(Fields& fields, TagLib::File& file) {
  const auto* mp4 = dynamic_cast<TagLib::MP4::File*>(&file);
  if (mp4 == nullptr) return;
  const TagLib::String prefix = "----:com.apple.iTunes:";
  for (const auto& [key, item] : mp4->tag()->itemMap()) {
    if (!key.startsWith(prefix)) continue;
    const std::string name = upperCase(key.substr(prefix.size()).to8Bit(true));
    if (fields.count(name) != 0) continue;
    for (const auto& value : item.toStringList()) addField(fields, name, value.to8Bit(true));
  }
}

Fields readFields(int fd, const Window& window) {
  Fields fields;
  const bool bare = traits(window.container).bare;  // then the tags lie around the window
  const std::int64_t begin = bare ? 0 : window.begin;
  const std::int64_t end = bare ? ::lseek(fd, 0, SEEK_END) : window.end;
  TagStream stream(fd, begin, end);
  const std::string head = ByteReader(fd, end).read(begin, 64);
  const auto file = openByTagLib(stream, window.container, head);
  // A file that TagLib cannot parse has no tag() and must not be asked for properties().
  if (file && file->isValid() && file->tag() != nullptr) {
    for (const auto& [name, values] : file->properties()) {
      for (const auto& value : values) addField(fields, name.to8Bit(true), value.to8Bit(true));
    }
    addFreeFormItems(fields, *file);
    return fields;
  }
  for (const auto& [name, value] : Demuxer(fd, window, {}).metadata()) {
    addField(fields, name, value);
  }
  return fields;
}

const std::vector<std::string>& valuesOf(const Fields& fields, const std::string& name) {
  static const std::vector<std::string> kNone;
  const auto found = fields.find(name);
  return found == fields.end() ? kNone : found->second;
}

// The first value of the first name that has one.
std::string text(const Fields& fields, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    const auto& values = valuesOf(fields, name);
    if (!values.empty()) return values.front();
  }
  return {};
}

// The values of all the names, without repetitions.
std::vector<std::string> people(const Fields& fields, std::initializer_list<const char*> names) {
  std::vector<std::string> all;
  for (const auto* name : names) {
    for (const auto& value : valuesOf(fields, name)) {
      const bool is_new = std::find(all.begin(), all.end(), value) == all.end();
      if (is_new && all.size() < kMostNames) all.push_back(value);
    }
  }
  return all;
}

struct Numbers {
  std::optional<int> number;  // "2"
  std::optional<int> count;   // "2/4"
};

std::optional<int> parseNumber(std::string_view value) {
  while (value.starts_with(' ')) value.remove_prefix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || number < 0 || number > kMostNumber) return std::nullopt;
  return number;
}

Numbers numbers(const Fields& fields, std::initializer_list<const char*> names) {
  const std::string value = text(fields, names);
  const auto slash = value.find('/');
  return {parseNumber(value),
          slash == std::string::npos ? std::nullopt : parseNumber(value.substr(slash + 1))};
}

// "PERFORMER:VIOLIN" = "Ann" becomes "Ann (violin)", as Picard writes it in Vorbis comments.
void addPerformersWithRoles(const Fields& fields, std::vector<std::string>& performers) {
  constexpr std::string_view kPrefix = "PERFORMER:";
  for (auto it = fields.lower_bound(std::string(kPrefix));
       it != fields.end() && it->first.starts_with(kPrefix); ++it) {
    const std::string role = lowerCase(it->first.substr(kPrefix.size()));
    for (const auto& name : it->second) {
      if (performers.size() >= kMostNames) return;
      performers.push_back(
          cleanText(role.empty() ? name : fmt::format("{} ({})", name, role), kMostTextBytes));
    }
  }
}

Tags interpret(const Fields& fields) {
  Tags tags;
  tags.title = text(fields, {"TITLE"});
  tags.album = text(fields, {"ALBUM"});
  tags.date = text(fields, {"DATE", "YEAR", "DATE_RELEASED", "ORIGINALDATE"});
  tags.genre = text(fields, {"GENRE"});
  tags.artists = people(fields, {"ARTIST"});
  tags.album_artists = people(fields, {"ALBUMARTIST", "ALBUM ARTIST", "ALBUM_ARTIST"});
  tags.composers = people(fields, {"COMPOSER"});
  tags.conductors = people(fields, {"CONDUCTOR"});
  tags.arrangers = people(fields, {"ARRANGER"});
  tags.performers =
      people(fields, {"PERFORMER", "SOLOIST", "SOLOISTS", "ENSEMBLE", "ORCHESTRA", "CHOIR"});
  addPerformersWithRoles(fields, tags.performers);

  // iTunes' classical fields. MOVEMENT is a number to Picard and a name to others.
  tags.work = text(fields, {"WORK", "CONTENTGROUP"});
  auto movement = numbers(fields, {"MOVEMENTNUMBER", "MOVEMENT"});
  tags.movement = text(fields, {"MOVEMENTNAME"});
  if (tags.movement.empty() && !parseNumber(text(fields, {"MOVEMENT"}))) {
    tags.movement = text(fields, {"MOVEMENT"});
  }
  if (!movement.count) movement.count = numbers(fields, {"MOVEMENTCOUNT", "MOVEMENTTOTAL"}).number;
  tags.movement_number = movement.number;
  tags.movement_count = movement.count;
  tags.track_number = numbers(fields, {"TRACKNUMBER", "TRACK", "PART_NUMBER"}).number;
  tags.disc_number = numbers(fields, {"DISCNUMBER", "DISC"}).number;
  tags.musicbrainz_recording = text(fields, {"MUSICBRAINZ_TRACKID"});
  tags.musicbrainz_album = text(fields, {"MUSICBRAINZ_ALBUMID"});
  tags.musicbrainz_work = text(fields, {"MUSICBRAINZ_WORKID"});
  return tags;
}

}  // namespace

Tags readTags(int fd) {
  try {
    return interpret(readFields(fd, findContainer(fd)));
  } catch (const std::exception&) {
    // Whatever went wrong, the sound may be fine: hearing it says what is wrong with the file.
    return {};
  }
}

}  // namespace attacca::audio
