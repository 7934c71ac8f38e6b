#include "observe/access_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "base/file_system.h"
#include "base/own_file.h"
#include "base/spdlog.h"
#include "observe/access_line.h"
#include "observe/lossy_stream.h"

namespace intermission::observe {
namespace {

using Format = catalog::AccessLog::Format;

// How long the writing thread waits for room before lines begin to be lost. Only it waits.
constexpr std::chrono::milliseconds kPatience{500};

// A log may be a link, to /dev/stdout for example, but not one that another user has made.
bool is_foreign(const std::string& link) {
  struct stat facts {};
  return lstat(link.c_str(), &facts) == 0 && facts.st_uid != 0 && facts.st_uid != geteuid();
}

base::Error not_opened(const std::string& file, const std::string& why) {
  return {"access_log.file: cannot write to " + file + ": " + why};
}

base::Result<int> open_file(const std::string& file) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
  int descriptor = ::open(file.c_str(), kFlags | O_NOFOLLOW, 0640);
  if (descriptor < 0 && errno == ELOOP) {
    if (is_foreign(file)) return not_opened(file, "another user's symbolic link; remove it");
    descriptor = ::open(file.c_str(), kFlags, 0640);
  }
  if (descriptor < 0) return not_opened(file, std::strerror(errno));
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) return descriptor;
  base::SystemFiles files;
  const auto problem = base::mistrust(files, descriptor, file);
  if (!problem) return descriptor;
  close(descriptor);
  return not_opened(file, *problem);
}

/// Where the lines end: standard output, or a file that this owns.
class Destination final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  Destination(std::string file, int descriptor)
      : file_(std::move(file)),
        descriptor_(descriptor),
        stream_(descriptor, {.patience = kPatience, .says_what_is_lost = false}) {}
  ~Destination() override {
    if (!file_.empty()) close(descriptor_);
  }

  void reopen() { reopen_ = true; }
  std::uint64_t lost() const { return lost_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (reopen_.exchange(false)) follow_the_name();
    if (!stream_.write({message.payload.data(), message.payload.size()})) ++lost_;
  }
  void flush_() override {}

  void follow_the_name() {
    if (file_.empty()) return;
    const auto next = open_file(file_);
    if (!next) return;
    dup3(*next, descriptor_, O_CLOEXEC);
    close(*next);
  }

  const std::string file_;  // empty: standard output
  const int descriptor_;
  LossyStream stream_;
  std::atomic<bool> reopen_{false};
  std::atomic<std::uint64_t> lost_{0};
};

/// One worker's.
class Scribe final : public gateway::Observer {
 public:
  using Append = void (*)(std::string&, const gateway::Answered&);

  Scribe(std::shared_ptr<spdlog::logger> queue, Append append)
      : queue_(std::move(queue)), append_(append) {}

  void answered(const gateway::Answered& answered) override {
    line_.clear();
    append_(line_, answered);
    queue_->info(std::string_view(line_));
  }

 private:
  std::shared_ptr<spdlog::logger> queue_;
  Append append_;
  std::string line_;
};

class QueuedLog final : public AccessLog {
 public:
  QueuedLog(Format format, std::string file, int descriptor)
      : format_(format),
        destination_(std::make_shared<Destination>(std::move(file), descriptor)),
        thread_(std::make_shared<spdlog::details::thread_pool>(kQueue, 1)),
        queue_(std::make_shared<spdlog::async_logger>(
            "access", destination_, thread_, spdlog::async_overflow_policy::overrun_oldest)) {}

  std::unique_ptr<gateway::Observer> observer() override {
    return std::make_unique<Scribe>(queue_,
                                    format_ == Format::kJson ? append_json : append_combined);
  }
  void reopen() override { destination_->reopen(); }
  std::uint64_t lost() const override { return thread_->overrun_counter() + destination_->lost(); }

 private:
  Format format_;
  std::shared_ptr<Destination> destination_;
  std::shared_ptr<spdlog::details::thread_pool> thread_;
  std::shared_ptr<spdlog::logger> queue_;
};

class NoLog final : public AccessLog {
 public:
  std::unique_ptr<gateway::Observer> observer() override { return nullptr; }
  void reopen() override {}
  std::uint64_t lost() const override { return 0; }
};

}  // namespace

base::Result<std::unique_ptr<AccessLog>> AccessLog::open(const catalog::AccessLog& settings) {
  using Opened = std::unique_ptr<AccessLog>;
  if (settings.format == Format::kOff) return Opened(std::make_unique<NoLog>());
  int descriptor = STDOUT_FILENO;
  if (!settings.file.empty()) {
    const auto opened = open_file(settings.file);
    if (!opened) return opened.error();
    descriptor = *opened;
  }
  return Opened(std::make_unique<QueuedLog>(settings.format, settings.file, descriptor));
}

}  // namespace intermission::observe
