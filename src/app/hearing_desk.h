// Identifies and hears files on several threads and hands the outcomes back in the order of the
// files.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "attacca/app/add.h"

namespace attacca::app {

// What became of one file.
struct Outcome {
  // monostate: stopped before it was done.
  std::variant<std::monostate, archive::Arrival, archive::RefusedFile, Unreadable> what;
  bool heard = false;  // decoded now, not taken from what was known
};

// How far the desk is, over all its files.
struct DeskPace {
  double bytes = 0;  // of files done, with a guess for those being heard
  Seconds music{};   // heard
};

class HearingDesk {
 public:
  // Starts at once. Everything referred to outlives the desk.
  HearingDesk(const AddPorts& ports, const AddOptions& options, std::span<const FoundFile> files,
              std::stop_token stop);
  ~HearingDesk();  // stops, and waits for the threads

  // The outcome of the next file in order; nullopt while it is not there yet, after a moment's
  // wait. Throws what makes going on senseless.
  std::optional<Outcome> next();
  DeskPace pace() const;

 private:
  // A recording that one thread hears while others may wait for it.
  using Claim = std::shared_future<Heard>;

  void work();
  Outcome process(std::size_t index);
  Heard hear(int fd, std::size_t index, const Identity& identity);
  Heard hearOnce(int fd, std::size_t index, const Identity& identity, bool& heard_here);
  std::optional<Heard> known(const Identity& identity) const;
  void notePace(std::size_t index, Seconds heard);
  void finish(std::size_t index, Outcome outcome);

  const AddPorts& ports_;
  const AddOptions& options_;
  const std::span<const FoundFile> files_;
  const std::stop_token outer_stop_;
  std::stop_source stop_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::size_t next_to_start_ = 0;
  std::size_t next_to_return_ = 0;
  std::map<std::size_t, Outcome> outcomes_;
  std::exception_ptr failure_;
  std::unordered_map<AudioHash, Claim> claims_;
  DeskPace done_;
  std::map<std::size_t, DeskPace> under_way_;

  std::stop_callback<std::function<void()>> forward_;
  std::vector<std::jthread> threads_;
};

}  // namespace attacca::app
