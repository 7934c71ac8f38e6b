// spdlog for files that log; all of its headers that they need are included here. Its functions are
// compiled once, in spdlog.cc, with the {fmt} of fmt.cc: as headers they cost each file that
// includes them ten seconds.
#pragma once

#define SPDLOG_COMPILED_LIB
#define SPDLOG_FMT_EXTERNAL
#define SPDLOG_DISABLE_DEFAULT_LOGGER  // serve() sets one

#include "base/fmt.h"
// After fmt.h.
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
