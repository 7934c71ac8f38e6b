// A client on a raw loopback socket, which sends what no decent client would. Nothing here
// waits for longer than its limit: a server that says nothing fails the test.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace intermission::testing {

class WireClient {
 public:
  static constexpr std::chrono::milliseconds kLimit{20'000};

  /// Connects to 127.0.0.1; throws std::runtime_error if no server listens. `receive_buffer`
  /// bytes, if given, is how little the kernel may take in for us.
  explicit WireClient(std::uint16_t port, int receive_buffer = 0);
  ~WireClient();
  WireClient(WireClient&& other) noexcept : socket_(other.socket_) { other.socket_ = -1; }
  WireClient(const WireClient&) = delete;
  WireClient& operator=(const WireClient&) = delete;

  /// Sends all of it; false if the server is gone.
  bool send(std::string_view bytes);
  /// Sends what the kernel takes without waiting, and says how much that was.
  std::size_t send_some(std::string_view bytes);
  /// Whether all that was sent has arrived at the server's socket.
  bool is_delivered() const;
  /// Says that nothing more will be sent.
  void finish();
  /// Leaves with a reset.
  void reset();

  /// One response with its body, as its Content-Length says (none after HEAD); what came behind
  /// it is kept for the next call. Shorter if the connection ends or the limit passes.
  std::string response(bool head_only = false);
  /// Everything until the server closes. Ends with "(timeout)" if it does not, and with "(reset)"
  /// if it ends the connection with a reset instead of an orderly end.
  std::string until_close(std::chrono::milliseconds limit = kLimit);
  /// At least one more byte, or nothing if the server closed.
  std::string some();
  /// Whether the server closes in order, and says nothing before, within the limit.
  bool closed_silently(std::chrono::milliseconds limit = kLimit) {
    return until_close(limit).empty();
  }

 private:
  enum class Got : std::uint8_t { kBytes, kEnd, kReset, kTimeout };
  Got receive(std::chrono::steady_clock::time_point until);

  int socket_;
  std::string pending_;  // received, not returned yet
};

/// The status code of a response; 0 if it is none.
int status_of(const std::string& response);
/// The body of a response.
std::string body_of(const std::string& response);

}  // namespace intermission::testing
