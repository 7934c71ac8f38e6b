// A LossyStream as spdlog wants it. Included by serve.cc alone, which sets the default logger.
#pragma once

#include <mutex>
#include <string_view>

#include "base/spdlog.h"
#include "observe/lossy_stream.h"

namespace intermission::observe {

/// Any thread may use it; none waits for a slow reader of the log.
class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LogSink(int descriptor) : stream_(descriptor) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    stream_.write({line.data(), line.size()});
  }
  void flush_() override {}

  LossyStream stream_;
};

}  // namespace intermission::observe
