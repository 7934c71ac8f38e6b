// What a request shows of its client, and a record of what was looked at: the answer's Vary
// lists exactly the fields that the decision consulted, present or not (RFC 9110 §12.5.5).
//
// Recognisers read field values through RequestEvidence only. Made for one request, on the stack;
// not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "catalog/service.h"
#include "dialect/parsed_headers.h"
#include "dialect/triggers.h"
#include "http/field.h"
#include "http/media_type.h"
#include "http/request.h"
#include "negotiate/negotiate.h"

namespace intermission::dialect {

/// What would become of another request of the same client.
class Elsewhere {
 public:
  /// Whether a person who opens that page finds it in maintenance. The path is as the client wrote
  /// it.
  virtual bool holds_page(std::string_view host, std::string_view path) const = 0;

 protected:
  ~Elsewhere() = default;
};

/// What is known of the body when the question is asked.
enum class BodyState : std::uint8_t {
  kUnread,  // the head has just come; saying "I need the body" makes it be read
  kFinal,   // what there is of it is here; there will be no more
};

class RequestEvidence {
 public:
  /// Request and service must outlive it, and so must `readings` where there are any: what is
  /// found there need not be read again.
  RequestEvidence(const http::Request& request, BodyState body, const catalog::Service& service,
                  ParsedHeaders* parsed_headers = nullptr)
      : request_(request),
        body_(body),
        service_(service),
        parsed_headers_(parsed_headers),
        method_class_(dialect::method_class(request.method())) {}

  std::string_view method() const { return request_.method(); }
  Methods method_class() const { return method_class_; }
  const http::Request& request() const { return request_; }
  /// What the operator configured for the service that is asked for.
  const catalog::Service& service() const { return service_; }
  /// What the client spoke to the router, as far as a trusted proxy tells.
  std::string_view scheme() const { return secure_ ? "https" : "http"; }
  void set_secure(bool secure) { secure_ = secure; }
  /// Whether the sender is believed about the client's scheme (http/told_scheme.h).
  bool is_passed_on() const { return passed_on_; }
  void set_passed_on(bool passed_on) { passed_on_ = passed_on; }
  /// As Elsewhere's; true where nothing is known.
  bool holds_page(std::string_view host, std::string_view path) const {
    return elsewhere_ == nullptr || elsewhere_->holds_page(host, path);
  }
  void set_elsewhere(const Elsewhere* elsewhere) { elsewhere_ = elsewhere; }
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
  /// Whether that is it, whatever its parameters.
  bool sends(std::string_view media_type) {
    return content_type() && content_type_->is(media_type);
  }

  /// Accept, parsed once.
  const negotiate::Accept& accept() { return parsed_accept().accept; }
  /// Whether Accept names that media type itself, not by a wildcard, with a weight above 0.
  bool accepts(std::string_view media_type) {
    const auto accepted = accept().weight_of(media_type);
    return accepted.named && accepted.weight > 0;
  }
  /// The rows of the table that it triggers.
  const RowsByMethod& rows_by_accept() { return parsed_accept().rows; }

  /// Accept-Language, parsed once.
  const negotiate::AcceptLanguage& accept_language() {
    return read(http::Field::kAcceptLanguage, &ParsedHeaders::accept_language, accept_language_);
  }

  /// Accept-Encoding, parsed once.
  const negotiate::AcceptEncoding& accept_encoding() {
    return read(http::Field::kAcceptEncoding, &ParsedHeaders::accept_encoding, accept_encoding_);
  }

  /// For callers that have looked at fields without asking here.
  void consult(http::FieldSet fields) { consulted_.add(fields); }
  http::FieldSet consulted() const { return consulted_; }

 private:
  // Where a header's reading is, and the reading where it is nowhere else.
  template <typename Parsed>
  struct Place {
    const Parsed* found = nullptr;
    std::optional<Parsed> own;
  };

  template <typename Parsed>
  const Parsed& read(http::Field field, negotiate::Recent<Parsed> ParsedHeaders::*recent,
                     Place<Parsed>& place) {
    consulted_.add(field);
    if (place.found == nullptr) find(request_.values(field), recent, place);
    return *place.found;
  }

  template <typename Parsed>
  [[gnu::noinline]] void find(http::FieldValues lines,
                              negotiate::Recent<Parsed> ParsedHeaders::*recent,
                              Place<Parsed>& place) {
    if (parsed_headers_ != nullptr) place.found = (parsed_headers_->*recent).read(lines);
    if (place.found == nullptr) place.found = &place.own.emplace(lines);
  }

  const ParsedAccept& parsed_accept() {
    return read(http::Field::kAccept, &ParsedHeaders::accept, accept_);
  }

  const http::Request& request_;
  BodyState body_;
  const catalog::Service& service_;
  ParsedHeaders* parsed_headers_;
  Methods method_class_;
  bool secure_ = false;
  bool passed_on_ = false;
  const Elsewhere* elsewhere_ = nullptr;
  http::FieldSet consulted_;
  bool content_type_parsed_ = false;
  std::optional<http::MediaType> content_type_;
  Place<ParsedAccept> accept_;
  Place<negotiate::AcceptLanguage> accept_language_;
  Place<negotiate::AcceptEncoding> accept_encoding_;
};

}  // namespace intermission::dialect
