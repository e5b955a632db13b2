// attacca-lab: what trains and simulates. People type `attacca train` and `attacca simulate`.
#include "command_line.h"

int main(int argc, char** argv) {
  return attacca::cli::runProgram(argc, argv, attacca::cli::runLabCommandLine);
}
