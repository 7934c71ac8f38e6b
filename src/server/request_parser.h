// The framing of one request (RFC 9112) with Boost.Beast: its head into an http::Request, and
// its body, counted or chunked, of which the first bytes are kept.
//
//   RequestParser parser(limits);
//   Fault fault = parser.read_head(head, request);   // the whole head, see HeadScanner
//   if (!fault && parser.has_body()) {
//     std::string kept;
//     auto step = parser.read_body(bytes, limits.body_peek, kept);   // until it is not kMore
//   }
//
// Beast is lenient where a server that faces the public must not be; what is refused beyond it
// stands in read_head(). No sockets, no clock. One parser reads one request; it can be moved.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/limits.h"
#include "http/request.h"
#include "server/fault.h"

namespace intermission::server {

/// One element of chunked framing, a chunk's size line or all trailers, is at most this large.
inline constexpr std::size_t kMaxChunkFraming = 8 * 1024;
/// All chunk extensions of one body together (RFC 9112 §7.1.1 asks for a limit).
inline constexpr std::size_t kMaxChunkExtensions = 16 * 1024;

enum class BodyProgress : std::uint8_t {
  kMore,      // every byte that could be used was; more are needed
  kComplete,  // the body ended; bytes after it belong to the next request
  kTooLarge,  // a chunk announces more than Limits::body_discard allows
  kBroken,    // see fault
};

class RequestParser : private boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(const http::Limits& limits);
  RequestParser(RequestParser&&) = default;

  /// `head` is complete, ends with its empty line and is at most Limits::header_bytes long.
  /// Afterwards `request` holds views into it. On a fault `request` holds what was read so far.
  Fault read_head(std::string_view head, http::Request& request);

  /// The same without Beast, for a head that is plain (see plain_head.h) and that `bytes` start
  /// with: its size, and `fault` as read_head() would return it. 0 where it is not, and nothing
  /// has happened.
  std::size_t read_plain_head(std::string_view bytes, http::Request& request, Fault& fault);

  /// The fault in a complete request line (with its CRLF), exactly as read_head() would find it.
  static Fault check_request_line(std::string_view line);

  // The rest is asked after one of them found no fault.

  bool has_body() const { return !plain_ && !is_done(); }
  /// Of a body that announces it; 0 for a chunked one.
  std::uint64_t announced_size() const { return announced_size_; }
  /// Whether the client lets the connection be used again (RFC 9112 §9.3).
  bool keep_alive() const { return keep_alive_; }
  /// Whether the client has said that nothing follows this request (RFC 9112 §9.6).
  bool asks_to_close() const { return asks_to_close_; }
  bool expects_continue() const { return expects_continue_; }

  struct BodyStep {
    BodyProgress progress = BodyProgress::kMore;
    Fault fault;
    std::size_t consumed = 0;  // what was not is presented again, with more after it
  };
  /// Decodes `bytes`. The first `keep` bytes of the whole body are appended to `kept`.
  BodyStep read_body(std::string_view bytes, std::size_t keep, std::string& kept);

  /// Bytes of body decoded so far.
  std::uint64_t decoded() const { return decoded_; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  Fault check_framing(const http::Request& request);
  Fault too_long(std::string_view framing) const;
  BodyStep stop_body(std::size_t consumed, error_code error) const;
  std::size_t keep(string_view body);

  void on_request_impl(boost::beast::http::verb, string_view method, string_view target,
                       int version, error_code& error) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field, string_view name, string_view value,
                     error_code& error) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return keep(body); }
  void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code&) override;
  void on_finish_impl(error_code&) override {}

  const http::Limits* limits_;
  http::Request* request_ = nullptr;  // while the head is read
  std::string* kept_ = nullptr;       // while a part of the body is read
  std::size_t keep_ = 0;
  std::uint64_t announced_size_ = 0;
  std::uint64_t decoded_ = 0;
  std::uint64_t chunk_left_ = 0;  // of the current chunk's data
  std::size_t extensions_ = 0;    // bytes of all chunk extensions
  bool plain_ = false;            // the head was read without Beast, and has no body
  bool line_read_ = false;
  bool keep_alive_ = false;
  bool asks_to_close_ = false;
  bool expects_continue_ = false;
};

}  // namespace intermission::server
