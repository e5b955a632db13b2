#include "sandbox.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/hearing.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ATTACCA_HEAR_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ATTACCA_HEAR_SANITIZED 1
#endif
#endif

#ifdef ATTACCA_HEAR_SANITIZED
// A sanitizer would start a process at the end, to look for leaks, and open files at a signal, to
// describe it: the wall stops both, so a fault stays the plain signal that it is.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:"
         "handle_sigfpe=0";
}
extern "C" const char* __tsan_default_options() {
  return "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0";
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

namespace attacca::hear {
namespace {

// What a process still has to do behind the wall.
enum class Wall { hearing, loading };

#ifdef ATTACCA_HEAR_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

void limit(__rlimit_resource_t resource, rlim_t most, const char* what) {
  const rlimit both{most, most};
  if (::setrlimit(resource, &both) != 0) throwErrno("limit", what);
}

// Address space of this process as it is: mostly libraries, of which FFmpeg brings many.
rlim_t ownBytes() {
  const std::string pages = readFile("/proc/self/statm");
  return static_cast<rlim_t>(std::strtoull(pages.c_str(), nullptr, 10)) *
         static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

void forbidThreads() { limit(RLIMIT_NPROC, 0, "processes"); }

void setLimits(int memory_mb, Wall wall) {
  if (!kSanitized) {
    limit(RLIMIT_AS, ownBytes() + (static_cast<rlim_t>(memory_mb) << 20), "memory");
  }
  limit(RLIMIT_CORE, 0, "core files");
  limit(RLIMIT_NOFILE, kMaxDescriptors, "descriptors");
  limit(RLIMIT_FSIZE, kMaxFileBytes, "the size of files");
  if (wall == Wall::hearing) forbidThreads();
}

// linux/landlock.h may be older than the kernel: these are its later members and bits.
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scopes = 0;
};

// Landlock: every kind of access that the kernel knows is denied, but to read what is `readable`.
// What was opened by others and given to us stays usable. Returns what is wrong, if anything.
std::optional<std::string> denyFiles(std::span<const std::filesystem::path> readable) {
  Ruleset denied;
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return std::strerror(errno);
  denied.files = (1U << 13) - 1;               // version 1: all from "execute" to "make symlink"
  if (version >= 2) denied.files |= 1U << 13;  // move between folders
  if (version >= 3) denied.files |= 1U << 14;  // truncate
  if (version >= 4) denied.network = 0b11;     // TCP: bind, connect
  if (version >= 5) denied.files |= 1U << 15;  // ioctl on devices
  if (version >= 6) denied.scopes = 0b11;      // abstract sockets, signals to others
  const std::size_t size = version >= 6   ? sizeof denied
                           : version >= 4 ? offsetof(Ruleset, scopes)
                                          : offsetof(Ruleset, network);
  const UniqueFd ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &denied, size, 0)));
  if (!ruleset) return std::strerror(errno);
  for (const auto& path : readable) {
    const UniqueFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!place) continue;  // it cannot be read anyway
    struct stat info;
    if (::fstat(place.get(), &info) != 0) continue;
    landlock_path_beneath_attr rule{};
    rule.parent_fd = place.get();
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    if (S_ISDIR(info.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    if (::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) !=
        0) {
      return std::strerror(errno);
    }
  }
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) return std::strerror(errno);
  return std::nullopt;
}

// ---- The system calls that hearing needs, and no others

struct Rule {
  int call;
  std::vector<scmp_arg_cmp> conditions;
  std::uint32_t action = SCMP_ACT_ALLOW;
};

scmp_arg_cmp is(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

scmp_arg_cmp lacks(unsigned argument, std::uint64_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}

scmp_arg_cmp has(unsigned argument, std::uint64_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, bits};
}

// What OpenVINO needs to make code out of a model, besides the list of hearing. Which files may be
// read is Landlock's to say. Much else that it tries (where memory and threads should be) it does
// without, so that what is not listed is refused here, and ends the process only after seal().
std::vector<Rule> loadingList() {
  return {
      {SCMP_SYS(mmap), {has(2, PROT_EXEC)}},
      {SCMP_SYS(mprotect), {has(2, PROT_EXEC)}},
      // Threads, never processes.
      {SCMP_SYS(clone), {has(0, CLONE_THREAD | CLONE_VM)}},
      {SCMP_SYS(clone3), {}, SCMP_ACT_ERRNO(ENOSYS)},  // its flags are out of sight: clone instead
      {SCMP_SYS(set_robust_list), {}},
      {SCMP_SYS(rseq), {}},
      {SCMP_SYS(sched_yield), {}},
      {SCMP_SYS(sched_getaffinity), {}},
      {SCMP_SYS(sigaltstack), {}},
      {SCMP_SYS(openat), {lacks(2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)}},
      {SCMP_SYS(fcntl), {is(1, F_GETFL)}},
      {SCMP_SYS(fcntl), {is(1, F_SETFD)}},
      {SCMP_SYS(getdents64), {}},
      {SCMP_SYS(newfstatat), {}},
      {SCMP_SYS(stat), {}},
      {SCMP_SYS(readlink), {}},
      {SCMP_SYS(getcwd), {}},
      {SCMP_SYS(clock_nanosleep), {}},
      // For seal().
      {SCMP_SYS(seccomp), {}},
      {SCMP_SYS(prctl), {is(0, PR_SET_NO_NEW_PRIVS)}},
      {SCMP_SYS(prctl), {is(0, PR_SET_SECCOMP)}},
      {SCMP_SYS(prctl), {is(0, PR_GET_SECCOMP)}},
      {SCMP_SYS(landlock_create_ruleset), {}},
      {SCMP_SYS(landlock_restrict_self), {}},
      // Of itself alone: reading its limits, and forbidding processes.
      {SCMP_SYS(prlimit64), {is(0, 0), is(2, 0)}},
      {SCMP_SYS(prlimit64), {is(0, 0), is(1, RLIMIT_NPROC), is(3, 0)}},
      {SCMP_SYS(setrlimit), {is(0, RLIMIT_NPROC)}},
  };
}

std::vector<Rule> allowList(Wall wall) {
  const auto self = static_cast<std::uint64_t>(::getpid());
  std::vector<Rule> rules{
      // What it was given: a recording to read, outputs to write.
      {SCMP_SYS(read), {}},
      {SCMP_SYS(pread64), {}},
      {SCMP_SYS(write), {}},
      {SCMP_SYS(pwrite64), {}},
      {SCMP_SYS(lseek), {}},
      {SCMP_SYS(ftruncate), {}},
      {SCMP_SYS(fstat), {}},
      {SCMP_SYS(newfstatat), {is(3, AT_EMPTY_PATH)}},  // the C library's fstat
      {SCMP_SYS(close), {}},
      // Its parent, and nobody else.
      {SCMP_SYS(recvmsg), {is(0, kHearSocket)}},
      {SCMP_SYS(sendmsg), {is(0, kHearSocket)}},
      {SCMP_SYS(poll), {}},
      {SCMP_SYS(ppoll), {}},  // poll where there is no poll
      // Memory, which can never become code.
      {SCMP_SYS(brk), {}},
      {SCMP_SYS(mmap), {lacks(2, PROT_EXEC)}},
      {SCMP_SYS(mprotect), {lacks(2, PROT_EXEC)}},
      {SCMP_SYS(mremap), {}},
      {SCMP_SYS(munmap), {}},
      {SCMP_SYS(madvise), {}},
      // Locks and clocks of the C and C++ libraries.
      {SCMP_SYS(futex), {}},
      {SCMP_SYS(clock_gettime), {}},  // where the kernel gives no clock in user space
      {SCMP_SYS(gettimeofday), {}},
      // After a signal such as SIGCONT: a laptop may sleep.
      {SCMP_SYS(restart_syscall), {}},
      {SCMP_SYS(rt_sigreturn), {}},
      // To end, also by abort() with its message, so that a crash is known for one.
      {SCMP_SYS(exit), {}},
      {SCMP_SYS(exit_group), {}},
      {SCMP_SYS(writev), {}},
      {SCMP_SYS(rt_sigprocmask), {}},
      {SCMP_SYS(getpid), {}},
      {SCMP_SYS(gettid), {}},
      {SCMP_SYS(tgkill), {is(0, self), is(2, SIGABRT)}},
  };
  if (wall == Wall::loading) {
    for (Rule& rule : loadingList()) rules.push_back(std::move(rule));
  }
  if (kSanitized) {
    for (const int call : {SCMP_SYS(sigaltstack), SCMP_SYS(pipe), SCMP_SYS(pipe2),
                           SCMP_SYS(rt_sigaction), SCMP_SYS(sched_yield), SCMP_SYS(getrlimit),
                           SCMP_SYS(prlimit64), SCMP_SYS(clock_nanosleep)}) {
      rules.push_back({call, {}});
    }
  }
  return rules;
}

std::optional<std::string> filterCalls(Wall wall) {
  const std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(
      ::seccomp_init(wall == Wall::loading ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS),
      ::seccomp_release);
  if (!filter) return "out of memory";
  // Calls of the other word size or table never were ours.
  ::seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree instead of a list
  ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);     // all threads
  for (const Rule& rule : allowList(wall)) {
    const int fault = ::seccomp_rule_add_array(filter.get(), rule.action, rule.call,
                                               static_cast<unsigned>(rule.conditions.size()),
                                               rule.conditions.data());
    // EDOM: this processor's table has no such call.
    if (fault != 0 && fault != -EDOM) return std::strerror(-fault);
  }
  const int fault = ::seccomp_load(filter.get());
  if (fault != 0) return std::strerror(-fault);
  return std::nullopt;
}

std::string lockIn(int memory_mb, Wall wall, std::span<const std::filesystem::path> readable) {
  // A parent that ended before this line is noticed at the first message.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) throwErrno("bind", "this process to its parent");
  // The parent decides: not whoever stops a whole service, nor a closed terminal.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
  if (::syscall(SYS_close_range, kHearSocket + 1, ~0U, 0) != 0) {
    for (int fd = kHearSocket + 1; fd < 4096; ++fd) ::close(fd);  // a kernel before 5.9
  }
  setLimits(memory_mb, wall);
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    throwErrno("lock in", "this process");
  }

  const std::optional<std::string> no_landlock = denyFiles(readable);
  const std::optional<std::string> no_seccomp = filterCalls(wall);
  std::string holds = no_seccomp ? "" : "seccomp, ";
  if (!no_landlock) holds += "landlock, ";
  holds += "rlimits";
  std::string missing;
  if (no_seccomp) missing += fmt::format("seccomp ({})", *no_seccomp);
  if (no_landlock) {
    missing += fmt::format("{}landlock ({})", missing.empty() ? "" : ", ", *no_landlock);
  }
  return missing.empty() ? holds : fmt::format("{}; this kernel lacks {}", holds, missing);
}

}  // namespace

std::string lockIn(int memory_mb) { return lockIn(memory_mb, Wall::hearing, {}); }

void keepToLibraries(const std::filesystem::path& libraries) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throwErrno("lock in", "this process");
  const std::array<std::filesystem::path, 8> readable{
      libraries,          "/usr/lib",   "/lib",          "/lib64",
      "/etc/ld.so.cache", "/proc/self", "/proc/cpuinfo", "/sys/devices/system"};
  denyFiles(readable);
}

std::string lockInToLoad(int memory_mb, const std::filesystem::path& libraries) {
  return lockIn(memory_mb, Wall::loading, std::span(&libraries, 1));
}

void seal() {
  forbidThreads();
  denyFiles({});  // of this thread: the filter below is of all
  // Where the kernel has no filters there was none before either, and lockInToLoad said so.
  if (::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != SECCOMP_MODE_FILTER) return;
  if (const auto fault = filterCalls(Wall::hearing)) {
    throw Error(Fault::io, fmt::format("cannot lock in this process: {}", *fault));
  }
}

}  // namespace attacca::hear
