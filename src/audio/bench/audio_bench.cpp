// CPU time of hearing, by part.
//   audio_bench FILE...         prints milliseconds for each second of audio
//   audio_bench --once FILE...  does once what adding a recording does, to be timed from outside
//                               beside ffmpeg -threads 1 -i FILE -f null -
//   audio_bench --hash FILE...  prints names and audio hashes:
//   src/audio/test/golden/audio_hashes.txt
#include <functional>
#include <string>

#include <fmt/format.h>
#include <sys/mman.h>
#include <time.h>

#include "attacca/audio/decoder.h"
#include "attacca/audio/fingerprinter.h"
#include "attacca/audio/peaks.h"
#include "attacca/audio/tags.h"
#include "attacca/base/error.h"

namespace {

using namespace attacca;

double cpuMilliseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double timed(const std::function<void()>& work) {
  const double before = cpuMilliseconds();
  work();
  return cpuMilliseconds() - before;
}

void printHash(int fd, const std::filesystem::path& path) {
  fmt::print("{} {}\n", path.filename().string(), audio::Recording(fd).readHash().hex());
}

struct Once {
  double milliseconds;
  Seconds duration;
};

Once decodeOnce(int fd, bool resample, bool peaks, bool fingerprint) {
  const UniqueFd file(::memfd_create("peaks", MFD_CLOEXEC));
  audio::PeaksWriter writer(file.get());
  audio::DecodePlan plan;
  if (resample) plan.outputs.push_back({16000, [](std::span<const float>) {}});
  if (peaks) plan.peaks = &writer;
  audio::Fingerprinter fingerprinter;
  if (fingerprint) {
    plan.outputs.push_back({audio::Fingerprinter::kRateHz,
                            [&](std::span<const float> mono) { fingerprinter.hear(mono); }});
  }
  Once once{};
  once.milliseconds = timed([&] {
    once.duration = audio::Recording(fd).decode(plan).duration;
    fingerprinter.finish();
  });
  return once;
}

void printParts(int fd, std::string_view path) {
  const double tags = timed([&] { audio::readTags(fd); });
  const double hash = timed([&] { audio::Recording(fd).readHash(); });
  const Once native = decodeOnce(fd, false, false, false);
  const Once mono = decodeOnce(fd, true, false, false);
  const Once peaks = decodeOnce(fd, true, true, false);
  const Once all = decodeOnce(fd, true, true, true);
  const double seconds = all.duration.count();
  fmt::print("{:9.4f}{:9.4f}{:9.4f}{:9.4f}{:9.4f}{:9.4f}  {}\n", tags / seconds, hash / seconds,
             native.milliseconds / seconds, mono.milliseconds / seconds,
             peaks.milliseconds / seconds, all.milliseconds / seconds, path);
}

}  // namespace

int main(int argc, char** argv) {
  audio::warmUp();
  std::vector<std::string> arguments(argv + 1, argv + argc);
  std::string mode;
  if (!arguments.empty() && arguments.front().starts_with("--")) {
    mode = arguments.front();
    arguments.erase(arguments.begin());
  }
  if (mode.empty()) {
    fmt::print("{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}  CPU ms per s of audio\n", "tags", "hash", "native",
               "+16 kHz", "+peaks", "+print");
  }
  for (const auto& path : arguments) {
    try {
      const UniqueFd fd = openRegularFile(path);
      if (mode == "--once") {
        audio::readTags(fd.get());
        decodeOnce(fd.get(), true, true, true);
      } else if (mode == "--hash") {
        printHash(fd.get(), path);
      } else {
        printParts(fd.get(), path);
      }
    } catch (const Error& error) {
      fmt::print("{}: {}\n", path, error.what());
    }
  }
}
