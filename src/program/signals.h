// The signals that a server ends or reloads by.
#pragma once

#include <signal.h>

namespace intermission::program {

/// SIGTERM, SIGINT and SIGHUP, from now on blocked in this thread and in all that it starts: wait
/// for them with sigwait(). SIGPIPE is ignored.
sigset_t block_signals();

}  // namespace intermission::program
