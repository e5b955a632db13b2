#include "attacca/app/share_corrections.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"

#include "table_rows.h"

namespace attacca::app {

using archive::Correction;

std::string writeCorrections(std::span<const Correction> corrections) {
  std::string text = "[";
  for (const Correction& one : corrections) {
    nlohmann::ordered_json object;
    object["subject"] = archive::name(one.subject);
    object["key"] = one.key;
    object["field"] = one.field;
    object["value"] = one.value;
    object["at"] = formatTime(one.at);
    if (text.size() > 1) text += ',';
    text += '\n';
    text += object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  text += "\n]\n";
  return text;
}

std::vector<Correction> readCorrections(std::string text, std::string_view name) {
  std::vector<Correction> list;
  for (const TableRow& row : readTable(std::move(text), name).rows) {
    const auto refuse = [&](std::string_view why) {
      throw Error(Fault::refused, fmt::format("{}, line {}: {}", name, row.line, why),
                  "nothing was imported; give a file that `attacca export corrections` wrote");
    };
    if (!row.fault.empty()) refuse(row.fault);
    Correction one;
    bool has_subject = false;
    try {
      for (const auto& [column, value] : row.cells) {
        if (column == "subject") {
          const auto subject = archive::subjectCalled(value);
          if (!subject) refuse(fmt::format("there is no subject \"{}\"", value));
          one.subject = *subject;
          has_subject = true;
        }
        if (column == "key") one.key = value;
        if (column == "field") one.field = value;
        if (column == "value") one.value = value;
        if (column == "at" && !value.empty()) one.at = parseTime(value);
      }
      if (!has_subject) refuse("it names no subject");
      list.push_back(archive::checked(std::move(one)));
    } catch (const Error& fault) {
      if (fault.fault() != Fault::usage) throw;
      refuse(fault.problem());
    }
  }
  return list;
}

}  // namespace attacca::app
