#include "hearing_desk.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/text.h"

namespace attacca::app {
namespace {

constexpr double kGuessedBytesPerSecond = 24'000;  // until the first file is done

void rewind(int fd) {
  // Descriptors sent to a child share one file offset.
  if (::lseek(fd, 0, SEEK_SET) != 0) throwErrno("read", "a recording");
}

}  // namespace

HearingDesk::HearingDesk(const AddPorts& ports, const AddOptions& options,
                         std::span<const FoundFile> files, std::stop_token stop)
    : ports_(ports),
      options_(options),
      files_(files),
      outer_stop_(std::move(stop)),
      forward_(outer_stop_, [this] { stop_.request_stop(); }) {
  const std::size_t threads =
      std::min(files_.size(), static_cast<std::size_t>(std::max(1, options_.jobs)));
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

HearingDesk::~HearingDesk() { stop_.request_stop(); }

std::optional<Outcome> HearingDesk::next() {
  std::unique_lock guard(mutex_);
  const auto there = [&] { return failure_ != nullptr || outcomes_.contains(next_to_return_); };
  changed_.wait_for(guard, std::chrono::milliseconds(200), there);
  // What was done before a failure is handed out first.
  if (const auto found = outcomes_.find(next_to_return_); found != outcomes_.end()) {
    Outcome outcome = std::move(found->second);
    outcomes_.erase(found);
    ++next_to_return_;
    return outcome;
  }
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  return std::nullopt;
}

DeskPace HearingDesk::pace() const {
  const std::lock_guard guard(mutex_);
  DeskPace sum = done_;
  for (const auto& [index, part] : under_way_) {
    sum.bytes += part.bytes;
    sum.music += part.music;
  }
  return sum;
}

void HearingDesk::work() {
  while (true) {
    std::size_t index = 0;
    {
      const std::lock_guard guard(mutex_);
      if (next_to_start_ == files_.size()) return;
      index = next_to_start_++;
    }
    try {
      finish(index, stop_.stop_requested() ? Outcome{} : process(index));
    } catch (...) {
      {
        const std::lock_guard guard(mutex_);
        if (failure_ == nullptr) failure_ = std::current_exception();
      }
      changed_.notify_all();
      stop_.request_stop();
      return;
    }
  }
}

void HearingDesk::finish(std::size_t index, Outcome outcome) {
  {
    const std::lock_guard guard(mutex_);
    const auto part = under_way_.extract(index);
    if (!part.empty()) done_.music += part.mapped().music;
    done_.bytes += static_cast<double>(files_[index].stamp.size);
    outcomes_.emplace(index, std::move(outcome));
  }
  changed_.notify_all();
}

Outcome HearingDesk::process(std::size_t index) {
  const FoundFile& file = files_[index];
  UniqueFd fd;
  archive::FileStamp stamp;
  try {
    fd = openRegularFile(file.path);
    stamp = stampOfFile(fd.get());
  } catch (const Error& fault) {
    return {Unreadable{file.path, fault.problem()}};
  }
  const auto refusal = [&](std::string reason) {
    return Outcome{archive::RefusedFile{file.path, stamp, std::move(reason), ports_.clock.now()}};
  };
  const std::string name = cleanText(std::filesystem::path(file.path).filename().native(), 255);
  try {
    // A file that changes while it is heard gets one more chance.
    for (int attempt = 0; attempt < 2; ++attempt) {
      stamp = stampOfFile(fd.get());
      rewind(fd.get());
      Identity identity = ports_.pool.identify(fd.get(), name, stop_.get_token());
      bool heard_here = false;
      Heard heard = hearOnce(fd.get(), index, identity, heard_here);
      if (heard.hash != identity.hash) continue;
      return {archive::Arrival{file.path, stamp, std::move(identity), std::move(heard)},
              heard_here};
    }
    return refusal("it changed while it was heard");
  } catch (const Error& fault) {
    if (fault.fault() == Fault::refused) return refusal(fault.problem());
    if (fault.fault() == Fault::cancelled) return {};
    throw;
  }
}

// What the archive has of a recording, if that is all that is wanted.
std::optional<Heard> HearingDesk::known(const Identity& identity) const {
  const auto recording = ports_.catalogue.recording(identity.hash);
  if (!recording || !ports_.blobs.exists(peaksKey(identity.hash)) ||
      !ports_.blobs.exists(fingerprintKey(identity.hash))) {
    return std::nullopt;
  }
  for (const auto& representation : options_.representations) {
    if (!ports_.blobs.exists(embeddingKey(representation, identity.hash))) return std::nullopt;
  }
  return Heard{identity.hash, recording->duration, recording->loudness, {}, {}};
}

// Two files of the same recording that arrive together are heard once.
Heard HearingDesk::hearOnce(int fd, std::size_t index, const Identity& identity, bool& heard_here) {
  while (true) {
    if (auto heard = known(identity)) return *std::move(heard);
    std::promise<Heard> promise;
    Claim other;
    {
      const std::lock_guard guard(mutex_);
      const auto [claim, mine] = claims_.try_emplace(identity.hash);
      if (mine) {
        claim->second = promise.get_future().share();
      } else {
        other = claim->second;
      }
    }
    if (other.valid()) {
      try {
        return other.get();
      } catch (const Error& fault) {
        // The other file changed under the ear of its thread: that says nothing about this one.
        if (fault.fault() != Fault::busy) throw;
        continue;
      }
    }
    const auto withdraw = [&](const std::exception_ptr& fault) {
      {
        const std::lock_guard guard(mutex_);
        claims_.erase(identity.hash);
      }
      promise.set_exception(fault);
    };
    try {
      Heard heard = hear(fd, index, identity);
      if (heard.hash == identity.hash) {
        promise.set_value(heard);
      } else {
        withdraw(std::make_exception_ptr(Error(Fault::busy, "the file changed")));
      }
      heard_here = true;
      return heard;
    } catch (...) {
      withdraw(std::current_exception());
      throw;
    }
  }
}

Heard HearingDesk::hear(int fd, std::size_t index, const Identity& identity) {
  HearRequest request;
  request.name = cleanText(std::filesystem::path(files_[index].path).filename().native(), 255);
  std::vector<std::unique_ptr<BlobWriter>> writers;
  std::vector<int> outputs;
  for (std::size_t slot = 0; slot < options_.representations.size(); ++slot) {
    const std::string key = embeddingKey(options_.representations[slot], identity.hash);
    if (ports_.blobs.exists(key)) continue;
    request.slots.push_back(static_cast<int>(slot));
    writers.push_back(ports_.blobs.create(key));
    outputs.push_back(writers.back()->descriptor());
  }
  for (const auto& key : {peaksKey(identity.hash), fingerprintKey(identity.hash)}) {
    writers.push_back(ports_.blobs.create(key));
    outputs.push_back(writers.back()->descriptor());
  }
  request.peaks = true;
  request.fingerprint = true;
  rewind(fd);
  Heard heard = ports_.pool.hear(
      fd, request, outputs, [&](Seconds music) { notePace(index, music); }, stop_.get_token());
  if (heard.hash != identity.hash) return heard;  // nothing is kept
  for (const auto& writer : writers) writer->commit();
  notePace(index, heard.duration);
  return heard;
}

void HearingDesk::notePace(std::size_t index, Seconds heard) {
  const std::lock_guard guard(mutex_);
  // How many bytes a second of music takes is known from what was heard before.
  const double per_second =
      done_.music.count() > 0 ? done_.bytes / done_.music.count() : kGuessedBytesPerSecond;
  const auto size = static_cast<double>(files_[index].stamp.size);
  under_way_[index] = {std::min(0.98 * size, heard.count() * per_second), heard};
}

}  // namespace attacca::app
