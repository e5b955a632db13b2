// The one kind of exception that Attacca throws for a fault of the user or of the world.
// A fault of the programmer is an assertion, never an Error.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace attacca {

enum class Fault {
  usage,        // the request makes no sense as it stands
  notFound,     // the named thing is not there
  refused,      // an input that cannot be used (a recording, a row, a file format)
  corrupt,      // stored data that fails its own checks
  io,           // the operating system said no
  busy,         // someone else holds what is needed
  cancelled,    // stopped on request
  unsupported,  // this machine or build cannot do it
};

// What happened, to which thing, and what to do about it. Sentences without a final full stop.
class Error : public std::exception {
 public:
  Error(Fault fault, std::string problem, std::string remedy = {});

  Fault fault() const noexcept { return fault_; }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& remedy() const noexcept { return remedy_; }  // may be empty
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  Fault fault_;
  std::string problem_;
  std::string remedy_;
  std::string text_;
};

// Throws Fault::io: "cannot <action> <subject>: <text of error_number>".
[[noreturn]] void throwSystemError(std::string_view action, std::string_view subject,
                                   int error_number);
// The same with the calling thread's errno.
[[noreturn]] void throwErrno(std::string_view action, std::string_view subject);

}  // namespace attacca
