// The heads of tests/gateway/heads.txt: requests of real clients, each with the kind that it is
// answered as.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "http/request.h"

namespace intermission::testing {

struct Head {
  std::string kind;
  std::string look_of;  // the kind that it must not be mistaken for, if it looks like another
  std::string who;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  /// The request, without its body; it points into this Head.
  void fill(http::Request& request) const;
};

/// Names the failing test; without it GoogleTest prints bytes.
void PrintTo(const Head& head, std::ostream* out);

/// All of them, in the order of the file.
std::vector<Head> read_heads();

}  // namespace intermission::testing
