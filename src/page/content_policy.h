// The Content-Security-Policy of a document: its own inline styles and scripts, named by hash
// (CSP3 §2.3.1), and nothing else.
#pragma once

#include <string>
#include <string_view>

namespace intermission::page {

/// The value of the field for this very text. A script may make requests to its own origin, to
/// check whether the service is back; a document without script may make none.
std::string content_policy(std::string_view html);

}  // namespace intermission::page
