// Who passes a gate although the service is in maintenance: testers, by their address or by a pass
// (gate/bypass.h).
//
//   https://orders.example.com/?intermission-bypass=PASS       a link; its answer is a redirect
//                                                              to the same URL without the pass,
//                                                              and sets the cookie
//   Cookie: intermission-bypass-orders=PASS                    what the gate looks at; tools may
//                                                              send it as they are
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "catalog/service.h"
#include "dialect/request_evidence.h"
#include "gateway/forwarded_request.h"
#include "gateway/outcome.h"
#include "http/response.h"

namespace intermission::gateway {

/// The value of the cookie in which a tester of that service carries a pass; empty if there is
/// none. Never fails.
std::string_view pass_in_cookies(http::FieldValues cookies, std::string_view service);

/// Whether the gate lets the request through. A wrong or expired pass is as good as none. Consults
/// the cookies only where passes could be valid.
Bypassed look_for_pass(dialect::RequestEvidence& evidence, const ForwardedRequest& forwarded,
                       const catalog::Service& service, base::TimePoint now);

/// What an operator hands to a tester.
struct PassLink {
  std::string link;    // https, for a browser; with HOST where the service has no host of its own
  std::string cookie;  // "NAME=PASS", for tools
};

/// Of a service whose bypass has a key; `until` is not before 1970.
PassLink make_pass_link(const catalog::Service& service, base::TimePoint until);

/// Whether the request is a link with a valid pass; then `response` redirects to where it leads.
bool answer_link(const ForwardedRequest& forwarded, const catalog::Service& service,
                 base::TimePoint now, http::Response& response);

}  // namespace intermission::gateway
