// What the header fields that are negotiated by say, kept for the requests that send the same
// (negotiate/recent.h).
#pragma once

#include "dialect/causes.h"
#include "http/request.h"
#include "negotiate/negotiate.h"
#include "negotiate/recent.h"

namespace intermission::dialect {

/// Accept, and the rows of the table that it gives cause to ask.
struct AcceptReading {
  explicit AcceptReading(http::FieldValues lines);

  negotiate::Accept accept;
  RowsByMethod rows{};
};

/// For one thread, which may use it for one request after the other.
struct Readings {
  negotiate::Recent<AcceptReading> accept;
  negotiate::Recent<negotiate::AcceptLanguage> accept_language;
  negotiate::Recent<negotiate::AcceptEncoding> accept_encoding;
};

}  // namespace intermission::dialect
