// What a body made from a contract may truthfully say of the maintenance. A dialect fills
// it in from its notice.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace intermission::contract {

/// Views; valid as long as what they were taken from.
struct Facts {
  std::string_view service;        // its name, a token
  std::string_view title;          // what people call it; may be empty
  std::string_view message;        // the operator's words, without control characters
  std::string_view language;       // RFC 5646
  std::string_view seconds;        // what stands for the seconds to wait: a number or a mark for it
  std::uint32_t most_seconds = 0;  // as many as a mark can come to stand for
  std::string_view problem_type = "about:blank";  // of problem details: a URI
  // Marks that stand for the moment of the answer and for what its request is known by; empty
  // where they never will be known.
  std::string_view now = {};          // RFC 3339
  std::string_view now_seconds = {};  // since 1970
  std::string_view path = {};         // in JSON and plain texts; see text_of_slot()
  std::string_view path_in_xml = {};
  std::string_view request_id = {};
  std::string_view trace_id = {};
  std::optional<base::TimePoint> since;
  std::optional<base::TimePoint> until;
  bool is_outage = false;  // nobody has planned that the service is down
};

}  // namespace intermission::contract
