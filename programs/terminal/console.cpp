#include "console.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "attacca/base/file.h"
#include "attacca/base/units.h"

#include "table.h"

namespace attacca::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kLineEvery{5};
constexpr std::size_t kBar = 24;

}  // namespace

std::size_t terminalWidth(int descriptor) {
  winsize size{};
  if (::isatty(descriptor) == 0) return 0;
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EPIPE) throw Error(Fault::cancelled, "nobody reads the output");
    if (count < 0) throwErrno("write to", "the standard output");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void say(std::string_view line) {
  std::string text(line);
  text += '\n';
  std::string_view rest(text);
  while (!rest.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (count < 0 && errno != EINTR) return;  // there is nowhere left to say it
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

void sayError(const Error& error) {
  std::string text = "attacca: " + error.problem();
  if (!error.remedy().empty()) text += "\n  " + error.remedy();
  say(text);
}

ConsoleProgress::ConsoleProgress(bool quiet)
    : quiet_(quiet), width_(terminalWidth(STDERR_FILENO)) {}

ConsoleProgress::~ConsoleProgress() { wipe(); }

void ConsoleProgress::begin(std::string_view stage, double total, std::string_view unit) {
  end();
  running_ = true;
  stage_ = stage;
  unit_ = unit;
  detail_.clear();
  total_ = total;
  done_ = 0;
  start_ = shown_ = Clock::now();
}

void ConsoleProgress::advanceTo(double done) {
  done_ = std::max(done_, done);  // guesses about unfinished work must not run backwards
  const auto now = Clock::now();
  if (quiet_ || !running_) return;
  if (width_ == 0) {
    if (now - shown_ < kLineEvery) return;
    say(line(0));
  } else {
    if (now - shown_ < kRedraw && drawn_) return;
    const std::string text = fmt::format("\r{}\x1b[K", fitted(line(width_), width_ - 1));
    drawn_ = ::write(STDERR_FILENO, text.data(), text.size()) > 0;
  }
  shown_ = now;
}

std::string ConsoleProgress::line(std::size_t width) const {
  std::string text = stage_;
  const Seconds spent = Clock::now() - start_;
  if (total_ > 0) {
    const double share = std::clamp(done_ / total_, 0.0, 1.0);
    if (width > 0) {
      const auto full = static_cast<std::size_t>(share * kBar);
      text += fmt::format(" [{}{}]", std::string(full, '='), std::string(kBar - full, ' '));
    }
    text += fmt::format(" {:3.0f}%", share * 100);
    if (!detail_.empty()) text += fmt::format("  {}", detail_);
    if (share > 0.01 && share < 1 && spent.count() > 1) {
      text += fmt::format(", {} left", formatDuration(spent * ((1 - share) / share)));
    }
  } else {
    if (done_ > 0) text += fmt::format(" {:.0f} {}", done_, unit_);
    if (!detail_.empty()) text += fmt::format("  {}", detail_);
  }
  return text;
}

void ConsoleProgress::note(std::string_view text) {
  if (quiet_) return;
  wipe();
  say(text);
}

void ConsoleProgress::end() {
  wipe();
  running_ = false;
}

void ConsoleProgress::wipe() {
  if (!drawn_) return;
  drawn_ = false;
  constexpr std::string_view kWipe = "\r\x1b[K";
  if (::write(STDERR_FILENO, kWipe.data(), kWipe.size()) < 0) return;
}

}  // namespace attacca::cli
