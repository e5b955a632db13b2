// Strong ids: a TrackId is not an AlbumId. Ids are positive integers given by the catalogue; they
// are never used again for another thing.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace attacca {

template <class Tag>
struct Id {
  std::int64_t value = 0;  // 0 is "none"

  explicit operator bool() const noexcept { return value != 0; }
  // NOLINTNEXTLINE(modernize-use-nullptr): the check mistakes what the compiler makes of this
  friend auto operator<=>(const Id&, const Id&) = default;
};

using TrackId = Id<struct TrackTag>;
using AlbumId = Id<struct AlbumTag>;
using WorkId = Id<struct WorkTag>;
using PersonId = Id<struct PersonTag>;
using RecordingId = Id<struct RecordingTag>;
using PlaceId = Id<struct PlaceTag>;
using UserId = Id<struct UserTag>;

}  // namespace attacca

template <class Tag>
struct std::hash<attacca::Id<Tag>> {
  std::size_t operator()(const attacca::Id<Tag>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
