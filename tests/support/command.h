// The command line in this process, with what it says.
#pragma once

#include <iostream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "support/captured.h"

namespace intermission::testing {

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

/// As a shell would run it: the words after the program's name.
inline Ran run_command(std::vector<std::string> words) {
  words.insert(words.begin(), "intermission");
  std::vector<char*> given;
  for (std::string& word : words) given.push_back(word.data());
  given.push_back(nullptr);
  const Captured out(std::cout);
  const Captured err(std::cerr);
  const int code = cli::run(static_cast<int>(words.size()), given.data());
  return {code, out.text(), err.text()};
}

}  // namespace intermission::testing
