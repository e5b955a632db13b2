#include "attacca/base/error.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace attacca {

Error::Error(Fault fault, std::string problem, std::string remedy)
    : fault_(fault), problem_(std::move(problem)), remedy_(std::move(remedy)) {
  text_ = remedy_.empty() ? problem_ : problem_ + "\n  " + remedy_;
}

void throwSystemError(std::string_view action, std::string_view subject, int error_number) {
  std::string remedy;
  if (error_number == ENOSPC || error_number == EDQUOT) remedy = "free some space and run it again";
  if (error_number == EROFS || error_number == EACCES || error_number == EPERM) {
    remedy = "check who owns it and whether it may be written to";
  }
  throw Error(error_number == ENOENT ? Fault::notFound : Fault::io,
              fmt::format("cannot {} {}: {}", action, subject,
                          std::generic_category().message(error_number)),
              std::move(remedy));
}

void throwErrno(std::string_view action, std::string_view subject) {
  throwSystemError(action, subject, errno);
}

}  // namespace attacca
