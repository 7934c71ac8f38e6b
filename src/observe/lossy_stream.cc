#include "observe/lossy_stream.h"

#include <poll.h>
#include <unistd.h>

#include <string>

namespace intermission::observe {

bool LossyStream::write(std::string_view line) {
  const bool written = has_room() && (lost_ == 0 || say_what_is_lost()) && put(line);
  lost_ = written ? 0 : lost_ + 1;
  return written;
}

// True if there is room for a further line.
bool LossyStream::say_what_is_lost() {
  if (!manner_.says_what_is_lost) return true;
  const std::string lines =
      lost_ == 1 ? " line of this log was dropped" : " lines of this log were dropped";
  if (!put("intermission: " + std::to_string(lost_) + lines + " because the reader was too slow\n"))
    return false;
  lost_ = 0;
  return has_room();
}

bool LossyStream::has_room() const {
  pollfd room{descriptor_, POLLOUT, 0};
  const auto wait = lost_ == 0 ? static_cast<int>(manner_.patience.count()) : 0;
  return poll(&room, 1, wait) > 0 && (room.revents & POLLOUT) != 0;
}

bool LossyStream::put(std::string_view line) const {
  std::string cut;
  if (line.size() > kLongestLine) {
    cut = std::string(line.substr(0, kLongestLine - 1)) + '\n';
    line = cut;
  }
  return ::write(descriptor_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

}  // namespace intermission::observe
