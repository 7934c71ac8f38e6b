// http/target.h and http/date.h. The input is a method, a line feed, and a target; the whole
// of it is also tried as a date-time.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/date.h"
#include "http/target.h"
#include "support/require.h"

namespace intermission::http {
namespace {

using testing::lies_within;
using testing::require;

void check_path(std::string_view path) {
  const std::string decoded = decode_path(path);
  require(decoded.size() <= std::max<std::size_t>(path.size(), 1), "decoding adds nothing");
  require(decoded.starts_with('/') || !path.starts_with('/'), "a path stays absolute");
  require(path.find('\0') != std::string_view::npos || decoded.find('\0') == std::string::npos,
          "no escape becomes NUL");
  if (!decoded.starts_with('/')) return;
  const std::string closed = decoded + "/";
  require(closed.find("/../") == std::string::npos, "no segment leads upwards");
  require(closed.find("/./") == std::string::npos, "no segment leads nowhere");
}

void check_target(std::string_view method, std::string_view text) {
  const Target target = parse_target(method, text);
  require(target.whole == text, "whole is the target as sent");
  require(lies_within(target.authority, text) && lies_within(target.query, text),
          "what is returned are views");
  require(lies_within(target.path, text) || target.path == "/", "the path is a view, or the root");
  require(method == "CONNECT" || !target.path.empty(), "there is a path");
  require(target.path.find_first_of("?#") == std::string_view::npos, "a path ends at ? and #");
  require(target.query.find('#') == std::string_view::npos, "a query ends at #");
  require(lies_within(host_of(target.authority), target.authority), "the host is a view");
  check_path(target.path);
  for (const std::string_view name : {"wsdl", "format", ""}) {
    const auto value = query_value(target.query, name);
    require(!value || lies_within(*value, target.query), "a value is a view");
    require(!value || value->find('&') == std::string_view::npos, "a value ends at &");
  }
}

void check_date(std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) return;
  require(imf_fixdate(*time).size() == 29, "every date has its length in HTTP");
  require(parse_rfc3339(rfc3339(*time)) == time, "what is written is read again");
}

}  // namespace
}  // namespace intermission::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A buffer of the exact size: an overread is seen.
  const auto buffer = std::make_unique<char[]>(size);
  std::copy(data, data + size, buffer.get());
  const std::string_view text(buffer.get(), size);
  const auto end = text.find('\n');
  if (end != std::string_view::npos) {
    intermission::http::check_target(text.substr(0, end), text.substr(end + 1));
  }
  intermission::http::check_date(text);
  return 0;
}
