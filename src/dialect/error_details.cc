#include "dialect/error_details.h"

#include "dialect/protobuf.h"
#include "http/date.h"

namespace intermission::dialect {
namespace {

// RetryInfo { Duration retry_delay = 1; }, Duration { int64 seconds = 1; }
std::string retry_info(const page::Notice& notice) {
  return length_delimited(1, wait_integer(1, notice));
}

// ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
std::string error_info(const page::Notice& notice) {
  std::string info = length_delimited(1, notice.is_outage ? "OUTAGE" : "MAINTENANCE") +
                     length_delimited(2, notice.service);
  if (notice.until) {
    info += length_delimited(
        3, length_delimited(1, "endsAt") + length_delimited(2, http::rfc3339(*notice.until)));
  }
  return info;
}

// LocalizedMessage { string locale = 1; string message = 2; }
std::string localized_message(const page::Notice& notice) {
  return length_delimited(1, notice.language) + length_delimited(2, notice.message);
}

}  // namespace

std::vector<ErrorDetail> error_details(const page::Notice& notice) {
  return {{kRetryInfo, retry_info(notice)},
          {"google.rpc.ErrorInfo", error_info(notice)},
          {"google.rpc.LocalizedMessage", localized_message(notice)}};
}

}  // namespace intermission::dialect
