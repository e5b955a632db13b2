// The fields of a TOML file that people write: each is read with the kind and the range that it
// must have, and what nobody read is refused.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attacca {

// One table of the file. Copies are of the same table. All throw Fault::refused, with the file, the
// line where there is one, and the field: "mine.toml, line 7: clips.hop must be a whole number from
// 1 to 67108864".
class TomlFields {
 public:
  // The file's outermost table. `origin` is its name for messages. Throws for what is no TOML.
  static TomlFields parse(std::string_view text, std::string_view origin);

  bool has(std::string_view key) const;
  std::string text(std::string_view key) const;  // not empty
  std::string textOr(std::string_view key, std::string_view otherwise) const;
  // Lower-case letters, digits and "-", at most 64.
  std::string name(std::string_view key) const;
  double number(std::string_view key, double least, double most) const;
  double numberOr(std::string_view key, double otherwise, double least, double most) const;
  int whole(std::string_view key, int least, int most) const;
  int wholeOr(std::string_view key, int otherwise, int least, int most) const;
  bool flag(std::string_view key) const;
  bool flagOr(std::string_view key, bool otherwise) const;
  std::vector<std::string> texts(std::string_view key) const;  // at least one
  std::vector<double> numbers(std::string_view key, double least, double most) const;

  TomlFields section(std::string_view key) const;                // [key]
  std::vector<TomlFields> sections(std::string_view key) const;  // [[key]], at least one

  // Call it last: refuses the first field, here or in a table of this one, that none of the above
  // was asked for.
  void refuseUnread() const;

  [[noreturn]] void fail(std::string_view key, std::string_view why) const;

 private:
  struct Table;
  explicit TomlFields(std::shared_ptr<Table> table);

  std::shared_ptr<Table> table_;
};

// TOML's basic string, with its quotation marks.
std::string tomlText(std::string_view text);

}  // namespace attacca
