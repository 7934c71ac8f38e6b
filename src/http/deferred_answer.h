// An answer that is not known yet, because something outside the gateway has to be waited for: the
// database that a change is saved in. The worker serves others meanwhile, and the server asks for
// the answer a few times a second. See Handled::deferred.
#pragma once

#include "http/response.h"

namespace intermission::http {

class DeferredAnswer {
 public:
  virtual ~DeferredAnswer() = default;

  /// Fills `response`, which comes reset, and returns true once the answer is known: as
  /// Handler::answer() does. Called by the worker's thread, and must not wait. One that throws is
  /// answered as a handler that throws.
  virtual bool take(Response& response) = 0;
};

}  // namespace intermission::http
