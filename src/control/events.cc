#include "control/events.h"

#include <algorithm>

namespace intermission::control {
namespace {

constexpr std::size_t kEnough = std::size_t{64} * 1024;
constexpr base::Seconds kSilence{15};

}  // namespace

void Events::publish(std::string_view event, std::string_view data) {
  const base::MutexLock lock(mutex_);
  std::string text = "id: " + std::to_string(++newest_) + "\nevent: ";
  text.append(event).append("\ndata: ").append(data).append("\n\n");
  kept_.push_back(std::move(text));
  if (kept_.size() > kKept) kept_.pop_front();
}

std::optional<Events::Seat> Events::take_seat() {
  if (++listeners_ <= most_listeners_) return Seat(*this);
  --listeners_;
  return {};
}

std::uint64_t Events::newest() const {
  const base::MutexLock lock(mutex_);
  return newest_;
}

void Events::read_after(std::uint64_t& seen, std::string& out) const {
  const base::MutexLock lock(mutex_);
  // From a program that ran before this one: it counted on its own.
  if (seen > newest_) seen = 0;
  const std::uint64_t oldest = newest_ - kept_.size() + 1;
  if (seen + 1 < oldest) {
    out += "event: lost\ndata: " + std::to_string(oldest - seen - 1) + "\n\n";
    seen = oldest - 1;
  }
  for (; seen < newest_ && out.size() < kEnough; ++seen) {
    out += kept_[static_cast<std::size_t>(seen + 1 - oldest)];
  }
}

bool EventStream::read(std::string& out) {
  if (watch_) watch_();
  events_.read_after(seen_, out);
  const base::TimePoint now = clock_.now();
  if (out.empty() && (!began_ || now - spoke_ >= kSilence)) out += ":\n\n";
  if (!out.empty()) spoke_ = now;
  began_ = true;
  return true;
}

}  // namespace intermission::control
