// A server that takes one connection, notes the request and says what a test has written down,
// whatever was asked: for clients that must bear what no decent server says.
#pragma once

#include <cstdint>
#include <string>
#include <thread>

namespace intermission::testing {

class ScriptedServer {
 public:
  enum class Then : std::uint8_t {
    kCloses,    // at once
    kIsSilent,  // until the client leaves
    kTrickles,  // a byte every few milliseconds, until the client leaves
  };

  /// Listens on 127.0.0.1; throws std::runtime_error where it cannot.
  explicit ScriptedServer(std::string answer, Then then = Then::kCloses);
  /// Waits until the client has left.
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// What was asked. Waits until the client has left.
  const std::string& request();

 private:
  void serve();

  std::string answer_;
  Then then_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::string request_;  // the thread's, until it has ended
  std::thread thread_;
};

}  // namespace intermission::testing
