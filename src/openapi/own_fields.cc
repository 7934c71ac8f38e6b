#include "openapi/own_fields.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace intermission::openapi {
namespace {

constexpr std::array<std::string_view, 14> kOwnFields = {"Retry-After",
                                                         "Content-Type",
                                                         "Content-Length",
                                                         "Content-Language",
                                                         "Vary",
                                                         "Cache-Control",
                                                         "X-Content-Type-Options",
                                                         "X-Maintenance",
                                                         "Date",
                                                         "Connection",
                                                         "Transfer-Encoding",
                                                         "Content-Encoding",
                                                         "X-Vcap-Request-Id",
                                                         "traceparent"};

}  // namespace

bool is_own_field(std::string_view name) {
  return base::istarts_with(name, "Access-Control-") ||
         std::any_of(kOwnFields.begin(), kOwnFields.end(),
                     [&](std::string_view own) { return base::iequals(own, name); });
}

}  // namespace intermission::openapi
