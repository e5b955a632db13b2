// The terminal: results on standard output, messages and progress on standard error.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "attacca/base/error.h"
#include "attacca/base/progress.h"

namespace attacca::cli {

// Columns of the terminal at that descriptor; 0 when it is none.
std::size_t terminalWidth(int descriptor);

// Writes a result to standard output. Throws Fault::io; a reader that went away (`| head`) is
// Fault::cancelled.
void print(std::string_view text);
// Writes a line to standard error.
void say(std::string_view line);
// "attacca: problem" and, indented, the remedy.
void sayError(const Error& error);

// A bar on a terminal; elsewhere a line every few seconds. Quiet: nothing at all.
class ConsoleProgress final : public Progress {
 public:
  explicit ConsoleProgress(bool quiet);
  ~ConsoleProgress() override;
  void begin(std::string_view stage, double total, std::string_view unit) override;
  void advanceTo(double done) override;
  void detail(std::string_view text) override { detail_ = text; }
  void note(std::string_view line) override;
  void end() override;

 private:
  using Clock = std::chrono::steady_clock;

  std::string line(std::size_t width) const;
  void wipe();

  const bool quiet_;
  const std::size_t width_;  // of the terminal; 0: none
  bool running_ = false;
  bool drawn_ = false;
  std::string stage_;
  std::string unit_;
  std::string detail_;
  double total_ = 0;
  double done_ = 0;
  Clock::time_point start_;
  Clock::time_point shown_;
};

}  // namespace attacca::cli
