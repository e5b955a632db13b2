#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/duplicates.h"

#include "commands.h"
#include "json_text.h"
#include "lists.h"

namespace attacca::cli {
namespace {

std::string_view word(archive::Sureness sureness) {
  return sureness == archive::Sureness::certain ? "certain" : "likely";
}

std::string evidence(const archive::Overlap& overlap, archive::Sureness sureness) {
  return fmt::format("{} compared, {:.1f} % of the bits differ: {}",
                     formatDuration(overlap.compared), 100 * overlap.bit_errors, word(sureness));
}

std::string sameInWords(const app::Sameness& same) {
  if (same.exact) return "exactly the same sound";
  std::string text = "the same recording in another encoding";
  const double offset = same.overlap.offset.count();
  if (std::abs(offset) >= 0.5) {
    text += fmt::format(", which begins {:.1f} s {}", std::abs(offset),
                        offset > 0 ? "later in it" : "earlier");
  }
  return text + " (" + evidence(same.overlap, same.sureness) + ")";
}

std::string describe(const app::Duplicate& one) {
  std::string text = one.recording.format;
  if (one.lossless) {
    text += fmt::format(" {:g} kHz", one.recording.rate_hz / 1000.0);
  } else if (one.bits_per_second > 0) {
    text += fmt::format(" {} kbit/s", (one.bits_per_second + 500) / 1000);
  }
  return fmt::format("{}, {}", text, formatDuration(one.track.duration));
}

std::string title(const archive::Track& track) {
  const std::string by = creator(track);
  return by.empty() ? track.title : fmt::format("{}, {}", track.title, by);
}

std::string text(const app::DuplicateGroup& group) {
  std::string out = title(group.tracks.front().track) + "\n";
  for (std::size_t i = 0; i < group.tracks.size(); ++i) {
    const auto& one = group.tracks[i];
    const bool keep = i == 0 && group.tracks.size() > 1;
    out += fmt::format("  {:4} {:>5}  {}\n", keep ? "keep" : "", one.track.id.value, describe(one));
    if (keep && !group.why.empty()) out += fmt::format("{:14}{}\n", "", group.why);
    if (i > 0) out += fmt::format("{:14}{}\n", "", sameInWords(one.same));
    for (const auto& place : one.places) {
      out += fmt::format("{:14}{}{}\n", "", place.path, place.offline ? " (offline)" : "");
    }
    if (one.places.size() > 1) {
      out += fmt::format("{:14}the same sound in {} files\n", "", one.places.size());
    }
  }
  return out;
}

std::string text(const app::Part& part) {
  return fmt::format(
      "\"{}\" ({}, {}) sounds like a part of \"{}\" ({}, {}), from about {} on ({})\n",
      title(part.shorter), part.shorter.id.value, formatDuration(part.shorter.duration),
      title(part.longer), part.longer.id.value, formatDuration(part.longer.duration),
      formatDuration(std::max(Seconds(0), part.overlap.offset)),
      evidence(part.overlap, part.sureness));
}

std::string missing(std::size_t count) {
  return fmt::format(
      "{} no acoustic fingerprint yet, so {} could not be compared: run `attacca add` with {} "
      "{}\n",
      count == 1 ? "1 recording has" : fmt::format("{} recordings have", count),
      count == 1 ? "it" : "they", count == 1 ? "its" : "their", count == 1 ? "folder" : "folders");
}

std::string text(const app::Duplicates& found) {
  std::string out;
  for (const auto& group : found.groups) out += text(group) + "\n";
  for (const auto& part : found.parts) out += text(part);
  if (!found.parts.empty()) out += "\n";
  out +=
      found.groups.empty()
          ? std::string("No recording is there more than once.\n")
          : fmt::format(
                "{} there more than once. Nothing was removed: `attacca remove ID` "
                "takes a track out of lists.\n",
                found.groups.size() == 1 ? "1 recording is"
                                         : fmt::format("{} recordings are", found.groups.size()));
  if (!found.not_heard.empty()) out += missing(found.not_heard.size());
  return out;
}

void putOverlap(Json& json, const archive::Overlap& overlap, archive::Sureness sureness) {
  json["offset_s"] = overlap.offset.count();
  json["compared_s"] = overlap.compared.count();
  json["bit_errors"] = overlap.bit_errors;
  json["certainty"] = word(sureness);
}

Json json(const app::Duplicate& one) {
  Json json = trackJson(one.track);
  json["format"] = one.recording.format;
  json["rate_hz"] = one.recording.rate_hz;
  json["lossless"] = one.lossless;
  json["bits_per_second"] = one.bits_per_second;
  json["places"] = Json::array();
  for (const auto& place : one.places) {
    Json entry;
    putPath(entry, "path", place.path);
    entry["offline"] = place.offline;
    json["places"].push_back(std::move(entry));
  }
  json["same"] = one.same.exact ? "exact" : "encoding";
  if (!one.same.exact) putOverlap(json, one.same.overlap, one.same.sureness);
  return json;
}

Json json(const app::Duplicates& found) {
  Json all{
      {"groups", Json::array()}, {"parts", Json::array()}, {"without_fingerprint", Json::array()}};
  for (const auto& group : found.groups) {
    Json entry{{"keep", group.tracks.front().track.id.value},
               {"why", group.why},
               {"tracks", Json::array()}};
    for (const auto& one : group.tracks) entry["tracks"].push_back(json(one));
    all["groups"].push_back(std::move(entry));
  }
  for (const auto& part : found.parts) {
    Json entry{{"longer", part.longer.id.value}, {"shorter", part.shorter.id.value}};
    putOverlap(entry, part.overlap, part.sureness);
    all["parts"].push_back(std::move(entry));
  }
  for (const auto& track : found.not_heard) all["without_fingerprint"].push_back(track.id.value);
  return all;
}

}  // namespace

Exit duplicates(const Context& context) {
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto found =
      app::findDuplicates(archive.catalogue(), archive.blobs, progress, context.stop);
  for (const auto& problem : found.problems) progress.note(problem);
  print(context.json ? toText(json(found)) : text(found));
  return Exit::done;
}

}  // namespace attacca::cli
