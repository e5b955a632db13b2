#include "album_works.h"

#include <algorithm>

#include <fmt/format.h>

#include "title_parts.h"

namespace attacca::archive {
namespace {

constexpr double kOfAlbum = 0.7;

}  // namespace

Credit AlbumWorks::creditOf(const std::string& composer) const {
  return {composer,
          "",
          CreditRole::composer,
          authority_.named(composer) != nullptr,
          kOfAlbum,
          fmt::format("the album's title names {} or a work of theirs", composer)};
}

// "Haydn - Mozart - Beethoven"
bool AlbumWorks::namesOthers(std::string_view rest) const {
  for (std::size_t at = 0; at <= rest.size();) {
    const std::size_t end = std::min(rest.find_first_of("-/,;:&+", at), rest.size());
    if (!people_.makers(rest.substr(at, end - at)).empty()) return true;
    at = end + 1;
  }
  return false;
}

const AlbumWorks::Named& AlbumWorks::named(const std::string& album_title) {
  const auto [at, fresh] = albums_.try_emplace(album_title);
  Named& album = at->second;
  if (!fresh || album_title.empty()) return album;
  const NamedInTitle& maker = people_.composers(album_title, false);
  const bool one = maker.credits.size() == 1 && !isNobodysName(maker.credits[0].name) &&
                   (maker.mark == ":" || maker.mark == " - ") && !namesOthers(maker.rest);
  if (one) {
    album.composer = creditOf(maker.credits[0].name);
    const auto found = known_.find(maker.credits[0].name, readTitle(maker.rest));
    if (found && !found->work->set) album.works.push_back(found->work);
    return album;
  }
  if (!maker.credits.empty()) return album;
  const std::string_view text = album_title;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of("/;", begin), text.size());
    const Title part = readTitle(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
    const KnownWork* work = known_.unmistakable(part, false);
    if (work != nullptr && !work->set) album.works.push_back(work);
  }
  return album;
}

AlbumWork AlbumWorks::find(const std::string& album_title, const Title& title) {
  const Named& album = named(album_title);
  const std::string& said = title.movement.empty() ? title.work.text : title.movement;
  AlbumWork found;
  int fitting = 0;
  for (const KnownWork* work : album.works) {
    const auto whole = known_.find(work->composer, title);
    const int movement = movementNamed(*work, said);
    if (movement == 0 && !(whole && whole->work == work)) continue;
    found = {creditOf(work->composer), work, movement, true};
    ++fitting;
  }
  if (fitting == 1) return found;
  found = {};
  if (fitting > 1) return found;
  found.composer = album.composer;
  const WorkName& name = title.work;
  const bool other = !name.numbers.empty() || name.key || name.shape == Shape::cyclic;
  if (album.composer && album.works.size() == 1 && (title.movement_only || !other))
    found.work = album.works[0];
  return found;
}

}  // namespace attacca::archive
