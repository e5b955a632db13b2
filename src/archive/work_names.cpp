#include "attacca/archive/works.h"

namespace attacca::archive {

std::string_view name(Period period) {
  switch (period) {
    case Period::unknown:
      return "unknown";
    case Period::medieval:
      return "medieval";
    case Period::renaissance:
      return "renaissance";
    case Period::baroque:
      return "baroque";
    case Period::classical:
      return "classical";
    case Period::romantic:
      return "romantic";
    case Period::modern:
      return "modern";
    case Period::contemporary:
      return "contemporary";
  }
  return "unknown";
}

std::string_view name(Instrumentation instrumentation) {
  switch (instrumentation) {
    case Instrumentation::unknown:
      return "unknown";
    case Instrumentation::orchestra:
      return "orchestra";
    case Instrumentation::concerto:
      return "concerto";
    case Instrumentation::string_orchestra:
      return "string orchestra";
    case Instrumentation::chamber:
      return "chamber";
    case Instrumentation::solo_keyboard:
      return "solo keyboard";
    case Instrumentation::solo_strings:
      return "solo strings";
    case Instrumentation::solo_other:
      return "solo";
    case Instrumentation::choral:
      return "choral";
    case Instrumentation::opera:
      return "opera";
    case Instrumentation::voice:
      return "voice";
    case Instrumentation::band:
      return "band";
    case Instrumentation::electronic:
      return "electronic";
  }
  return "unknown";
}

}  // namespace attacca::archive
