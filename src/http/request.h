// One request as a value: the request line, the field lines and the start of the body
// (RFC 9110 §6, RFC 9112 §3 and §5).
//
//   Request request;
//   request.reset("GET", "/orders?format=xml", 11);
//   request.add_field("Accept", "text/html");
//   request.value(Field::kAccept);          // "text/html"
//
// A Request holds views only: the bytes belong to the caller that filled it (the connection's
// buffer, a test's string) and must outlive it. It is reused from request to request; once its
// field list has grown to its usual size, filling it allocates nothing. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "http/address.h"
#include "http/field.h"
#include "http/target.h"

namespace intermission::http {

/// What a router's PROXY protocol header says of the connection that it begins.
struct ProxySource {
  /// For whom the router connects. Nothing where it speaks for itself (LOCAL), does not say
  /// (UNKNOWN), or the client has no address, as behind a Unix socket.
  std::optional<Address> address;

  bool operator==(const ProxySource&) const = default;
};

struct FieldLine {
  std::string_view name;   // as sent
  std::string_view value;  // without surrounding white space
  Field field = Field::kOther;
  std::uint16_t next = 0;  // index + 1 of the next line of the same known field; 0: none
};

/// The values of all lines of one field, in order. Reading them one after the other equals
/// reading them joined with commas (RFC 9110 §5.3), which never has to be built.
class FieldValues {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const std::string_view*;
    using reference = std::string_view;

    Iterator() = default;
    Iterator(const FieldLine* lines, std::uint16_t at) : lines_(lines), at_(at) {}
    std::string_view operator*() const { return lines_[at_ - 1].value; }
    Iterator& operator++() {
      at_ = lines_[at_ - 1].next;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const FieldLine* lines_ = nullptr;
    std::uint16_t at_ = 0;
  };

  FieldValues() = default;
  FieldValues(const FieldLine* lines, std::uint16_t first) : lines_(lines), first_(first) {}
  Iterator begin() const { return {lines_, first_}; }
  Iterator end() const { return {lines_, 0}; }
  bool empty() const { return first_ == 0; }

 private:
  const FieldLine* lines_ = nullptr;
  std::uint16_t first_ = 0;
};

class Request {
 public:
  /// Starts a new request and forgets the last one. `version` is 10, 11 or 20.
  void reset(std::string_view method, std::string_view target, int version);

  /// At most 65,535 lines; the server's limit is far lower. Returns what field it is.
  Field add_field(std::string_view name, std::string_view value);

  /// The first bytes of the content, decoded from chunks. `complete` is false where more
  /// followed, or where the body was not wanted and was not kept.
  void set_body(std::string_view body, bool complete) {
    body_ = body;
    body_complete_ = complete;
  }

  /// The other end of the connection's own socket, most often a router: the one to trust or not.
  /// It stays when a request is reset; nothing where there is no connection.
  const std::optional<Address>& peer() const { return peer_; }
  /// What the PROXY header said that the connection began with; nothing where there was none.
  const std::optional<ProxySource>& proxy_source() const { return proxy_source_; }
  void set_peer(const std::optional<Address>& peer,
                const std::optional<ProxySource>& proxy_source = {}) {
    peer_ = peer;
    proxy_source_ = proxy_source;
  }
  /// Whether the connection itself is protected by TLS. What a router tells of its own connection
  /// with the client is another matter: see told_scheme.h. It stays when a request is reset.
  bool is_secure() const { return secure_; }
  void set_secure(bool secure) { secure_ = secure; }
  /// Who sent the request: the client that a PROXY header names, else the peer. Nothing where the
  /// header names no address.
  std::optional<Address> sender() const { return proxy_source_ ? proxy_source_->address : peer_; }

  std::string_view method() const { return method_; }  // case-sensitive, RFC 9110 §9.1
  std::string_view target() const { return target_.whole; }
  /// 10, 11 or 20, that is HTTP/2; 0 where it could not be read.
  int version() const { return version_; }

  /// The path of the target, always starting with "/" except for "*" and authority-form.
  std::string_view path() const { return target_.path; }
  std::string_view query() const { return target_.query; }  // without "?"

  /// Whom the request is for: an absolute-form target's authority, else Host
  /// (RFC 9112 §3.2.2). With its port; empty if the client named none.
  std::string_view authority() const;
  /// authority() without port and without a trailing dot, as sent (not lowered).
  std::string_view host() const;

  const std::vector<FieldLine>& fields() const { return fields_; }
  bool has(Field field) const { return present_.has(field); }
  /// All known fields that the request has.
  FieldSet present() const { return present_; }
  /// The first line's value; empty if absent.
  std::string_view value(Field field) const {
    const std::uint16_t first = first_[static_cast<std::size_t>(field)];
    return first == 0 ? std::string_view{} : fields_[first - 1U].value;
  }
  FieldValues values(Field field) const;
  /// For names outside the table: the first line of that name, or nothing.
  std::optional<std::string_view> value(std::string_view name) const;

  std::string_view body() const { return body_; }
  bool body_complete() const { return body_complete_; }

 private:
  std::string_view method_;
  Target target_;
  int version_ = 11;
  std::vector<FieldLine> fields_;
  FieldSet present_;
  std::array<std::uint16_t, kMostFields + 1> first_{};  // index + 1 of a field's first line
  std::array<std::uint16_t, kMostFields + 1> last_{};   // valid where first_ is not 0
  std::string_view body_;
  bool body_complete_ = true;
  std::optional<Address> peer_;
  std::optional<ProxySource> proxy_source_;
  bool secure_ = false;
};

}  // namespace intermission::http
