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

}  // namespace intermission::http
