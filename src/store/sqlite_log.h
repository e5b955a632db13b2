// The listening log port over SQLite.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "attacca/archive/catalogue.h"

#include "sqlite_connections.h"

namespace attacca::store {

class SqliteLog final : public archive::ListeningLog {
 public:
  explicit SqliteLog(SqliteConnections& connections) : connections_(connections) {}

  UserId user(std::string_view name) override;
  std::optional<UserId> findUser(std::string_view name) const override;
  std::int64_t record(std::span<const archive::Interaction> interactions) override;
  std::vector<archive::Interaction> history(UserId user, std::int64_t most) const override;
  void each(const std::function<void(const archive::Interaction&)>& take) const override;

 private:
  SqliteConnections& connections_;
};

}  // namespace attacca::store
