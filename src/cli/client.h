// A caller of the operator's API: what stands behind the commands on, off, status and their kin.
//
// It opens a connection, and still does not belong to server/: that folder takes connections in
// and knows nothing of calling out; this one waits, one call at a time, in a program that ends
// afterwards. Boost.Beast does the HTTP.
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

  /// `url` is "http://HOST[:PORT]". Anything else is an Error at the first call.
  Client(std::string url, std::string token, std::chrono::milliseconds patience = kPatience)
      : url_(std::move(url)), token_(std::move(token)), patience_(patience) {}

  const std::string& url() const { return url_; }

  /// `body` is JSON, or empty. An Error says that nobody answered, and what to do; the whole answer
  /// has to be there before patience ends.
  base::Result<Reply> call(std::string_view method, const std::string& path,
                           const std::string& body = {}) const;

  /// Hands over the body as it comes, until the gateway ends it or `take` returns false. The
  /// reply's own body is empty unless its status is bad. Patience ends with silence only.
  base::Result<Reply> listen(const std::string& path,
                             const std::function<bool(std::string_view)>& take) const;

 private:
  base::Result<Reply> exchange(std::string_view method, const std::string& path,
                               const std::string& body,
                               const std::function<bool(std::string_view)>& take) const;

  std::string url_;
  std::string token_;
  std::chrono::milliseconds patience_;
};

}  // namespace intermission::cli
