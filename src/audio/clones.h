// Marks a function that is compiled twice, for any x86-64 and for one with AVX2 and FMA, and chosen
// when the program starts. Sanitizers' start-up does not bear that.
#pragma once

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    defined(__GNUC__) && !defined(__clang__)
#define ATTACCA_CLONES __attribute__((target_clones("arch=haswell", "default")))
#else
#define ATTACCA_CLONES
#endif
