#include "server/unread_line.h"

#include <algorithm>

#include "base/text.h"
#include "http/media_type.h"

namespace intermission::server {
namespace {

bool ends_target(char c) {
  return c == ' ' || base::is_control(c);
}

}  // namespace

void read_what_stands(std::string_view bytes, http::Request& request) {
  const auto method_end = std::find_if_not(bytes.begin(), bytes.end(), [](char c) {
    return http::is_token({&c, 1});
  });
  const std::string_view method(bytes.begin(), method_end);
  // Without its end, a method may be the start of a longer one.
  const bool whole = method_end != bytes.end();
  std::string_view target = bytes.substr(method.size());
  if (target.starts_with(' ')) {
    target.remove_prefix(1);
    target = {target.begin(), std::find_if(target.begin(), target.end(), ends_target)};
  } else {
    target = {};
  }
  request.reset(whole ? method : std::string_view(), target, 0);
}

}  // namespace intermission::server
