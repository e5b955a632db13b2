#include "attacca/base/toml_fields.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "attacca/base/error.h"

namespace attacca {

struct TomlFields::Table {
  std::shared_ptr<const toml::table> file;
  const toml::table& fields;  // in `file`
  std::string section;        // "clips."
  std::string origin;
  std::set<std::string, std::less<>> read{};
  std::vector<TomlFields> inner{};

  toml::node_view<const toml::node> operator[](std::string_view key) {
    read.emplace(key);
    return fields[key];
  }
};

TomlFields::TomlFields(std::shared_ptr<Table> table) : table_(std::move(table)) {}

TomlFields TomlFields::parse(std::string_view text, std::string_view origin) {
  try {
    auto file = std::make_shared<const toml::table>(toml::parse(text, origin));
    const toml::table& outermost = *file;
    return TomlFields(
        std::make_shared<Table>(Table{std::move(file), outermost, "", std::string(origin)}));
  } catch (const toml::parse_error& fault) {
    throw Error(Fault::refused, fmt::format("{}, line {}: {}", origin, fault.source().begin.line,
                                            fault.description()));
  }
}

bool TomlFields::has(std::string_view key) const { return static_cast<bool>((*table_)[key]); }

std::string TomlFields::text(std::string_view key) const {
  auto value = (*table_)[key].value_exact<std::string>();
  if (!value || value->empty()) fail(key, "must be a text");
  return *std::move(value);
}

std::string TomlFields::textOr(std::string_view key, std::string_view otherwise) const {
  return has(key) ? text(key) : std::string(otherwise);
}

std::string TomlFields::name(std::string_view key) const {
  std::string value = text(key);
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!plain || value.size() > 64) fail(key, "may hold lower-case letters, digits and - only");
  return value;
}

double TomlFields::number(std::string_view key, double least, double most) const {
  const auto value = (*table_)[key].value<double>();
  if (!value || !(*value >= least && *value <= most)) {
    fail(key, fmt::format("must be a number from {} to {}", least, most));
  }
  return *value;
}

double TomlFields::numberOr(std::string_view key, double otherwise, double least,
                            double most) const {
  return has(key) ? number(key, least, most) : otherwise;
}

int TomlFields::whole(std::string_view key, int least, int most) const {
  const auto value = (*table_)[key].value_exact<std::int64_t>();
  if (!value || *value < least || *value > most) {
    fail(key, fmt::format("must be a whole number from {} to {}", least, most));
  }
  return static_cast<int>(*value);
}

int TomlFields::wholeOr(std::string_view key, int otherwise, int least, int most) const {
  return has(key) ? whole(key, least, most) : otherwise;
}

bool TomlFields::flag(std::string_view key) const {
  const auto value = (*table_)[key].value_exact<bool>();
  if (!value) fail(key, "must be true or false");
  return *value;
}

bool TomlFields::flagOr(std::string_view key, bool otherwise) const {
  return has(key) ? flag(key) : otherwise;
}

std::vector<std::string> TomlFields::texts(std::string_view key) const {
  std::vector<std::string> values;
  if (const auto* list = (*table_)[key].as_array()) {
    for (const auto& entry : *list) {
      auto value = entry.value_exact<std::string>();
      if (!value || value->empty()) fail(key, "must be a list of texts");
      values.push_back(*std::move(value));
    }
  }
  if (values.empty()) fail(key, "must be a list of texts");
  return values;
}

std::vector<double> TomlFields::numbers(std::string_view key, double least, double most) const {
  std::vector<double> values;
  const auto* list = (*table_)[key].as_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto value = (*list)[i].value<double>();
    if (!value || !(*value >= least && *value <= most)) break;
    values.push_back(*value);
  }
  if (values.empty() || values.size() != list->size()) {
    fail(key, fmt::format("must be a list of numbers from {} to {}", least, most));
  }
  return values;
}

TomlFields TomlFields::section(std::string_view key) const {
  const auto* inner = (*table_)[key].as_table();
  if (inner == nullptr) fail(key, fmt::format("is missing: there must be [{}]", key));
  return table_->inner.emplace_back(TomlFields(std::make_shared<Table>(
      Table{table_->file, *inner, fmt::format("{}{}.", table_->section, key), table_->origin})));
}

std::vector<TomlFields> TomlFields::sections(std::string_view key) const {
  std::vector<TomlFields> all;
  if (const auto* list = (*table_)[key].as_array()) {
    for (const auto& entry : *list) {
      const auto* inner = entry.as_table();
      if (inner == nullptr) fail(key, fmt::format("must be written as [[{}]]", key));
      all.push_back(TomlFields(std::make_shared<Table>(
          Table{table_->file, *inner,
                fmt::format("{}{} {}: ", table_->section, key, all.size() + 1), table_->origin})));
    }
  }
  if (all.empty()) fail(key, fmt::format("is missing: there must be [[{}]]s", key));
  table_->inner.insert(table_->inner.end(), all.begin(), all.end());
  return all;
}

void TomlFields::refuseUnread() const {
  for (const auto& [key, value] : table_->fields) {
    if (!table_->read.contains(key.str())) fail(key.str(), "is not known here");
  }
  for (const TomlFields& inner : table_->inner) inner.refuseUnread();
}

void TomlFields::fail(std::string_view key, std::string_view why) const {
  std::string place = table_->origin;
  if (const auto found = table_->fields.find(key); found != table_->fields.end()) {
    place += fmt::format(", line {}", found->first.source().begin.line);
  }
  throw Error(Fault::refused, fmt::format("{}: {}{} {}", place, table_->section, key, why));
}

std::string tomlText(std::string_view text) {
  std::string out(1, '"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

}  // namespace attacca
