// The command line: which command was given, and how it ends.
#pragma once

namespace intermission::cli {

/// Carries out what the command line says. Returns the exit code, see program/outcome.h.
int run(int argc, char** argv);

}  // namespace intermission::cli
