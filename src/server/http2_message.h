// What makes a request of HTTP/2 malformed (RFC 9113 §8.1.1, §8.2, §8.3), line by line.
//
// nghttp2 has rules of its own, but they reset every request that names no host: routers make such
// requests of HTTP/1.0, and §8.3.1 allows them. So its rules are off, and these are in force. They
// use its functions for single characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace intermission::server {

class Http2Message {
 public:
  /// A field line of the head, or of the trailers once the head has ended.
  void take_field(std::string_view name, std::string_view value);
  void end_head();
  void take_data(std::uint64_t size);
  /// `ends_stream`: whether the message ends with what was taken last; only trailers must.
  void end_trailers(bool ends_stream);
  void end();

  /// Of what was taken so far. A message that is malformed stays so.
  bool is_malformed() const { return malformed_; }

 private:
  enum Seen : std::uint8_t {
    kMethod = 1,
    kScheme = 2,
    kPath = 4,
    kAuthority = 8,
    kHost = 16,
    kRegular = 32,  // any field but these
  };

  bool is_seen(Seen what) const { return (seen_ & what) != 0; }
  void require(bool holds) { malformed_ = malformed_ || !holds; }
  void take_once(Seen what, bool is_valid);
  void take_pseudo(std::string_view name, std::string_view value);
  void take_regular(std::string_view name, std::string_view value);

  std::optional<std::uint64_t> announced_;  // by content-length
  std::uint64_t received_ = 0;
  std::uint8_t seen_ = 0;
  bool is_connect_ = false;
  bool is_options_ = false;
  bool path_is_asterisk_ = false;
  bool head_ended_ = false;
  bool malformed_ = false;
};

}  // namespace intermission::server
