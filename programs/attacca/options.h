// The options and arguments that more than one command has: each is defined here once.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace attacca::cli {

struct OptionText {
  const char* name;  // "--output", or an argument: "TRACK"
  const char* help;
};

namespace option {

constexpr OptionText kTrack{"TRACK", "an id, a path, or an unambiguous part of a title"};
constexpr OptionText kUser{"USER", "a listener's name"};
constexpr OptionText kAt{"--at", "seconds since 1970 or ISO 8601 (default: now)"};
constexpr OptionText kCompareBy{
    "--representation",
    "compare by this one instead of the usual; several are joined by +, each with :WEIGHT if "
    "wanted;\n"
    "random and shuffled:NAME are controls that hear nothing"};
constexpr OptionText kNameOrUsual{"NAME", "which (default: the one that `add` uses)"};
constexpr OptionText kNameAndVersion{"NAME", "its name, with @version where several are there"};
constexpr OptionText kClips{"--clips", "every clip, one row each, instead of the mean"};
constexpr OptionText kNewFolder{"--output", "a new folder"};
constexpr OptionText kNewMatrix{"--output", "the .npy file to write"};

}  // namespace option

template <class Value>
CLI::Option* addOption(CLI::App& app, const OptionText& text, Value& value) {
  return app.add_option(text.name, value, text.help);
}

inline CLI::Option* addFlag(CLI::App& app, const OptionText& text, bool& value) {
  return app.add_flag(text.name, value, text.help);
}

}  // namespace attacca::cli
