// All settings of Attacca, declared once. A setting has a field, a flag, an environment variable
// and a key in the configuration file; type, default, help and docs/settings.md come from the same
// row.
//
// Order of strength: flag, environment variable, <archive>/attacca.toml, default. Libraries take
// the values they need as arguments; only a program's main reads the environment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace attacca {

struct Settings {
  std::filesystem::path archive = "attacca-archive";
  std::string representation = "msd-musicnn";
  std::string recipe = "similar";
  std::filesystem::path openvino;  // folder of its libraries; empty: beside the program
  int jobs = 0;                    // hear processes at once; 0: one for each core
  int limit = 10;                  // length of a list
  int per_album = 2;               // at most so many tracks of one album in a list
  int per_work = 1;                // and of one work
  int hear_memory_mb = 512;        // address space a hear process may take
  int hear_seconds =
      60;  // CPU seconds a hear process may take for one recording, plus one for each minute of it
  int hear_load_seconds = 600;  // CPU seconds for loading a model, before the first recording
  int hear_stall_seconds = 60;  // without a sign of life: the process is ended, the file refused
};

struct SettingRow {
  using Field =
      std::variant<std::filesystem::path Settings::*, std::string Settings::*, int Settings::*>;
  Field field;
  std::string_view key;          // in attacca.toml and, with "--" and "-", as a flag
  std::string_view environment;  // "ATTACCA_ARCHIVE"
  std::string_view help;
  int least = 0;  // for numbers
  int most = 0;

  std::string flag() const;  // "--hear-memory-mb"
};

std::span<const SettingRow> settingsTable();

// Throws Fault::usage naming `origin` ("--limit", "ATTACCA_LIMIT").
void setSetting(Settings& settings, const SettingRow& row, std::string_view value,
                std::string_view origin);
std::string settingValue(const Settings& settings, const SettingRow& row);

// Defaults, then the file (absent is fine; unknown keys are Fault::usage), then the environment.
// `environment` looks a name up. Flags come on top, by setSetting.
Settings readSettings(
    const std::filesystem::path& config_file,
    const std::function<std::optional<std::string>(const std::string&)>& environment);

// docs/settings.md, made from the table.
std::string settingsDocumentation();

}  // namespace attacca
