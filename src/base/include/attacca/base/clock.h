// The time of day as a port, so that a test can set it.
#pragma once

#include "attacca/base/units.h"

namespace attacca {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixTime now() const = 0;  // any thread
};

class SystemClock final : public Clock {
 public:
  UnixTime now() const override;
};

// Stands still until it is set. One thread at a time.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(UnixTime start = {}) : now_(start) {}
  UnixTime now() const override { return now_; }
  void set(UnixTime time) { now_ = time; }

 private:
  UnixTime now_;
};

}  // namespace attacca
