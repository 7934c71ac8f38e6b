// What is written to a standard stream, in place of the stream's own end.
#pragma once

#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>

namespace intermission::testing {

/// Until the end of its scope. Any thread may write and read meanwhile.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(&shared_)) {}
  ~Captured() { stream_.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  std::string text() const { return shared_.text(); }

 private:
  class SharedText final : public std::streambuf {
   public:
    std::string text() const {
      const std::lock_guard lock(mutex_);
      return text_;
    }

   private:
    int overflow(int c) override {
      const std::lock_guard lock(mutex_);
      text_ += static_cast<char>(c);
      return c;
    }
    std::streamsize xsputn(const char* bytes, std::streamsize size) override {
      const std::lock_guard lock(mutex_);
      text_.append(bytes, static_cast<std::size_t>(size));
      return size;
    }

    mutable std::mutex mutex_;
    std::string text_;
  };

  SharedText shared_;
  std::ostream& stream_;
  std::streambuf* before_;
};

/// What a command said, and its exit code.
struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

}  // namespace intermission::testing
