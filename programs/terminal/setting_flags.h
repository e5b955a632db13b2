// Settings as flags of a command line.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "attacca/base/settings.h"

#include "program.h"

namespace attacca::cli {

// Keeps what was typed; outlives the command line.
class SettingFlags {
 public:
  // Gives a command the flags of settings, by their keys.
  void declare(CLI::App& app, std::initializer_list<std::string_view> keys);
  bool given(std::string_view key) const { return flags_.contains(key); }
  // Flags over environment over the archive's attacca.toml. Throws Fault::usage.
  Settings read(const Environment& environment) const;

 private:
  void apply(Settings& settings, std::initializer_list<std::string_view> only) const;

  std::map<std::string, std::string, std::less<>> flags_;
};

// The first word of the command line that is no option, where no command was recognised; else what
// CLI11 says.
std::string explained(const CLI::App& app, const CLI::ParseError& fault, int argc, char** argv);
// "`attacca train --help` shows how"
std::string hintFor(const CLI::App& app);

}  // namespace attacca::cli
