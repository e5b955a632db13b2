// The composition root of training: what is learned from, out of an archive or out of plain files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "attacca/archive/log_file.h"
#include "attacca/base/progress.h"
#include "attacca/study/training.h"

#include "commands.h"

namespace attacca::cli {

// What of a log could not be learned from.
struct LeftOut {
  std::size_t plays = 0;                      // of tracks that are not known
  std::map<std::string, std::size_t> tracks;  // these, with their plays
  std::size_t future = 0;                     // plays
  std::vector<archive::RefusedRow> refused;   // of a file
  std::vector<archive::RepeatedRow> repeated;
};

struct Material {
  study::Lesson lesson;
  std::string recipe;              // key of the snapshot; empty of plain files
  std::vector<std::string> names;  // of plain files: what the tracks 1, 2, ... are
  std::filesystem::path models;    // where the model goes
  LeftOut left_out;
};

// Throws Fault::notFound and Fault::usage, saying what to do.
Material materialOf(const LabContext& context, const TrainArgs& args, Progress& progress);

// Without an archive.
bool fromPlainFiles(const LabContext& context, const TrainArgs& args);
Material plainMaterial(const LabContext& context, const TrainArgs& args);

// By listener, then time, then track.
void sortPlays(std::vector<recommend::LoggedPlay>& plays);

}  // namespace attacca::cli
