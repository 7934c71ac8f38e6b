// The ids that routers and clients give a request, so that both ends, the page and the log name
// it alike.
#pragma once

#include <array>
#include <string_view>

#include "http/request.h"

namespace intermission::http {

inline constexpr std::array kRequestIdFields = {Field::kXRequestId, Field::kXVcapRequestId,
                                                Field::kTraceparent};

/// The id in that field; empty if there is none, or what is too long to be one.
std::string_view request_id(const Request& request, Field field);

/// The trace-id in a traceparent (W3C Trace Context §3.2.2): 32 hexadecimal digits in lower case.
/// Empty if there is none, or only zeros.
std::string_view trace_id_in(std::string_view traceparent);

/// Whether an id may stand in JSON, in XML, and in a field, just as it is.
bool is_plain_id(std::string_view id);

}  // namespace intermission::http
