#include "control/wrong_tokens.h"

#include <algorithm>
#include <functional>
#include <string>

namespace intermission::control {
namespace {

constexpr std::size_t kIpv6Network = 8;  // bytes of a /64

std::size_t hash_of(const std::optional<http::Address>& peer) {
  if (!peer) return 0;
  static const auto kIpv4 = *http::Network::parse("::ffff:0:0/96");
  const std::string_view bytes(reinterpret_cast<const char*>(peer->bytes.data()),
                               peer->bytes.size());
  return std::hash<std::string_view>()(kIpv4.contains(*peer) ? bytes
                                                             : bytes.substr(0, kIpv6Network));
}

}  // namespace

std::optional<base::Seconds> WrongTokens::note(const std::optional<http::Address>& peer) {
  const base::TimePoint now = clock_.now();
  const base::MutexLock lock(mutex_);
  ++total_;
  tell(peer, now);
  Place& place = places_[hash_of(peer) % places_.size()];
  // A clock that was set back begins a new period as well.
  if (place.calls == 0 || now - place.since >= kPeriod || now < place.since) place = {now, 0};
  place.calls = std::min(place.calls + 1, kPatience + 1);
  if (place.calls <= kPatience) return {};
  return place.since + kPeriod - now;
}

void WrongTokens::tell(const std::optional<http::Address>& peer, base::TimePoint now) {
  if (!tell_ || (told_at_ && *told_at_ == now)) return;
  told_at_ = now;
  const std::uint64_t more = total_ - told_ - 1;
  told_ = total_;
  std::string line = "control: a wrong token from " + (peer ? peer->text() : "an unknown address");
  if (more > 0) line += ", and " + std::to_string(more) + " more since the last such line";
  tell_(line);
}

std::uint64_t WrongTokens::total() const {
  const base::MutexLock lock(mutex_);
  return total_;
}

}  // namespace intermission::control
