#include "server/head_scanner.h"

#include <algorithm>

namespace intermission::server {

HeadScanner::Scan HeadScanner::scan(std::string_view bytes, std::size_t limit) {
  const std::string_view window = bytes.substr(0, limit);
  for (;;) {
    const std::size_t lf = window.find('\n', seen_);
    if (lf == std::string_view::npos) break;
    if (lf == 0 || window[lf - 1] != '\r') return {{400, "a line ends with a bare line feed"}, 0};
    seen_ = static_cast<std::uint32_t>(lf + 1);
    if (line_ == 0) {
      request_line_ = seen_;
    } else if (lf - line_ == 1) {
      return {{}, lf + 1};
    } else if (window[line_] == ' ' || window[line_] == '\t') {
      return {{400, "a field line starts with white space"}, 0};
    }
    line_ = seen_;
  }
  seen_ = static_cast<std::uint32_t>(window.size());
  if (bytes.size() < limit) return {};
  if (request_line_ == 0) return {{414, "the request line is too long"}, 0};
  return {{431, "the request head is too large"}, 0};
}

}  // namespace intermission::server
