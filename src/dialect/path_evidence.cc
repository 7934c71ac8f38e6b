#include "dialect/path_evidence.h"

#include <algorithm>

namespace intermission::dialect {

bool leaves_form_to_path(RequestEvidence& evidence, std::initializer_list<std::string_view> types) {
  if (evidence.service().contract != nullptr) return false;
  const auto& sent = evidence.content_type();
  if (sent && sent->is_xml()) return false;
  bool only_these = true;
  evidence.accept().each_named([&](std::string_view range) {
    const auto named = http::parse_media_type(range);
    only_these = only_these && named && std::any_of(types.begin(), types.end(), [&](auto type) {
                   return named->is(type);
                 });
  });
  return only_these;
}

}  // namespace intermission::dialect
