#include "gateway/scope.h"

#include <algorithm>

#include "base/text.h"

namespace intermission::gateway {

bool covers_method(const catalog::Scope& scope, std::string_view method) {
  if (scope.allow_reads) return method != "GET" && method != "HEAD" && method != "OPTIONS";
  return scope.methods.empty() ||
         std::any_of(scope.methods.begin(), scope.methods.end(),
                     [&](std::string_view listed) { return base::iequals(listed, method); });
}

bool covers_path(const catalog::Scope& scope, std::string_view path, bool case_sensitive) {
  const auto begins = [&](std::string_view prefix) {
    if (prefix == "/") return true;
    if (path.size() > prefix.size() && path[prefix.size()] != '/') return false;
    const std::string_view start = path.substr(0, prefix.size());
    return case_sensitive ? start == prefix : base::iequals(start, prefix);
  };
  return scope.paths.empty() || std::any_of(scope.paths.begin(), scope.paths.end(), begins);
}

}  // namespace intermission::gateway
