// One part of a service as the configuration writes it (a window, a message), read by the
// configuration's own reader: what operators may say at run time is what they may write in the
// file, with the same words about mistakes.
#pragma once

#include <string>
#include <string_view>

#include "catalog/service.h"

namespace intermission::control {

/// Where in the part a mistake is, "start" or "rrule", and what was expected there.
struct PartProblem {
  std::string field;
  std::string detail;
};

template <typename T>
struct PartResult {
  T value = {};
  PartProblem problem = {};
  bool good = true;

  explicit operator bool() const { return good; }
};

/// `text` is JSON. The service holds the windows that it stands for and nothing else.
PartResult<catalog::Service> read_window_part(std::string_view text);

/// `text` is JSON: one text in `language`, or a map of languages of which `language` comes first
/// if it is among them.
PartResult<catalog::LocalizedText> read_message_part(std::string_view text,
                                                     std::string_view language);

}  // namespace intermission::control
