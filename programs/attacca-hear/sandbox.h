// The wall around a hear process, built from inside once everything that it needs is loaded.
#pragma once

#include <filesystem>
#include <string>

namespace attacca::hear {

// Descriptors that a hear process may hold: those of a request, and a few.
constexpr int kMaxDescriptors = 64;
// The largest file that it may write.
constexpr long kMaxFileBytes = 1L << 30;

// Locks the calling process in for good:
// - it ends with the thread that started it (PR_SET_PDEATHSIG);
// - it keeps descriptors 0 to 3 only, and may hold few more;
// - `memory_mb` of address space more than it has now, no core file, no process, files up to
// kMaxFileBytes;
// - no file and no network by Landlock, where the kernel has it;
// - only the system calls of the list in sandbox.cpp; any other ends the process (SIGSYS).
// Returns for people what of this holds: "seccomp, landlock, rlimits", and what is missing.
// To be called while the process has one thread. Throws Fault::io when a limit cannot be set.
//
// Under a sanitizer there is no limit of memory, since shadow memory takes terabytes, and the calls
// that the sanitizer itself makes are allowed.
std::string lockIn(int memory_mb);

// ---- For a process that OpenVINO is opened in, and models are loaded into before it hears. In
// this order, with the opening and the loading between them:

// Nothing is read but libraries and what the system says of the processor, by any thread that
// starts from here on; nothing is written. Does nothing where the kernel has no Landlock.
void keepToLibraries(const std::filesystem::path& libraries);
// As lockIn(), but until seal() memory may become code, threads may be started, and the libraries'
// folder may be read: OpenVINO makes code for this processor out of a model. Threads of OpenVINO's
// may sleep meanwhile.
std::string lockInToLoad(int memory_mb, const std::filesystem::path& libraries);
// What lockIn() forbids is forbidden now, for all threads. Throws Fault::io if the kernel refuses.
void seal();

}  // namespace attacca::hear
