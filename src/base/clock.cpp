#include "attacca/base/clock.h"

namespace attacca {

UnixTime SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace attacca
