// How long work tells someone how far it is. Libraries report here and never print.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace attacca {

// One thread at a time; the callee decides how often it shows anything.
class Progress {
 public:
  virtual ~Progress() = default;
  // Starts a stage of `total` units (0: not known), e.g. begin("hearing", 5400, "s of music").
  virtual void begin(std::string_view stage, double total, std::string_view unit) = 0;
  virtual void advanceTo(double done) = 0;
  // What stands beside the figures: "17 of 41 files, 412x real time".
  virtual void detail(std::string_view) {}
  virtual void note(std::string_view line) = 0;  // something a person should see now
  virtual void end() = 0;
};

class NoProgress final : public Progress {
 public:
  void begin(std::string_view, double, std::string_view) override {}
  void advanceTo(double) override {}
  void note(std::string_view) override {}
  void end() override {}
};

}  // namespace attacca
