#include "attacca/app/hear_pool.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/units.h"

#include "hear_child.h"
#include "model_memory.h"

namespace attacca::app {
namespace {

constexpr int kStartAttempts = 3;
// Address space for each byte of memory that OpenVINO is meant to use: it sets more aside.
constexpr int kAddressesForMemory = 2;
// A large network on a slow core takes longer than the music lasts.
constexpr double kOnnxSecondsPerSecond = 10;
constexpr const char* kLessMemory = "close other programs, or take a smaller representation";

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

std::string cannotBeUsed(const HearModel& model, std::string_view reason) {
  return fmt::format("the model {} cannot be used: {}", model.model_file.native(), reason);
}

// The child is well and says no.
[[noreturn]] void throwCannotLoad(const HearModel& model, const Refusal& refusal) {
  const std::string problem = cannotBeUsed(model, refusal.reason);
  if (refusal.fault == Fault::unsupported) {
    throw Error(Fault::unsupported, problem,
                fmt::format("raise the setting hear-memory-mb, or memory_mb in the manifest of {}",
                            model.manifest.name));
  }
  throw Error(Fault::corrupt, problem,
              isOnnx(model.manifest)
                  ? refusal.remedy
                  : fmt::format("run: attacca representation fetch {}", model.manifest.name));
}

[[noreturn]] void throwCannotStart(const std::filesystem::path& program, const HearDeath& death) {
  throw Error(Fault::unsupported,
              fmt::format("{} does not work here: {}", program.native(), death.reason),
              fmt::format("run {} by hand: it says what is missing", program.native()));
}

}  // namespace

struct HearPool::State {
  State(std::filesystem::path program_file, HearLimits hear_limits, std::vector<HearModel> list,
        std::filesystem::path openvino_folder)
      : program(std::move(program_file)),
        limits(hear_limits),
        models(std::move(list)),
        openvino(std::move(openvino_folder)) {}

  class Lease;

  HearingAnswer ask(const Task& task);
  void makeReady(Lease& lease, std::span<const int> slots, const std::stop_token& stop);
  std::optional<HearDeath> prepare(Lease& lease, std::span<const int> slots,
                                   const std::stop_token& stop);
  std::optional<HearDeath> load(Lease& lease, int slot, const std::stop_token& stop);

  std::vector<int> onnxSlots(std::span<const int> slots) const;
  int memoryMb(std::span<const int> slots) const;
  // These are called under the mutex.
  std::unique_ptr<HearChild> takeIdle(std::span<const int> onnx);
  bool makeRoom(std::span<const int> onnx);
  bool endIdle(bool only_onnx);

  const std::filesystem::path program;
  const HearLimits limits;
  const std::vector<HearModel> models;
  const std::filesystem::path openvino;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::string sandbox;
  int taken = 0;        // children that live or are being started, idle ones included
  int onnx_busy = 0;    // those with ONNX models that are not idle
  int promised_mb = 0;  // to those that have not loaded their models yet
  Spawner spawner;      // outlives the children
  std::vector<std::unique_ptr<HearChild>> idle;
};

// A child for one request; gives it back, or ends it when it cannot be asked again.
class HearPool::State::Lease {
 public:
  // `onnx` are the slots of ONNX models that the child is to be started for, ascending. Any child
  // will do for a request that needs none.
  Lease(State& state, std::vector<int> onnx_slots, const std::stop_token& stop)
      : onnx(std::move(onnx_slots)), state_(state) {
    std::unique_lock lock(state_.mutex);
    const bool free = state_.changed.wait(lock, stop, [&] {
      child = state_.takeIdle(onnx);
      return child || state_.makeRoom(onnx);
    });
    if (!free) throw Error(Fault::cancelled, "stopped on request");
    if (!child) {
      ++state_.taken;
      promised_mb_ = state_.memoryMb(onnx);
      state_.promised_mb += promised_mb_;
    }
    has_onnx_ = !onnx.empty() || (child && !child->onnx_models.empty());
    if (has_onnx_) ++state_.onnx_busy;
  }
  Lease(const Lease&) = delete;
  ~Lease() {
    if (child && !child->idle()) child.reset();
    const std::lock_guard lock(state_.mutex);
    state_.promised_mb -= promised_mb_;
    if (has_onnx_) --state_.onnx_busy;
    if (child) {
      state_.idle.push_back(std::move(child));
    } else {
      --state_.taken;
    }
    state_.changed.notify_all();
  }
  // Its models are in memory: what is available says so.
  void promiseIsKept() {
    const std::lock_guard lock(state_.mutex);
    state_.promised_mb -= std::exchange(promised_mb_, 0);
  }

  const std::vector<int> onnx;
  std::unique_ptr<HearChild> child;  // null: to be started
  bool killed_loading = false;       // a child before it, by somebody else

 private:
  State& state_;
  int promised_mb_ = 0;
  bool has_onnx_ = false;
};

std::vector<int> HearPool::State::onnxSlots(std::span<const int> slots) const {
  std::vector<int> onnx;
  for (const int slot : slots) {
    assert(slot >= 0 && static_cast<std::size_t>(slot) < models.size());
    if (isOnnx(models[static_cast<std::size_t>(slot)].manifest)) onnx.push_back(slot);
  }
  std::sort(onnx.begin(), onnx.end());
  return onnx;
}

int HearPool::State::memoryMb(std::span<const int> slots) const {
  int sum = 0;
  for (const int slot : slots) sum += modelMemoryMb(models[static_cast<std::size_t>(slot)]);
  return sum;
}

std::unique_ptr<HearChild> HearPool::State::takeIdle(std::span<const int> onnx) {
  const auto fits = [&](const auto& child) { return std::ranges::equal(child->onnx_models, onnx); };
  auto found = std::find_if(idle.rbegin(), idle.rend(), fits);
  if (found == idle.rend() && onnx.empty()) found = idle.rbegin();
  if (found == idle.rend()) return nullptr;
  std::unique_ptr<HearChild> child = std::move(*found);
  idle.erase(std::next(found).base());
  return child;
}

bool HearPool::State::endIdle(bool only_onnx) {
  const auto found = std::find_if(idle.begin(), idle.end(), [&](const auto& child) {
    return !only_onnx || !child->onnx_models.empty();
  });
  if (found == idle.end()) return false;
  idle.erase(found);
  --taken;
  return true;
}

// Whether a child may be started for these ONNX models, if need be in place of an idle one.
bool HearPool::State::makeRoom(std::span<const int> onnx) {
  if (taken >= limits.processes && !endIdle(false)) return false;
  if (onnx.empty()) return true;
  const int needed = memoryMb(onnx);
  while (availableMemoryMb() - promised_mb < needed) {
    if (endIdle(true)) continue;
    if (onnx_busy > 0) return false;  // one after the other, then
    const Manifest& manifest = models[static_cast<std::size_t>(onnx.front())].manifest;
    throw Error(
        Fault::unsupported,
        fmt::format("{}{} needs about {} of memory, and {} is free", manifest.name,
                    onnx.size() > 1 ? " with the others asked for" : "",
                    formatBytes(static_cast<std::uint64_t>(needed) * 1'000'000),
                    formatBytes(static_cast<std::uint64_t>(availableMemoryMb()) * 1'000'000)),
        kLessMemory);
  }
  return true;
}

HearingAnswer HearPool::State::ask(const Task& task) {
  Lease lease(*this, onnxSlots(task.slots), task.stop);
  for (bool again = false;; again = true) {
    makeReady(lease, task.slots, task.stop);
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

// Makes sure that the lease has a child with the models that are needed.
void HearPool::State::makeReady(Lease& lease, std::span<const int> slots,
                                const std::stop_token& stop) {
  int attempts = 0;
  while (const auto death = prepare(lease, slots, stop)) {
    lease.child.reset();
    if (death->cause == HearDeath::Cause::cannot_start || ++attempts == kStartAttempts) {
      throwCannotStart(program, *death);
    }
  }
  lease.promiseIsKept();
}

std::optional<HearDeath> HearPool::State::prepare(Lease& lease, std::span<const int> slots,
                                                  const std::stop_token& stop) {
  if (!lease.child || !lease.child->idle()) {
    lease.child.reset();
    HearStart start{program, limits, {}};
    if (!lease.onnx.empty()) {
      start.openvino = openvino;
      start.limits.memory_mb += kAddressesForMemory * memoryMb(lease.onnx);
      start.seconds_per_second = kOnnxSecondsPerSecond;
    }
    auto started = HearChild::start(spawner, start, stop);
    if (auto* death = std::get_if<HearDeath>(&started)) return std::move(*death);
    lease.child = std::move(std::get<std::unique_ptr<HearChild>>(started));
    lease.child->onnx_models = lease.onnx;
    const std::lock_guard lock(mutex);
    sandbox = lease.child->sandbox();
  }
  for (const int slot : slots) {
    if (auto death = load(lease, slot, stop)) return death;
  }
  return std::nullopt;
}

std::optional<HearDeath> HearPool::State::load(Lease& lease, int slot,
                                               const std::stop_token& stop) {
  const auto index = static_cast<std::size_t>(slot);
  HearChild& child = *lease.child;
  child.loaded.resize(models.size());
  if (child.loaded[index]) return std::nullopt;
  const HearModel& model = models[index];
  const bool onnx = isOnnx(model.manifest);
  UniqueFd file;
  std::vector<int> descriptors;
  if (!isBuiltIn(model.manifest)) {
    file = openToRead(model.model_file);
    descriptors.push_back(file.get());
  }
  auto outcome = child.ask(LoadRequest{slot, model.manifest}, descriptors, {}, stop);
  if (auto* death = std::get_if<HearDeath>(&outcome)) {
    if (!onnx) return std::move(*death);
    // Somebody brought this model: it is to blame, not the program.
    if (death->cause == HearDeath::Cause::input) {
      throw Error(Fault::corrupt, cannotBeUsed(model, death->reason),
                  "if it only needs longer, raise the setting hear-load-seconds");
    }
    if (std::exchange(lease.killed_loading, true)) {
      throw Error(Fault::unsupported, cannotBeUsed(model, death->reason), kLessMemory);
    }
    return std::move(*death);
  }
  if (const auto* refusal = std::get_if<Refusal>(&std::get<HearingAnswer>(outcome))) {
    if (onnx) lease.child.reset();  // it was started for this model
    throwCannotLoad(model, *refusal);
  }
  child.loaded[index] = true;
  return std::nullopt;
}

HearPool::HearPool(std::filesystem::path program, HearLimits limits, std::vector<HearModel> models,
                   std::filesystem::path openvino)
    : state_(std::make_unique<State>(std::move(program), limits, std::move(models),
                                     std::move(openvino))) {
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

void HearPool::prepare(int slot, const std::stop_token& stop) {
  const std::span slots(&slot, 1);
  State::Lease lease(*state_, state_->onnxSlots(slots), stop);
  state_->makeReady(lease, slots, stop);
}

std::string HearPool::sandbox() {
  const std::lock_guard lock(state_->mutex);
  return state_->sandbox;
}

}  // namespace attacca::app
