// A client of the operators' API, by libcurl: the commands on, off, status and others call it.
//
//   const Client client({.url = "https://ops.example.com:9099", .token = token});
//   const auto reply = client.call("GET", "/api/status");
//   if (!reply) return fail(reply.error().text());    // no answer; else see reply->status
//
// Calls block, one at a time. No proxy is used, whatever the environment says: the token is for the
// gateway alone.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "cli/listener_owner.h"

namespace intermission::cli {

struct Reply {
  unsigned status = 0;
  std::string body;

  bool good() const { return status >= 200 && status < 300; }
};

class Client {
 public:
  /// Longer than a change takes on a slow disk, and longer than the pause between two events.
  static constexpr std::chrono::milliseconds kPatience{40'000};

  struct Settings {
    std::string url;  // "http://HOST[:PORT]" or "https://…". Anything else: an Error at each call.
    std::string token;
    /// A file in PEM: the authorities that are trusted, or the gateway's certificate itself.
    /// Empty: the system's authorities.
    std::string ca = {};
    std::chrono::milliseconds patience = kPatience;
    /// False: any certificate will do. For calls that send no token.
    bool verifies = true;
    /// Whether the connection begins with a PROXY protocol header.
    bool proxy_protocol = false;
    /// The owner of the file that the token was read from. Without TLS, such a token is sent only
    /// to listeners of this user, of root and of the caller. Nothing: the token is always sent.
    std::optional<uid_t> token_owner = {};
    std::string socket_tables = kSocketTables;  // for users_who_listen()
  };
  explicit Client(Settings settings) : settings_(std::move(settings)) {}

  const std::string& url() const { return settings_.url; }

  /// `body` is JSON, or empty. An Error says that there was no answer, and what to do. The whole
  /// answer must arrive within `patience`.
  base::Result<Reply> call(std::string_view method, const std::string& path,
                           const std::string& body = {}) const;

  /// Hands over the body as it arrives, until the gateway ends it or `take` returns false. The
  /// reply's own body is empty unless its status is bad. `patience` limits each pause, give or take
  /// a second, and not the whole.
  base::Result<Reply> listen(const std::string& path,
                             const std::function<bool(std::string_view)>& take) const;

 private:
  base::Result<Reply> exchange(std::string_view method, const std::string& path,
                               const std::string& body,
                               const std::function<bool(std::string_view)>& take) const;

  Settings settings_;
};

}  // namespace intermission::cli
