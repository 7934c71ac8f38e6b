// The details of an error as google.rpc.Status carries them (google/rpc/error_details.proto;
// AIP-193): what programs read beside the message, for gRPC, gRPC-Web and Connect.
//
//   google.rpc.RetryInfo         retry_delay: the seconds of Retry-After
//   google.rpc.ErrorInfo         reason: MAINTENANCE or OUTAGE; domain: the service's name;
//                                metadata: endsAt (RFC 3339), where an end is known
//   google.rpc.LocalizedMessage  locale and message: the operator's words and their language
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "page/notice.h"

namespace intermission::dialect {

inline constexpr std::string_view kRetryInfo = "google.rpc.RetryInfo";

struct ErrorDetail {
  std::string_view type;  // its full name
  std::string value;      // Protocol Buffers; may hold the marks of Slotted
};

/// The one that can best be spared comes last.
std::vector<ErrorDetail> error_details(const page::Notice& notice);

}  // namespace intermission::dialect
