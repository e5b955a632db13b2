#include "setting_flags.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "attacca/app/archive_folder.h"

namespace attacca::cli {

void SettingFlags::declare(CLI::App& app, std::initializer_list<std::string_view> keys) {
  for (const auto& row : settingsTable()) {
    if (std::find(keys.begin(), keys.end(), row.key) == keys.end()) continue;
    const std::string key(row.key);
    app.add_option_function<std::string>(
           row.flag(), [this, key](const std::string& value) { flags_[key] = value; },
           std::string(row.help))
        ->type_name(std::holds_alternative<int Settings::*>(row.field) ? "N" : "TEXT");
  }
}

Settings SettingFlags::read(const Environment& environment) const {
  // Where the archive is comes first: its folder may hold a configuration file.
  Settings where = readSettings({}, [&](const std::string& name) {
    return name == "ATTACCA_ARCHIVE" ? environment(name) : std::nullopt;
  });
  apply(where, {"archive"});
  Settings all = readSettings(app::ArchiveFolder(where.archive).configuration(), environment);
  apply(all, {});
  return all;
}

void SettingFlags::apply(Settings& settings, std::initializer_list<std::string_view> only) const {
  for (const auto& row : settingsTable()) {
    const auto flag = flags_.find(row.key);
    const bool wanted =
        only.size() == 0 || std::find(only.begin(), only.end(), row.key) != only.end();
    if (flag != flags_.end() && wanted) setSetting(settings, row, flag->second, row.flag());
  }
}

std::string explained(const CLI::App& app, const CLI::ParseError& fault, int argc, char** argv) {
  if (app.get_subcommands().empty()) {
    for (int i = 1; i < argc; ++i) {
      const std::string_view word(argv[i]);
      if (word == "--archive") ++i;
      if (!word.starts_with('-') && word != argv[0]) {
        return fmt::format("there is no command \"{}\"", word);
      }
    }
  }
  std::string text = fault.what();
  while (!text.empty() && (text.back() == '.' || text.back() == '\n')) text.pop_back();
  return text;
}

std::string hintFor(const CLI::App& app) {
  const auto subs = app.get_subcommands();
  std::string name = "attacca";
  if (!subs.empty()) {
    name += " " + subs.front()->get_name();
    const auto inner = subs.front()->get_subcommands();
    if (!inner.empty()) name += " " + inner.front()->get_name();
  }
  return fmt::format("`{} --help` shows how", name);
}

}  // namespace attacca::cli
