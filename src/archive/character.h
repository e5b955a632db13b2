// Period and instrumentation of a work, from its composer, title and the known works.
#pragma once

#include "attacca/archive/works.h"

#include "known_works.h"
#include "title.h"

namespace attacca::archive {

// `composer` and `known` may be nullptr.
void concludePeriod(ConcludedWork& work, const KnownWork* known, const Person* composer);
void concludeInstrumentation(ConcludedWork& work, const KnownWork* known, const WorkName& name,
                             const Person* composer);

}  // namespace attacca::archive
