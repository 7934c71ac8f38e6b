// A caller of the operator's API: what stands behind the commands on, off, status and their kin.
// libcurl does HTTP and TLS.
//
//   const Client client({.url = "https://ops.example.com:9099", .token = token});
//   const auto reply = client.call("GET", "/api/status");
//   if (!reply) return fail(reply.error().text());    // nobody answered; else see reply->status
//
// It waits, one call at a time, in a program that ends afterwards. No proxy is asked, whatever the
// environment says: the token is for the gateway alone.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace intermission::cli {

struct Reply {
  unsigned status = 0;
  std::string body;

  bool good() const { return status >= 200 && status < 300; }
};

class Client {
 public:
  /// Longer than a change takes on a slow disk, and than the silence between two events.
  static constexpr std::chrono::milliseconds kPatience{40'000};

  struct Settings {
    std::string url;  // "http://HOST[:PORT]" or "https://…". Anything else: an Error at each call.
    std::string token;
    /// A file in PEM: the authorities whose certificates are believed, or such a certificate
    /// itself. Empty: the system's authorities.
    std::string ca = {};
    std::chrono::milliseconds patience = kPatience;
    /// False: any certificate will do. For calls that send no token.
    bool verifies = true;
    /// Whether the connection begins with a PROXY protocol header.
    bool proxy_protocol = false;
  };
  explicit Client(Settings settings) : settings_(std::move(settings)) {}

  const std::string& url() const { return settings_.url; }

  /// `body` is JSON, or empty. An Error says that nobody answered, and what to do; the whole answer
  /// has to be there before patience ends.
  base::Result<Reply> call(std::string_view method, const std::string& path,
                           const std::string& body = {}) const;

  /// Hands over the body as it comes, until the gateway ends it or `take` returns false. The
  /// reply's own body is empty unless its status is bad. Patience ends with silence only, of which
  /// it can bear a second more.
  base::Result<Reply> listen(const std::string& path,
                             const std::function<bool(std::string_view)>& take) const;

 private:
  base::Result<Reply> exchange(std::string_view method, const std::string& path,
                               const std::string& body,
                               const std::function<bool(std::string_view)>& take) const;

  Settings settings_;
};

}  // namespace intermission::cli
