// The parsed values of the header fields for negotiation, kept for later requests with the same
// values (negotiate/recent.h).
#pragma once

#include "dialect/triggers.h"
#include "http/request.h"
#include "negotiate/negotiate.h"
#include "negotiate/recent.h"

namespace intermission::dialect {

/// Accept, and the rows of the table that it triggers.
struct ParsedAccept {
  explicit ParsedAccept(http::FieldValues lines);

  negotiate::Accept accept;
  RowsByMethod rows{};
};

/// For one thread, which may use it for one request after the other.
struct ParsedHeaders {
  negotiate::Recent<ParsedAccept> accept;
  negotiate::Recent<negotiate::AcceptLanguage> accept_language;
  negotiate::Recent<negotiate::AcceptEncoding> accept_encoding;
};

}  // namespace intermission::dialect
