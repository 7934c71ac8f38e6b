#include "gateway/scope.h"

#include <algorithm>

#include "base/text.h"
#include "http/path_readings.h"

namespace intermission::gateway {

bool covers_method(const catalog::Scope& scope, std::string_view method) {
  if (scope.allow_reads) return method != "GET" && method != "HEAD" && method != "OPTIONS";
  return scope.methods.empty() ||
         std::any_of(scope.methods.begin(), scope.methods.end(),
                     [&](std::string_view listed) { return base::iequals(listed, method); });
}

bool covers_path(const catalog::Scope& scope, std::string_view path, bool case_sensitive,
                 Endings endings) {
  const auto begins = [&](std::string_view prefix) {
    if (prefix == "/") return true;
    const std::string_view start = path.substr(0, prefix.size());
    const std::string_view behind = path.substr(start.size());
    const bool may_end = endings == Endings::kCutOff && http::begins_with_ending(behind);
    if (!behind.empty() && behind[0] != '/' && !may_end) return false;
    return case_sensitive ? start == prefix : base::iequals(start, prefix);
  };
  return scope.paths.empty() || std::any_of(scope.paths.begin(), scope.paths.end(), begins);
}

}  // namespace intermission::gateway
