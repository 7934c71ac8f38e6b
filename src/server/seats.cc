#include "server/seats.h"

#include <algorithm>

namespace intermission::server {

std::optional<Seats::Seat> Seats::take(const http::Address& address) {
  Seat seat;
  if (is_free(address)) return seat;
  const std::lock_guard lock(mutex_);
  std::uint64_t& taken = taken_[address];
  if (taken >= limit_) return {};
  ++taken;
  seat.seats_ = this;
  seat.address_ = address;
  return seat;
}

bool Seats::is_free(const http::Address& address) const {
  return limit_ == 0 || std::any_of(exempt_.begin(), exempt_.end(),
                                    [&](const auto& network) { return network.contains(address); });
}

void Seats::give_back(const http::Address& address) {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find(address);
  if (--found->second == 0) taken_.erase(found);
}

}  // namespace intermission::server
