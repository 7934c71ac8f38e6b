// What a request shows of its client, and a record of what was looked at: the answer's Vary
// lists exactly the fields that the decision consulted, present or not (RFC 9110 §12.5.5).
//
// Recognisers read field values through Clues only. Made for one request, on the stack; not
// thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "catalog/configuration.h"
#include "http/field.h"
#include "http/media_type.h"
#include "http/request.h"
#include "negotiate/negotiate.h"

namespace intermission::dialect {

/// What is known of the body when the question is asked.
enum class BodyState : std::uint8_t {
  kUnread,  // the head has just come; saying "I need the body" makes it be read
  kFinal,   // what there is of it is here; there will be no more
};

class Clues {
 public:
  /// Request and service must outlive it.
  Clues(const http::Request& request, BodyState body, const catalog::Service& service)
      : request_(request), body_(body), service_(service) {}

  std::string_view method() const { return request_.method(); }
  const http::Request& request() const { return request_; }
  /// What the operator configured for the service that is asked for.
  const catalog::Service& service() const { return service_; }
  /// What the client spoke to the router, as far as a trusted proxy tells.
  std::string_view scheme() const { return secure_ ? "https" : "http"; }
  void set_secure(bool secure) { secure_ = secure; }
  bool body_unread() const { return body_ == BodyState::kUnread; }

  bool has(http::Field field) {
    consulted_.add(field);
    return request_.has(field);
  }
  std::string_view value(http::Field field) {
    consulted_.add(field);
    return request_.value(field);
  }
  http::FieldValues values(http::Field field) {
    consulted_.add(field);
    return request_.values(field);
  }

  /// The request's Content-Type; nothing if absent or malformed. Parsed once.
  const std::optional<http::MediaType>& content_type();

  /// Accept, parsed once.
  const negotiate::Accept& accept();

  /// Accept-Language, parsed once.
  const negotiate::AcceptLanguage& accept_language();

  /// For whoever has looked at fields without asking here.
  void consult(http::FieldSet fields) { consulted_.add(fields); }
  http::FieldSet consulted() const { return consulted_; }

 private:
  const http::Request& request_;
  BodyState body_;
  const catalog::Service& service_;
  bool secure_ = false;
  http::FieldSet consulted_;
  bool content_type_parsed_ = false;
  std::optional<http::MediaType> content_type_;
  std::optional<negotiate::Accept> accept_;
  std::optional<negotiate::AcceptLanguage> accept_language_;
};

}  // namespace intermission::dialect
