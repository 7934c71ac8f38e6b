// A body that is sent over time: Server-Sent Events, for as long as the client listens.
// A handler puts one into Response::stream; the server asks it for new text a few times a
// second.
#pragma once

#include <string>

namespace intermission::http {

class Stream {
 public:
  virtual ~Stream() = default;

  /// Appends what is to be said now, which may be nothing, and returns whether more may follow.
  /// Called by the worker's thread, and never while the client has not taken what came before: a
  /// client that reads slowly is asked for less often, so keep what is behind within a bound. One
  /// that throws ends the body.
  virtual bool read(std::string& out) = 0;
};

}  // namespace intermission::http
