// Adapters of recommend::Trainer, on libtorch. Nothing of it is seen here.
#pragma once

#include <memory>
#include <string>

#include "attacca/recommend/trainer.h"

namespace attacca::learn {

std::unique_ptr<const recommend::Trainer> makeTrainer(recommend::NetworkKind kind);

// "libtorch 1.13.0", for cards: as its headers have it (those of Debian's 1.13.1, too).
std::string library();

}  // namespace attacca::learn
