// The command line in this process, with what it says.
#pragma once

#include <iostream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "support/captured.h"

namespace intermission::testing {

/// As a shell would run it: the words after the program's name. Returns the exit code.
inline int carry_out(std::vector<std::string> words) {
  words.insert(words.begin(), "intermission");
  std::vector<char*> given;
  for (std::string& word : words) given.push_back(word.data());
  given.push_back(nullptr);
  return cli::run(static_cast<int>(words.size()), given.data());
}

/// The same, with what it says.
inline Ran run_command(const std::vector<std::string>& words) {
  const Captured out(std::cout);
  const Captured err(std::cerr);
  const int code = carry_out(words);
  return {code, out.text(), err.text()};
}

}  // namespace intermission::testing
