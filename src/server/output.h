// What waits to be sent to one client: a queue of segments. Heads and small bodies are bytes of its
// own, which stand side by side; a large body is a view, which is never copied.
//
//   [ head body head | view | head body head | view ]
//     bytes()          refer()
//
// No sockets: the sender takes pending() and reports sent().
#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/heap.h"

namespace intermission::server {

class Output {
 public:
  /// Bodies up to this size are copied behind their head, so that answers to pipelined
  /// requests leave together; a larger one costs less as a view.
  static constexpr std::size_t kCopied = 2 * 1024;
  /// Enough for one round: an Output is sent before more is added.
  static constexpr std::size_t kEnough = 64 * 1024;
  static constexpr std::size_t kMostViews = 4;

  bool empty() const { return bytes_.size() == bytes_sent_ && views_.size() == views_sent_; }
  bool full() const { return ended_ || bytes_.size() >= kEnough; }

  /// For appending behind what there is. Not while full().
  std::string& bytes() { return bytes_; }

  /// Goes on with a view that `owner` keeps alive, or that lives for ever.
  void refer(std::string_view view, std::shared_ptr<const void> owner);
  /// Ends this round with a view that lives until the round is over: keep() copies the rest.
  void borrow(std::string_view view);

  struct Pending {
    std::array<iovec, 2 * kMostViews + 1> parts;  // the first `count` of them
    std::size_t count = 0;
    std::size_t size = 0;  // of all
  };
  /// At most `limit` of the bytes to send next.
  Pending pending(std::size_t limit) const;
  void sent(std::size_t size);

  /// Takes over what `round` has not sent, and leaves it empty.
  void keep(Output& round);
  /// Bytes that keep() would take for itself.
  std::size_t to_keep() const;

  /// Of the views whose owners are kept alive.
  std::size_t referred() const;
  /// Copies those views and lets their owners go.
  void own();

  /// Bytes that this holds for itself.
  std::size_t held() const { return heap_bytes(bytes_) + views_.capacity() * sizeof(View); }
  /// Forgets everything; keeps the memory of ordinary rounds.
  void clear();

 private:
  struct View {
    std::size_t behind = 0;  // where it stands: behind so many of bytes_
    std::string_view bytes;
    std::shared_ptr<const void> owner;
    bool is_borrowed = false;
  };

  void add(View view);
  template <typename Segment>
  void for_each_unsent(Segment segment) const;
  template <typename Copied>
  void take_rest(const Output& from, Copied is_copied);

  std::string bytes_;
  std::size_t bytes_sent_ = 0;
  std::vector<View> views_;
  std::size_t views_sent_ = 0;
  bool ended_ = false;
};

}  // namespace intermission::server
