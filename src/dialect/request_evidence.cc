#include "dialect/request_evidence.h"

namespace intermission::dialect {

const std::optional<http::MediaType>& RequestEvidence::content_type() {
  consulted_.add(http::Field::kContentType);
  if (!content_type_parsed_) {
    content_type_ = http::parse_media_type(request_.value(http::Field::kContentType));
    content_type_parsed_ = true;
  }
  return content_type_;
}

}  // namespace intermission::dialect
