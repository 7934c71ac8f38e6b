// A client of HTTP/2 without a socket, on nghttp2's client session: what it wants to send, and what
// it makes of what came.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intermission::testing {

class Http2Client {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  struct Answer {
    Fields fields;  // with :status
    std::string body;
    bool ended = false;                  // the server has ended its side
    std::optional<std::uint32_t> reset;  // the error code of a RST_STREAM
    bool closed = false;

    std::string status() const { return value(":status"); }
    std::string value(std::string_view name) const;
  };

  struct Settings {
    bool checks_messages = true;  // as nghttp2 does; false for wrong requests
    // For each answer; no more is taken than the test allows.
    std::optional<std::uint32_t> initial_window{};
  };

  Http2Client() : Http2Client(Settings{}) {}
  explicit Http2Client(const Settings& settings);

  /// Begins a request; with `ends` it is whole. Returns the stream's id.
  std::int32_t request(const Fields& fields, std::string_view body = {}, bool ends = true);
  /// GET of a path.
  std::int32_t get(const std::string& path);
  /// Sends more of the body of a request that has not ended.
  void send_more(std::int32_t id, std::string_view body, bool ends);
  void reset(std::int32_t id, std::uint32_t error_code);
  void ping();
  /// Lets the server send more.
  void open_window(std::int32_t id, std::int32_t bytes);

  /// Bytes to send next, with the preface before all.
  std::string to_send();
  /// False where nghttp2 finds the bytes wrong.
  bool take(std::string_view bytes);

  const Answer& answer(std::int32_t id) { return answers_[id]; }
  /// The error code of the last GOAWAY, and how many have come.
  std::optional<std::uint32_t> goaway() const { return goaway_; }
  int goaways() const { return goaways_; }
  std::int32_t last_stream_of_goaway() const { return last_stream_; }
  std::uint32_t remote_setting(nghttp2_settings_id id) const {
    return nghttp2_session_get_remote_settings(session_.get(), id);
  }
  int pongs() const { return pongs_; }

 private:
  struct Upload {
    std::string bytes;
    bool ends = true;
    bool paused = false;
  };
  struct Callbacks;

  struct Delete {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };
  std::unique_ptr<nghttp2_session, Delete> session_;
  std::map<std::int32_t, Answer> answers_;
  std::map<std::int32_t, Upload> uploads_;
  std::optional<std::uint32_t> goaway_;
  std::int32_t last_stream_ = 0;
  int goaways_ = 0;
  int pongs_ = 0;
};

}  // namespace intermission::testing
