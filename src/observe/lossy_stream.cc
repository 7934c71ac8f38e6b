#include "observe/lossy_stream.h"

#include <poll.h>
#include <unistd.h>

#include <string>

namespace intermission::observe {

void LossyStream::write(std::string_view line) {
  if (lost_ > 0 && has_room()) {
    const std::string lines =
        lost_ == 1 ? " line of this log is lost" : " lines of this log are lost";
    put("intermission: " + std::to_string(lost_) + lines + ": nobody took them\n");
    lost_ = 0;
  }
  if (lost_ == 0 && has_room()) return put(line);
  ++lost_;
}

bool LossyStream::has_room() const {
  pollfd room{descriptor_, POLLOUT, 0};
  return poll(&room, 1, 0) > 0 && (room.revents & POLLOUT) != 0;
}

void LossyStream::put(std::string_view line) const {
  std::string cut;
  if (line.size() > kLongestLine) {
    cut = std::string(line.substr(0, kLongestLine - 1)) + '\n';
    line = cut;
  }
  // There is nobody left to tell when this fails.
  [[maybe_unused]] const auto written = ::write(descriptor_, line.data(), line.size());
}

}  // namespace intermission::observe
