#include "attacca/app/doctor.h"

#include <cstring>
#include <functional>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "attacca/app/representation_states.h"
#include "attacca/app/representations.h"
#include "attacca/base/error.h"
#include "attacca/base/units.h"

#include "run_program.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

Diagnosis processor() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
#if defined(__x86_64__)
  std::string set = "baseline x86-64";
  Health health = Health::fair;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    set = "AVX2";
    health = Health::good;
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
    set = "AVX-512";
  }
#elif defined(__aarch64__)
  std::string set = "NEON";
  Health health = Health::good;
#else
  std::string set = "portable code only";
  Health health = Health::fair;
#endif
  return {"processor", health, fmt::format("{}, {} core{}", set, cores, cores == 1 ? "" : "s"),
          health == Health::good ? "" : "it works, but hearing takes several times as long"};
}

// One second of silence, as a wav file in memory.
UniqueFd silence() {
  UniqueFd fd(::memfd_create("silence.wav", MFD_CLOEXEC));
  if (!fd) throwErrno("make", "a file in memory");
  constexpr std::uint32_t rate = 16000;
  constexpr std::uint32_t bytes = rate * 2;
  std::string wav(44 + bytes, '\0');
  const auto put = [&](std::size_t at, std::uint32_t value, std::size_t size) {
    std::memcpy(wav.data() + at, &value, size);
  };
  std::memcpy(wav.data(), "RIFF", 4);
  put(4, 36 + bytes, 4);
  std::memcpy(wav.data() + 8, "WAVEfmt ", 8);
  put(16, 16, 4);
  put(20, 1, 2);
  put(22, 1, 2);
  put(24, rate, 4);
  put(28, bytes, 4);
  put(32, 2, 2);
  put(34, 16, 2);
  std::memcpy(wav.data() + 36, "data", 4);
  put(40, bytes, 4);
  writeAll(fd.get(), wav, "a file in memory");
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

std::vector<Diagnosis> hearing(const Patient& patient) {
  std::vector<Diagnosis> found;
  try {
    HearPool pool(patient.hear_program, patient.limits, {});
    const UniqueFd recording = silence();
    const Identity identity = pool.identify(recording.get(), "silence.wav");
    found.push_back(
        {"attacca-hear", Health::good, fmt::format("starts and reads {}", identity.format), ""});
    const std::string sandbox = pool.sandbox();
    const bool whole = sandbox.find("seccomp") != std::string::npos;
    found.push_back({"sandbox", whole ? Health::good : Health::fair, sandbox,
                     whole ? "" : "add only files you trust, or use a kernel with seccomp"});
  } catch (const Error& fault) {
    found.push_back({"attacca-hear", Health::bad, fault.problem(),
                     fault.remedy().empty() ? "install attacca anew" : fault.remedy()});
  }
  return found;
}

Diagnosis pip() {
  char log[] = "/dev/null";
  const auto status = runProgram({"python3", "-m", "pip", "--version"}, log, {});
  if (status == 0) return {"pip", Health::good, "python3 -m pip works", ""};
  return {"pip", Health::fair, status ? "python3 has no pip" : "there is no python3",
          "only `attacca representation fetch` needs it: install python3-pip, or use --from"};
}

Diagnosis representation(const Patient& patient) {
  try {
    const auto installed = installedRepresentation(patient.archive, patient.representation);
    checkInstalled(installed);
    return {"representation", Health::good, installed.versioned_name, ""};
  } catch (const Error& fault) {
    return {"representation", Health::fair, fault.problem(), fault.remedy()};
  }
}

// What the embeddings of each representation take.
std::vector<Diagnosis> embeddings(const Patient& patient) {
  std::vector<Diagnosis> found;
  try {
    for (const auto& state : representationStates(patient.archive, patient.blobs, true)) {
      if (state.embeddings.recordings == 0) continue;
      const bool orphaned = state.readiness == Readiness::noManifest;
      found.push_back({"embeddings", orphaned ? Health::fair : Health::good,
                       fmt::format("{} of {} recordings by {}", formatBytes(state.embeddings.bytes),
                                   state.embeddings.recordings, state.versioned_name),
                       orphaned ? state.remedy : ""});
    }
  } catch (const Error& fault) {
    found.push_back({"embeddings", Health::bad, fault.problem(), fault.remedy()});
  }
  return found;
}

std::vector<Diagnosis> folder(const Patient& patient) {
  std::vector<Diagnosis> found;
  fs::path place = patient.archive.root();
  if (!patient.archive.exists()) {
    found.push_back({"archive", Health::fair, fmt::format("none at {} yet", place.native()),
                     "`attacca add FOLDER` makes it"});
    std::error_code ignored;
    while (!fs::exists(place, ignored) && place.has_parent_path() && place != place.root_path()) {
      place = place.parent_path();
    }
  } else {
    try {
      patient.archive.check();
      const bool writable = ::access(place.c_str(), W_OK) == 0;
      found.push_back({"archive", writable ? Health::good : Health::fair,
                       place.native() + (writable ? "" : " (read-only)"),
                       writable ? "" : "nothing can be added or listened to"});
    } catch (const Error& fault) {
      found.push_back({"archive", Health::bad, fault.problem(), fault.remedy()});
    }
  }
  struct statvfs info;
  if (::statvfs(place.c_str(), &info) == 0) {
    const std::uint64_t free = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
    constexpr std::uint64_t kLittle = 1'000'000'000;
    found.push_back({"free space", free < kLittle ? Health::fair : Health::good, formatBytes(free),
                     free < kLittle ? "an hour of music takes about 1 MB" : ""});
  }
  return found;
}

std::string kernel() {
  struct utsname info;
  return ::uname(&info) == 0 ? fmt::format("{} {} {}", info.sysname, info.release, info.machine)
                             : "unknown";
}

}  // namespace

std::vector<Diagnosis> examine(const Patient& patient) {
  std::vector<Diagnosis> all{{"system", Health::good, kernel(), ""}, processor()};
  const auto append = [&](std::vector<Diagnosis> more) {
    for (auto& one : more) all.push_back(std::move(one));
  };
  append(hearing(patient));
  all.push_back(pip());
  all.push_back({"database", Health::good, patient.database_version, ""});
  append(folder(patient));
  all.push_back(representation(patient));
  append(embeddings(patient));
  return all;
}

}  // namespace attacca::app
