// What waits to be sent to one client: response heads and small bodies as bytes, and at its
// end at most one body by reference, which is never copied.
//
//   [ head body head body head | body by reference ]
//     bytes()                    refer()
//
// No sockets: the sender takes pending() and reports sent().
#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "server/heap.h"

namespace intermission::server {

class Output {
 public:
  /// Bodies up to this size are copied behind their head, so that answers to pipelined
  /// requests leave together; a larger one costs less by reference.
  static constexpr std::size_t kCopied = 2 * 1024;
  /// Enough for one round: an Output is sent before more is added.
  static constexpr std::size_t kEnough = 64 * 1024;

  bool empty() const { return bytes_.size() == bytes_sent_ && body_.empty(); }
  bool full() const { return !body_.empty() || bytes_.size() >= kEnough; }

  /// For appending. Not while full().
  std::string& bytes() { return bytes_; }

  /// Ends this round with a body that `owner` keeps alive, or that lives for ever.
  void refer(std::string_view body, std::shared_ptr<const void> owner);
  /// Ends this round with a body that lives until the round is over: keep() copies the rest.
  void borrow(std::string_view body);

  struct Pending {
    std::array<iovec, 2> parts{};
    std::size_t count = 0;
  };
  /// At most `limit` of the bytes to send next.
  Pending pending(std::size_t limit) const;
  void sent(std::size_t bytes);

  /// Takes over what `round` has not sent, and leaves it empty.
  void keep(Output& round);
  /// Bytes that keep() would copy.
  std::size_t to_keep() const {
    return bytes_.size() - bytes_sent_ + (borrowed_ ? body_.size() : 0);
  }

  /// Of a body by reference whose owner is kept alive; 0 where there is none.
  std::size_t referred() const { return owner_ == nullptr ? 0 : body_.size(); }
  /// Copies that body and lets its owner go.
  void own();

  /// Bytes that this holds for itself.
  std::size_t held() const { return heap_bytes(bytes_); }
  /// Forgets everything; keeps the memory of ordinary rounds.
  void clear();

 private:
  std::string bytes_;
  std::size_t bytes_sent_ = 0;
  std::string_view body_;
  std::shared_ptr<const void> owner_;
  bool borrowed_ = false;
};

}  // namespace intermission::server
