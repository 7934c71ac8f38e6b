// What a browser's hints say of the document that fits it: RFC 8942 (client hints), User-Agent
// Client Hints, and User Preference Media Features Client Hints.
//
// Hints only leave out what this visitor would not see; a document without them fits everybody
// by media queries. Save-Data has a page of its own (minimal.cc).
#pragma once

#include <string_view>

#include "dialect/request_evidence.h"
#include "page/notice.h"

namespace intermission::dialect {

page::Fit fit_page(RequestEvidence& evidence);

/// The hints that are only sent where an answer has asked for them.
inline constexpr std::string_view kAcceptCh =
    "Sec-CH-Prefers-Color-Scheme, Sec-CH-Prefers-Reduced-Motion, Sec-CH-Viewport-Width";

}  // namespace intermission::dialect
