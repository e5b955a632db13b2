#include "attacca/base/settings.h"

#include <array>
#include <charconv>
#include <type_traits>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/toml_fields.h"

namespace attacca {
namespace {

// The archive comes first: it alone cannot be set in the file, which lies inside it.
const std::array kTable{
    SettingRow{&Settings::archive, "archive", "ATTACCA_ARCHIVE", "folder that holds the archive"},
    SettingRow{
        &Settings::representation, "representation", "ATTACCA_REPRESENTATION",
        "what recordings are heard with, with commas between several; the first, or those that + "
        "joins, makes the lists"},
    SettingRow{&Settings::recipe, "recipe", "ATTACCA_RECIPE", "way in which tracks are compared"},
    SettingRow{
        &Settings::openvino, "openvino", "ATTACCA_OPENVINO",
        "folder of OpenVINO's libraries, which ONNX models need; without it, `openvino` beside "
        "the program, then in its build folder"},
    SettingRow{&Settings::jobs, "jobs", "ATTACCA_JOBS",
               "recordings heard at once; 0 takes one for each processor core", 0, 256},
    SettingRow{&Settings::limit, "limit", "ATTACCA_LIMIT", "length of a list", 1, 1000},
    SettingRow{&Settings::per_album, "per-album", "ATTACCA_PER_ALBUM",
               "tracks of one album that a list may hold", 1, 1000},
    SettingRow{&Settings::per_work, "per-work", "ATTACCA_PER_WORK",
               "tracks of one work that a list may hold", 1, 1000},
    SettingRow{&Settings::hear_memory_mb, "hear-memory-mb", "ATTACCA_HEAR_MEMORY_MB",
               "address space, in MB, that the process which opens a recording may take beside its "
               "program and libraries",
               64, 1 << 20},
    SettingRow{
        &Settings::hear_seconds, "hear-seconds", "ATTACCA_HEAR_SECONDS",
        "processor seconds that hearing one recording may take, plus one for each minute heard", 1,
        1 << 20},
    SettingRow{&Settings::hear_load_seconds, "hear-load-seconds", "ATTACCA_HEAR_LOAD_SECONDS",
               "processor seconds that loading a model may take", 1, 1 << 20},
    SettingRow{&Settings::hear_stall_seconds, "hear-stall-seconds", "ATTACCA_HEAR_STALL_SECONDS",
               "seconds without progress after which a recording is given up", 1, 1 << 20},
};

void readConfig(const std::filesystem::path& file, Settings& settings) {
  try {
    const TomlFields fields = TomlFields::parse(readFile(file), file.native());
    for (const auto& row : kTable) {
      if (!fields.has(row.key)) continue;
      if (&row == &kTable.front()) {
        fields.fail(row.key, "cannot be set here: the file lies in the archive that it would name");
      }
      std::visit(
          [&](auto member) {
            auto& field = settings.*member;
            if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, int>) {
              field = fields.whole(row.key, row.least, row.most);
            } else {
              field = fields.text(row.key);
            }
          },
          row.field);
    }
    fields.refuseUnread();
  } catch (const Error& fault) {
    if (fault.fault() != Fault::refused) throw;
    throw Error(Fault::usage, fault.problem(), "`attacca settings` lists what can be set, and how");
  }
}

}  // namespace

std::string SettingRow::flag() const { return "--" + std::string(key); }

std::span<const SettingRow> settingsTable() { return kTable; }

void setSetting(Settings& settings, const SettingRow& row, std::string_view value,
                std::string_view origin) {
  std::visit(
      [&](auto member) {
        auto& field = settings.*member;
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, int>) {
          int number = 0;
          const auto [end, fault] =
              std::from_chars(value.data(), value.data() + value.size(), number);
          if (fault != std::errc{} || end != value.data() + value.size() || number < row.least ||
              number > row.most) {
            throw Error(Fault::usage, fmt::format("{}: \"{}\" is not a whole number from {} to {}",
                                                  origin, value, row.least, row.most));
          }
          field = number;
        } else {
          if (value.empty()) throw Error(Fault::usage, fmt::format("{} is empty", origin));
          field = std::string(value);
        }
      },
      row.field);
}

std::string settingValue(const Settings& settings, const SettingRow& row) {
  return std::visit(
      [&](auto member) -> std::string {
        const auto& field = settings.*member;
        using Type = std::remove_cvref_t<decltype(field)>;
        if constexpr (std::is_same_v<Type, int>) {
          return std::to_string(field);
        } else if constexpr (std::is_same_v<Type, std::filesystem::path>) {
          return field.string();
        } else {
          return field;
        }
      },
      row.field);
}

Settings readSettings(
    const std::filesystem::path& config_file,
    const std::function<std::optional<std::string>(const std::string&)>& environment) {
  Settings settings;
  if (std::filesystem::exists(config_file)) readConfig(config_file, settings);
  for (const auto& row : kTable) {
    const std::string name(row.environment);
    if (const auto value = environment(name)) setSetting(settings, row, *value, name);
  }
  return settings;
}

std::string settingsDocumentation() {
  std::string text =
      "# Settings\n\n"
      "Made by `attacca settings --markdown`; a test keeps it true. A flag beats an environment\n"
      "variable, which beats `attacca.toml` in the archive's folder, which beats the default.\n\n"
      "| key in attacca.toml | flag | environment variable | default | what it is |\n"
      "|---|---|---|---|---|\n";
  const Settings defaults;
  for (const auto& row : kTable) {
    text += fmt::format("| `{}` | `{}` | `{}` | `{}` | {} |\n", row.key, row.flag(),
                        row.environment, settingValue(defaults, row), row.help);
  }
  return text;
}

}  // namespace attacca
