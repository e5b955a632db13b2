// Whom the titles of an album's tracks name, where the fields of names do not tell.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attacca/archive/works.h"

#include "title_people.h"
#include "work_rows.h"

namespace attacca::archive {

// What the fields of names say; many rows share it.
struct NameFields {
  std::vector<Credit> credits;
  Surnames surnames;
  int names = 0;          // in the composers' field, without those that a mark makes arrangers
  bool composer = false;  // somebody is named
  bool known = false;     // whom the authority knows, or who is no person
};

class AlbumTitles {
 public:
  // `fields`: of each track. All of these must outlive it.
  AlbumTitles(std::span<const WrittenTrack> written, std::span<const NameFields* const> fields,
              const NameAuthority& authority, TitlePeople& title_people);

  // Whom the title of track `i` names; nullptr where the fields hold. No credits: nobody, though a
  // performer stands in the field.
  const NamedInTitle* named(std::size_t i) const { return named_[i]; }
  // Whether the composers' field holds the composers of all the album's tracks.
  bool isListOfAlbum(std::size_t i) const;
  // Those of `named` that hold people whom the authority may not know.
  std::deque<NamedInTitle>& made() { return made_; }

 private:
  // What the titles of an album's tracks with the same fields begin with.
  struct InAlbum {
    int of_fields = 0;  // tracks with these fields
    std::set<std::string> composers;
  };
  // How many titles of an album set a known composer's name apart by a mark.
  using Marks = std::map<std::pair<std::int64_t, std::string_view>, int>;

  InAlbum& inAlbum(std::size_t i) { return albums_[{written_[i].album, fields_[i]}]; }
  const NamedInTitle* inTitle(const WrittenTrack& track, bool clearly);
  bool plays(const WrittenTrack& track) const;
  const NamedInTitle* otherThan(std::size_t i);
  const NamedInTitle* oneOfList(std::size_t i, const NamedInTitle* named);
  const NamedInTitle* asOthers(std::size_t i, const Marks& marks);

  std::span<const WrittenTrack> written_;
  std::span<const NameFields* const> fields_;
  const NameAuthority& authority_;
  TitlePeople& title_people_;
  std::map<std::pair<std::int64_t, const NameFields*>, InAlbum> albums_;
  std::map<std::int64_t, int> tracks_;      // of each album, whose fields name no composer for sure
  std::vector<const NamedInTitle*> named_;  // of each track
  std::deque<NamedInTitle> made_;
  const NamedInTitle nobody_;
};

}  // namespace attacca::archive
