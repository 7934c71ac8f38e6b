#include "dialect/clues.h"

namespace intermission::dialect {

const std::optional<http::MediaType>& Clues::content_type() {
  consulted_.add(http::Field::kContentType);
  if (!content_type_parsed_) {
    content_type_ = http::parse_media_type(request_.value(http::Field::kContentType));
    content_type_parsed_ = true;
  }
  return content_type_;
}

const negotiate::Accept& Clues::accept() {
  consulted_.add(http::Field::kAccept);
  if (!accept_) accept_.emplace(request_.values(http::Field::kAccept));
  return *accept_;
}

const negotiate::AcceptLanguage& Clues::accept_language() {
  consulted_.add(http::Field::kAcceptLanguage);
  if (!accept_language_) accept_language_.emplace(request_.values(http::Field::kAcceptLanguage));
  return *accept_language_;
}

}  // namespace intermission::dialect
