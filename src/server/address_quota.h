// How many connections each client address holds, over all workers of a listener. It is asked
// when a connection begins and when it ends, never for a request.
//
// The addresses of one IPv6 /64 count as one: it is what a single client is given (RFC 6177), which
// may use any address in it. IPv4 addresses count one by one, mapped into IPv6 (::ffff:0:0/96) or
// translated (64:ff9b::/96, RFC 6052) ones too.
//
//   AddressQuota quota(limit, exempt);
//   auto share = quota.take(peer);      // nothing: that address has as many as it may
//   connection.share = std::move(*share);   // given back when it is destroyed
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "http/address.h"

namespace intermission::server {

/// Any thread may use it; it outlives its quota.
class AddressQuota {
 public:
  /// `limit` 0: no bound. `exempt` addresses, those of routers, have none either.
  AddressQuota(std::uint64_t limit, std::vector<http::Network> exempt)
      : limit_(limit), exempt_(std::move(exempt)) {}

  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept
        : quota_(std::exchange(other.quota_, nullptr)), address_(other.address_) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(quota_, other.quota_);
      std::swap(address_, other.address_);
      return *this;
    }
    ~Share() {
      if (quota_ != nullptr) quota_->give_back(address_);
    }

   private:
    friend class AddressQuota;
    AddressQuota* quota_ = nullptr;  // null: not counted
    http::Address address_;
  };

  std::optional<Share> take(const http::Address& client);

  /// The address under which `address` is counted.
  static http::Address holder_of(const http::Address& address);

 private:
  struct Hash {
    std::size_t operator()(const http::Address& address) const {
      const auto* text = reinterpret_cast<const char*>(address.bytes.data());
      return std::hash<std::string_view>()({text, address.bytes.size()});
    }
  };

  bool is_free(const http::Address& address) const;
  void give_back(const http::Address& address) EXCLUDES_LOCK(mutex_);

  const std::uint64_t limit_;
  const std::vector<http::Network> exempt_;
  base::Mutex mutex_;
  std::unordered_map<http::Address, std::uint64_t, Hash> taken_ GUARDED_BY(mutex_);
};

}  // namespace intermission::server
