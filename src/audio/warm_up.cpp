#include <cerrno>
#include <ctime>

#include <iconv.h>

#include "attacca/audio/decoder.h"

#include "av.h"

// libavformat converts the names of broadcast services with iconv, which would load a library for
// each character set. Nobody asks for these names: a program that hears knows no character set.
extern "C" iconv_t iconv_open(const char*, const char*) {
  errno = EINVAL;
  return reinterpret_cast<iconv_t>(-1);
}

namespace attacca::audio {

void warmUp() {
  setUpLibav();
  ::tzset();  // dates in headers pass through gmtime, which would read /etc/localtime
}

}  // namespace attacca::audio
