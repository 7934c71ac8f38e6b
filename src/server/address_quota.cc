#include "server/address_quota.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace intermission::server {

namespace {

bool starts_with(const http::Address& address, const std::array<std::uint8_t, 12>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
}

}  // namespace

http::Address AddressQuota::holder_of(const http::Address& address) {
  constexpr std::array<std::uint8_t, 12> kIpv4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> kTranslated{0, 0x64, 0xff, 0x9b};
  if (starts_with(address, kIpv4) || starts_with(address, kTranslated)) return address;
  http::Address holder = address;
  std::fill(holder.bytes.begin() + 8, holder.bytes.end(), std::uint8_t{0});
  return holder;
}

std::optional<AddressQuota::Share> AddressQuota::take(const http::Address& client) {
  Share share;
  if (is_free(client)) return share;
  const http::Address address = holder_of(client);
  const base::MutexLock lock(mutex_);
  std::uint64_t& taken = taken_[address];
  if (taken >= limit_) return {};
  ++taken;
  share.quota_ = this;
  share.address_ = address;
  return share;
}

bool AddressQuota::is_free(const http::Address& address) const {
  return limit_ == 0 || std::any_of(exempt_.begin(), exempt_.end(),
                                    [&](const auto& network) { return network.contains(address); });
}

void AddressQuota::give_back(const http::Address& address) {
  const base::MutexLock lock(mutex_);
  const auto found = taken_.find(address);
  if (--found->second == 0) taken_.erase(found);
}

}  // namespace intermission::server
