// The program. Its commands are in cli/, one file each.
#include "cli/command_line.h"

int main(int argc, char** argv) {
  return intermission::cli::run(argc, argv);
}
