// What an album's title says about tracks whose fields and titles name nobody: "Mozart: Die
// Zauberflöte (Querschnitt)", "Le Carnaval des animaux / Pierre et le loup".
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "attacca/archive/people.h"

#include "known_works.h"
#include "title.h"
#include "title_people.h"

namespace attacca::archive {

struct AlbumWork {
  std::optional<Credit> composer;
  const KnownWork* work = nullptr;  // that a track may be part of
  int movement = 0;                 // of the work; 0 if it does not tell
  bool named = false;               // the track's title names the work, or a movement of it
};

// Remembers what it was asked. Not for two threads at once.
class AlbumWorks {
 public:
  AlbumWorks(const NameAuthority& authority, const KnownWorks& known, TitlePeople& people)
      : authority_(authority), known_(known), people_(people) {}

  AlbumWork find(const std::string& album_title, const Title& title);

 private:
  struct Named {
    std::optional<Credit> composer;
    std::vector<const KnownWork*> works;
  };
  const Named& named(const std::string& album_title);
  bool namesOthers(std::string_view rest) const;
  Credit creditOf(const std::string& composer) const;

  const NameAuthority& authority_;
  const KnownWorks& known_;
  TitlePeople& people_;
  std::unordered_map<std::string, Named> albums_;
};

}  // namespace attacca::archive
