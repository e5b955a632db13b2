// The wall around a hear process, built from inside once everything that it needs is loaded.
#pragma once

#include <string>

namespace attacca::hear {

// Descriptors that a hear process may hold: those of a request, and a few.
constexpr int kMaxDescriptors = 64;
// The largest file that it may write.
constexpr long kMaxFileBytes = 1L << 30;

// What a process still has to do behind the wall.
enum class Wall {
  hearing,  // recordings are opened
  // Models are loaded first, for which OpenVINO makes code for this processor. Until seal(), memory
  // may become code, threads may be started, and what a library looks up is answered with "not
  // permitted" where it would otherwise end the process. Everything else holds.
  loading,
};

// Locks the calling process in for good:
// - it ends with the thread that started it (PR_SET_PDEATHSIG);
// - it keeps descriptors 0 to 3 only, and may hold few more;
// - `memory_mb` of address space more than it has now, no core file, no process, files up to
// kMaxFileBytes;
// - no file and no network by Landlock, where the kernel has it;
// - only the system calls of the list in sandbox.cpp; any other ends the process (SIGSYS).
// Returns for people what of this holds: "seccomp, landlock, rlimits", and what is missing.
// To be called while all threads but the caller's sleep. Throws Fault::io when a limit cannot be
// set.
//
// Under a sanitizer there is no limit of memory, since shadow memory takes terabytes, and the calls
// that the sanitizer itself makes are allowed.
std::string lockIn(int memory_mb, Wall wall = Wall::hearing);
// From Wall::loading to Wall::hearing, for all threads, for good. Throws Fault::io if the kernel
// refuses it.
void seal();

}  // namespace attacca::hear
