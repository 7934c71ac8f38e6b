#include "http/request_id.h"

#include <algorithm>

#include "base/text.h"

namespace intermission::http {

std::string_view request_id(const Request& request, Field field) {
  constexpr std::size_t kLongest = 200;
  const std::string_view id = request.value(field);
  return id.size() <= kLongest ? id : std::string_view{};
}

std::string_view trace_id_in(std::string_view traceparent) {
  constexpr std::size_t kVersion = 3;  // with its dash
  constexpr std::size_t kSize = 32;
  const auto is_hex = [](char c) { return base::hex_value(c) >= 0 && (c < 'A' || c > 'F'); };
  if (traceparent.size() <= kVersion + kSize || traceparent[kVersion - 1] != '-' ||
      traceparent[kVersion + kSize] != '-') {
    return {};
  }
  const std::string_view id = traceparent.substr(kVersion, kSize);
  const bool is_valid = std::all_of(id.begin(), id.end(), is_hex) &&
                        id.find_first_not_of('0') != std::string_view::npos;
  return is_valid ? id : std::string_view{};
}

bool is_plain_id(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](char c) {
    return base::is_visible(c) && std::string_view("\"&'<>\\").find(c) == std::string_view::npos;
  });
}

}  // namespace intermission::http
