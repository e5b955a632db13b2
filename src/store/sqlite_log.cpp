#include "sqlite_log.h"

#include <string>
#include <unordered_set>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "sqlite_rows.h"

namespace attacca::store {
namespace {

using archive::Interaction;

constexpr std::size_t kMaxNameBytes = 256;

// Throws Fault::notFound for the first id that its table lacks; looks each up once.
class Known {
 public:
  explicit Known(Database& database) : database_(database) {}

  void require(UserId user) {
    if (!users_.insert(user).second) return;
    if (database_.integer("SELECT count(*) FROM users WHERE id = ?", user) == 0) {
      throw Error(Fault::notFound, fmt::format("there is no user {}", user.value));
    }
  }
  void require(TrackId track) {
    if (!tracks_.insert(track).second) return;
    if (database_.integer("SELECT count(*) FROM tracks WHERE id = ?", track) == 0) {
      throw Error(Fault::notFound, fmt::format("there is no track {}", track.value),
                  "`attacca tracks` lists those there are");
    }
  }

 private:
  Database& database_;
  std::unordered_set<UserId> users_;
  std::unordered_set<TrackId> tracks_;
};

}  // namespace

UserId SqliteLog::user(std::string_view name) {
  const std::string clean = cleanText(name, kMaxNameBytes);
  if (clean.empty()) throw Error(Fault::usage, "a user needs a name");
  if (const auto known = findUser(clean)) return *known;
  return connections_.write([&](Database& database) {
    database.run("INSERT INTO users (name) VALUES (?) ON CONFLICT (name) DO NOTHING", clean);
    return UserId{database.integer("SELECT id FROM users WHERE name = ?", clean)};
  });
}

std::optional<UserId> SqliteLog::findUser(std::string_view name) const {
  const std::string clean = cleanText(name, kMaxNameBytes);
  return connections_.read([&](Database& database) -> std::optional<UserId> {
    const UserId user{database.integer("SELECT id FROM users WHERE name = ?", clean)};
    if (!user) return std::nullopt;
    return user;
  });
}

std::int64_t SqliteLog::record(std::span<const Interaction> interactions) {
  for (const Interaction& interaction : interactions) {
    if (!(interaction.fraction >= 0 && interaction.fraction <= 1)) {
      throw Error(Fault::usage,
                  fmt::format("{} is not how much of a track can be heard", interaction.fraction),
                  "give a fraction from 0 to 1");
    }
  }
  if (interactions.empty()) return 0;
  return connections_.write([&](Database& database) {
    Known known(database);
    std::int64_t fresh = 0;
    for (const Interaction& interaction : interactions) {
      known.require(interaction.user);
      known.require(interaction.track);
      database.run(
          "INSERT INTO interactions (user_id, heard_at, track_id, fraction) VALUES (?, ?, ?, ?) "
          "ON CONFLICT DO NOTHING",
          interaction.user, millisecondsOf(interaction.at), interaction.track,
          interaction.fraction);
      fresh += database.changes();
    }
    return fresh;
  });
}

std::vector<Interaction> SqliteLog::history(UserId user, std::int64_t most) const {
  return connections_.read([&](Database& database) {
    std::vector<Interaction> history;
    Query rows = database.query(
        "SELECT track_id, heard_at, fraction FROM (SELECT track_id, heard_at, fraction "
        "FROM interactions WHERE user_id = ? ORDER BY heard_at DESC, track_id DESC LIMIT ?) AS "
        "newest "
        "ORDER BY heard_at, track_id",
        user, most);
    while (rows.step()) {
      history.push_back({user, {rows.integer(0)}, timeOf(rows.integer(1)), rows.real(2)});
    }
    return history;
  });
}

void SqliteLog::each(const std::function<void(const Interaction&)>& take) const {
  connections_.read([&](Database& database) {
    Query rows = database.query(
        "SELECT user_id, track_id, heard_at, fraction FROM interactions "
        "ORDER BY user_id, heard_at, track_id");
    while (rows.step()) {
      take({{rows.integer(0)}, {rows.integer(1)}, timeOf(rows.integer(2)), rows.real(3)});
    }
  });
}

}  // namespace attacca::store
