#include "http/request_id.h"

namespace intermission::http {

std::string_view request_id(const Request& request, Field field) {
  constexpr std::size_t kLongest = 200;
  const std::string_view id = request.value(field);
  return id.size() <= kLongest ? id : std::string_view{};
}

}  // namespace intermission::http
