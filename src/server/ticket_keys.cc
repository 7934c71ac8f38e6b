#include "server/ticket_keys.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>

namespace intermission::server {
namespace {

bool fill(std::span<std::uint8_t> bytes) {
  return RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1;
}

}  // namespace

TicketKeys::~TicketKeys() {
  for (TicketKey& key : keys_) OPENSSL_cleanse(&key, sizeof key);
}

void TicketKeys::forget_old(base::TimePoint now) {
  // A clock that was set back makes no key immortal.
  const auto is_old = [now](const TicketKey& key) {
    return now - key.made >= 2 * kLife || key.made - now >= 2 * kLife;
  };
  while (!keys_.empty() && is_old(keys_.back())) {
    OPENSSL_cleanse(&keys_.back(), sizeof(TicketKey));
    keys_.pop_back();
  }
}

std::optional<TicketKey> TicketKeys::current() {
  const base::TimePoint now = clock_.now();
  const base::MutexLock lock(mutex_);
  forget_old(now);
  if (!keys_.empty() && now >= keys_.front().made && now - keys_.front().made < kLife) {
    return keys_.front();
  }
  TicketKey key{};
  if (!fill(key.name) || !fill(key.cipher) || !fill(key.digest)) return {};
  key.made = now;
  keys_.push_front(key);
  return key;
}

std::optional<TicketKeys::Found> TicketKeys::find(std::span<const std::uint8_t> name) {
  const base::TimePoint now = clock_.now();
  const base::MutexLock lock(mutex_);
  forget_old(now);
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const TicketKey& key) {
    return std::equal(key.name.begin(), key.name.end(), name.begin(), name.end());
  });
  if (found == keys_.end()) return {};
  return Found{*found, found == keys_.begin() && now - found->made < kLife};
}

}  // namespace intermission::server
