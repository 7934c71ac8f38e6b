#include "program/outcome.h"

#include <iostream>

namespace intermission::program {

void tell(const std::string& problem) {
  std::cerr << "intermission: " << problem << std::endl;
}

int failed(const std::string& why) {
  tell(why);
  return kFailed;
}

int wrong(const std::string& what) {
  tell(what);
  return kWrong;
}

}  // namespace intermission::program
