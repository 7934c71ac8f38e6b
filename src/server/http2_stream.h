// One request of a connection of HTTP/2 with its answer (RFC 9113 §5.1, §8.1): the field lines as
// they come out of HPACK, what is kept of the body, and what is left to send.
//
//   state       meaning                                            left by
//   kHead       the field section is not complete                  its end
//   kBody       it is, and the body is waited for                  its end, or enough of it
//   kAnswered   the answer is submitted or deferred; what still    the end of both directions
//               comes of the body is thrown away
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/deferred_answer.h"
#include "http/limits.h"
#include "http/request.h"
#include "http/response.h"
#include "server/fault.h"
#include "server/http2_message.h"

namespace intermission::server {

class Http2Stream {
 public:
  enum class State : std::uint8_t { kHead, kBody, kAnswered };

  explicit Http2Stream(std::int32_t id) : id_(id) {}

  std::int32_t id() const { return id_; }

  // ---- the request

  /// A field line, or a pseudo-header field (RFC 9113 §8.3), as HPACK gave it: names in lower case.
  /// Beyond the limits nothing is kept, and check_head() says so.
  void add_field(std::string_view name, std::string_view value, const http::Limits& limits);

  /// Makes `request` this one, with views into the stream: until more fields are added, or it ends.
  /// Cookies are one field again (§8.2.3), and :authority stands as Host where there is none.
  void fill(http::Request& request) const;

  /// What the protocol asks of its lines and its length.
  Http2Message message;
  /// What is wrong with the head as a message, as Http1Session would say it.
  Fault check_head() const;
  /// Whether Host names another place than :authority: the request is malformed (§8.3.1).
  bool has_two_hosts() const;
  bool is_head_request() const { return method_ == "HEAD"; }

  /// The first bytes of the body, up to `keep`, and how many have come.
  std::string body;
  std::size_t keep = 0;
  std::uint64_t received = 0;
  bool client_is_done = false;  // it has ended its side
  bool is_awaited = false;      // the answer waits for the end of the body
  bool is_cut = false;          // its side is not waited for once the answer is sent

  // ---- the answer

  /// Takes the body of `response` over.
  void take_answer(http::Response& response);
  /// Is asked for the answer while time passes; null once that is submitted.
  std::unique_ptr<http::DeferredAnswer> deferred;
  /// What can be sent now.
  std::string_view unsent;
  /// What its field lines, or its trailers, are made of until they are sent.
  std::string head;
  /// Field lines to send behind it.
  http::FieldLines trailers;
  /// Says more while time passes; null where `unsent` is all.
  std::unique_ptr<http::Stream> source;
  /// What `source` has said goes in place of `unsent`, which is empty.
  void say(std::string text);
  /// Time brings what there is to say.
  bool waits_for_time() const { return deferred != nullptr || source != nullptr; }
  bool is_sent = false;    // all of it, with END_STREAM
  bool is_paused = false;  // `source` had nothing to say when it was asked

  bool is_reset = false;  // by us: what still comes of it is passed over

  State state = State::kHead;
  std::uint64_t deadline_ms = 0;  // for what the client is to do next
  std::size_t progress = 0;       // bytes taken since the deadline was set

  /// Bytes on the heap, without those that the answer shares with others.
  std::size_t held() const;

 private:
  struct Line {
    std::uint32_t name_size;
    std::uint32_t value_size;
  };

  void add_pseudo(std::string_view name, std::string_view value);

  std::int32_t id_;
  std::string method_;
  std::string target_;     // :path
  std::string authority_;  // :authority
  std::string host_;
  std::string cookies_;
  std::string fields_;  // name, value, name, value ...
  std::vector<Line> lines_;
  std::size_t size_ = 0;   // of all lines, as HTTP/1.1 would write them
  std::size_t count_ = 0;  // of all lines but pseudo-header fields
  bool has_host_ = false;
  bool is_too_large_ = false;
  bool has_too_many_ = false;
  http::Body said_;  // what `unsent` looks into
};

}  // namespace intermission::server
