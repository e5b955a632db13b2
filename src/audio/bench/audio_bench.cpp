// CPU time of hearing, by part, in milliseconds for each second of audio.
// Usage: audio_bench FILE...
#include <functional>
#include <string>

#include <fmt/format.h>
#include <sys/mman.h>
#include <time.h>

#include "attacca/audio/decoder.h"
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

}  // namespace

int main(int argc, char** argv) {
  audio::warmUp();
  fmt::print("{:>8} {:>8} {:>8} {:>8} {:>8}  ms per s of audio\n", "tags", "hash", "native",
             "16 kHz", "16 kHz+peaks");
  for (int i = 1; i < argc; ++i) {
    try {
      const UniqueFd fd = openRegularFile(argv[i]);
      const UniqueFd peaks_file(::memfd_create("peaks", MFD_CLOEXEC));
      audio::PeaksWriter peaks(peaks_file.get());
      const audio::MonoOutput to_16k{16000, [](std::span<const float>) {}};
      Seconds duration{};
      const double tags = timed([&] { audio::readTags(fd.get()); });
      const double hash = timed([&] { audio::Recording(fd.get()).readHash(); });
      const double native =
          timed([&] { duration = audio::Recording(fd.get()).decode({}).duration; });
      const double mono = timed([&] { audio::Recording(fd.get()).decode({.outputs = {to_16k}}); });
      const double all =
          timed([&] { audio::Recording(fd.get()).decode({.outputs = {to_16k}, .peaks = &peaks}); });
      const double s = duration.count();
      fmt::print("{:8.3f} {:8.3f} {:8.3f} {:8.3f} {:8.3f}  {}\n", tags / s, hash / s, native / s,
                 mono / s, all / s, argv[i]);
    } catch (const Error& error) {
      fmt::print("{}: {}\n", argv[i], error.what());
    }
  }
}
