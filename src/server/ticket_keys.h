// The keys of session tickets (RFC 5077, RFC 8446 §4.6.1): with them a client resumes a session
// that this gateway remembers nothing of.
//
//   0 ───────────── kLife ───────────── 2 × kLife
//     encrypts          only decrypts            forgotten
//
// A reader of a key can decrypt what was said in the sessions of its time, so it is never written
// anywhere, changes while the program runs, and is overwritten in memory when it is forgotten.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "base/clock.h"
#include "base/mutex.h"

namespace intermission::server {

struct TicketKey {
  static constexpr std::size_t kNameSize = 16;

  std::array<std::uint8_t, kNameSize> name;
  std::array<std::uint8_t, 32> cipher;  // AES-256-CBC
  std::array<std::uint8_t, 32> digest;  // HMAC-SHA-256
  base::TimePoint made;
};

/// Any thread may use it.
class TicketKeys {
 public:
  static constexpr base::Seconds kLife{12 * 3600};

  /// `clock` outlives it.
  explicit TicketKeys(const base::Clock& clock) : clock_(clock) {}
  ~TicketKeys();
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;

  /// The key to encrypt with; nothing where the system has no random numbers.
  std::optional<TicketKey> current() EXCLUDES_LOCK(mutex_);

  struct Found {
    TicketKey key;
    bool is_current;
  };
  /// The key of that name, unless it is forgotten.
  std::optional<Found> find(std::span<const std::uint8_t> name) EXCLUDES_LOCK(mutex_);

 private:
  void forget_old(base::TimePoint now) REQUIRES_LOCK(mutex_);

  const base::Clock& clock_;
  base::Mutex mutex_;
  std::deque<TicketKey> keys_ GUARDED_BY(mutex_);  // the newest first
};

}  // namespace intermission::server
