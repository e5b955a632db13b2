// attacca: the command line.
#include "command_line.h"

int main(int argc, char** argv) {
  return attacca::cli::runProgram(argc, argv, attacca::cli::runCommandLine);
}
