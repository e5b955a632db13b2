#include "attacca/app/hear_pool.h"

#include <array>
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"

#include "hear_child.h"

namespace attacca::app {
namespace {

constexpr int kStartAttempts = 3;

// One request with what goes with it.
struct Task {
  const HearingRequest& request;
  std::span<const int> descriptors;
  std::span<const int> slots;                                 // models it needs
  std::span<const int> outputs;                               // emptied before each attempt
  bool (*fits)(const HearingAnswer&, const HearingRequest&);  // an answer to this request
  const std::function<void(Seconds)>& pace;
  const std::stop_token& stop;
};

void empty(std::span<const int> outputs) {
  for (const int output : outputs) {
    if (::ftruncate(output, 0) != 0 || ::lseek(output, 0, SEEK_SET) != 0) {
      throwErrno("empty", "an output file");
    }
  }
}

// A child that a hostile file has taken over must not stop everything: only what it can know
// counts.
Fault believed(Fault fault, const Task& task) {
  if (std::holds_alternative<ImportRequest>(task.request)) return fault;
  return fault == Fault::io && !task.outputs.empty() ? Fault::io : Fault::refused;
}

template <class Expected>
bool isA(const HearingAnswer& answer, const HearingRequest&) {
  return std::holds_alternative<Expected>(answer);
}

bool isHeard(const HearingAnswer& answer, const HearingRequest& request) {
  const auto* heard = std::get_if<Heard>(&answer);
  return heard != nullptr && heard->clips.size() == std::get<HearRequest>(request).slots.size();
}

[[noreturn]] void throwCannotStart(const std::filesystem::path& program, const HearDeath& death) {
  throw Error(Fault::unsupported,
              fmt::format("{} does not work here: {}", program.native(), death.reason),
              fmt::format("run {} by hand: it says what is missing", program.native()));
}

}  // namespace

struct HearPool::State {
  State(std::filesystem::path program_file, HearLimits hear_limits, std::vector<HearModel> list)
      : program(std::move(program_file)), limits(hear_limits), models(std::move(list)) {}

  // A child for one request; gives it back, or ends it when it cannot be asked again.
  class Lease {
   public:
    Lease(State& state, const std::stop_token& stop) : state_(state) {
      std::unique_lock lock(state_.mutex);
      const bool free = state_.changed.wait(lock, stop, [&] {
        return !state_.idle.empty() || state_.taken < state_.limits.processes;
      });
      if (!free) throw Error(Fault::cancelled, "stopped on request");
      if (!state_.idle.empty()) {
        child = std::move(state_.idle.back());
        state_.idle.pop_back();
      } else {
        ++state_.taken;
      }
    }
    Lease(const Lease&) = delete;
    ~Lease() {
      if (child && !child->idle()) child.reset();
      const std::lock_guard lock(state_.mutex);
      if (child) {
        state_.idle.push_back(std::move(child));
      } else {
        --state_.taken;
      }
      state_.changed.notify_one();
    }

    std::unique_ptr<HearChild> child;  // null: to be started

   private:
    State& state_;
  };

  HearingAnswer ask(const Task& task);
  std::optional<HearDeath> prepare(Lease& lease, const Task& task);
  std::optional<HearDeath> load(HearChild& child, int slot, const std::stop_token& stop);

  const std::filesystem::path program;
  const HearLimits limits;
  const std::vector<HearModel> models;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::string sandbox;
  int taken = 0;    // children that live or are being started, idle ones included
  Spawner spawner;  // outlives the children
  std::vector<std::unique_ptr<HearChild>> idle;
};

HearingAnswer HearPool::State::ask(const Task& task) {
  Lease lease(*this, task.stop);
  for (bool again = false;; again = true) {
    int attempts = 0;
    while (const auto death = prepare(lease, task)) {
      lease.child.reset();
      if (death->cause == HearDeath::Cause::cannot_start || ++attempts == kStartAttempts) {
        throwCannotStart(program, *death);
      }
    }
    empty(task.outputs);
    auto outcome = lease.child->ask(task.request, task.descriptors, task.pace, task.stop);
    if (auto* answer = std::get_if<HearingAnswer>(&outcome)) {
      if (const auto* refusal = std::get_if<Refusal>(answer)) {
        throw Error(believed(refusal->fault, task), refusal->reason, refusal->remedy);
      }
      if (task.fits(*answer, task.request)) return std::move(*answer);
      outcome = HearDeath{HearDeath::Cause::input, std::string(kNonsense)};
    }
    lease.child.reset();
    const auto& death = std::get<HearDeath>(outcome);
    if (death.cause == HearDeath::Cause::outside && !again) continue;
    throw Error(Fault::refused, death.reason);
  }
}

// Makes sure that the lease has a child with the models that the task needs.
std::optional<HearDeath> HearPool::State::prepare(Lease& lease, const Task& task) {
  if (!lease.child || !lease.child->idle()) {
    lease.child.reset();
    auto started = HearChild::start(spawner, program, limits, task.stop);
    if (auto* death = std::get_if<HearDeath>(&started)) return std::move(*death);
    lease.child = std::move(std::get<std::unique_ptr<HearChild>>(started));
    const std::lock_guard lock(mutex);
    sandbox = lease.child->sandbox();
  }
  for (const int slot : task.slots) {
    if (auto death = load(*lease.child, slot, task.stop)) return death;
  }
  return std::nullopt;
}

std::optional<HearDeath> HearPool::State::load(HearChild& child, int slot,
                                               const std::stop_token& stop) {
  assert(slot >= 0 && static_cast<std::size_t>(slot) < models.size());
  const auto index = static_cast<std::size_t>(slot);
  child.loaded.resize(models.size());
  if (child.loaded[index]) return std::nullopt;
  const UniqueFd model = openToRead(models[index].model_file);
  const int descriptor = model.get();
  auto outcome =
      child.ask(LoadRequest{slot, models[index].manifest}, std::span(&descriptor, 1), {}, stop);
  if (auto* death = std::get_if<HearDeath>(&outcome)) return std::move(*death);
  const auto& answer = std::get<HearingAnswer>(outcome);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    throw Error(Fault::corrupt,
                fmt::format("the model {} cannot be used: {}", models[index].model_file.native(),
                            refusal->reason),
                fmt::format("run: attacca representation fetch {}", models[index].manifest.name));
  }
  child.loaded[index] = true;
  return std::nullopt;
}

HearPool::HearPool(std::filesystem::path program, HearLimits limits, std::vector<HearModel> models)
    : state_(std::make_unique<State>(std::move(program), limits, std::move(models))) {
  assert(limits.processes > 0 && state_->models.size() <= kMaxSlots);
  if (::access(state_->program.c_str(), F_OK) != 0) {
    throw Error(Fault::notFound, fmt::format("there is no {}", state_->program.native()),
                "install Attacca again: attacca-hear belongs beside attacca");
  }
}

HearPool::~HearPool() = default;

Identity HearPool::identify(int recording, const std::string& name, const std::stop_token& stop) {
  const HearingRequest request = IdentifyRequest{name};
  return std::get<Identity>(
      state_->ask({request, std::span(&recording, 1), {}, {}, isA<Identity>, {}, stop}));
}

Heard HearPool::hear(int recording, const HearRequest& request, std::span<const int> outputs,
                     const std::function<void(Seconds)>& pace, const std::stop_token& stop) {
  assert(outputs.size() ==
         request.slots.size() + (request.peaks ? 1 : 0) + (request.fingerprint ? 1 : 0));
  std::vector<int> descriptors{recording};
  descriptors.insert(descriptors.end(), outputs.begin(), outputs.end());
  const HearingRequest message = request;
  const std::span all(descriptors);
  return std::get<Heard>(
      state_->ask({message, all, request.slots, all.subspan(1), isHeard, pace, stop}));
}

void HearPool::importModel(const Manifest& manifest, int package, int output) {
  const HearingRequest request = ImportRequest{manifest};
  const std::array descriptors{package, output};
  state_->ask({request, descriptors, {}, std::span(descriptors).subspan(1), isA<Ready>, {}, {}});
}

std::string HearPool::sandbox() {
  const std::lock_guard lock(state_->mutex);
  return state_->sandbox;
}

}  // namespace attacca::app
