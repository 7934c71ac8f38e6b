// Debian's nginx with a configuration of the test's own, on a port of its own, to compare with.
//
//   Nginx nginx("location / { return 200 ok; }", settings);
//   WireClient client(nginx.port());
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "support/temporary_folder.h"

namespace intermission::testing {

class Nginx {
 public:
  /// `server` is what stands in its server block beside `listen`. One process in the
  /// foreground, in an empty folder; throws std::runtime_error with its error log if it does
  /// not come up.
  explicit Nginx(const std::string& server);
  /// Ends it, by its process id, and removes the folder.
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  bool start(const std::string& server);
  bool comes_up();
  std::string log() const;

  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

}  // namespace intermission::testing
