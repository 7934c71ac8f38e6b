// One worker of a listener: the handler that Pistache's reactor calls.
//
// Why it is not a Pistache::Http::Handler: that class sits behind Pistache's own HTTP endpoint,
// and the endpoint of this version cannot face the public. A chunk whose CR and LF arrive apart
// makes it spin; a client that does not read its answer stops a worker; after quick closes,
// answers reach other clients, because its write queue is keyed by descriptor numbers; it
// drops pipelined requests, never honours `Connection: close`, and answers HEAD with a body. So
// we stand one floor lower, on its reactor: Pistache owns threads and polling, and this class
// owns the sockets. It accepts, reads, writes, times out and closes.
//
// There is exactly one Aio::Handler per reactor (with two, 0.0.5 shifts their tags by zero bits
// and mixes them up), cloned per worker; each clone makes its sockets in registerPoller().
// Rules that this reactor teaches:
//   - a descriptor is closed at the end of a batch of events: a number that is free again could
//     be handed out in the same batch, and a late event would meet the wrong client;
//   - a tag names (slot, generation), so that an event for a closed connection is ignored;
//   - when descriptors run out, the listening socket is not watched until the next tick: the
//     client in its queue would wake us for ever;
//   - while clients wait to be accepted, every answer ends its connection, and in all workers the
//     connections that have waited longest are shed: they linger, or are idle, or have sent half a
//     request, or do not take their answer;
//   - when memory is short, so are those that have held some of it longest (see MemoryBudget);
//   - accept() on an empty queue costs the kernel half a connection, so a batch accepts as many as
//     came last time, and twice as many where all of those had come;
//   - a step of a TLS handshake can cost a hundred times as much as an answer, so each batch takes
//     a bounded number of them; epoll reports the others again;
//   - its poll has no timeout, so one timerfd stands for all deadlines. It is armed only while
//     there are any: an idle worker sleeps.
#pragma once

#if __has_include(<pistache/eventmeth.h>)
#error \
    "This Pistache has Fd as a pointer (libevent); Intermission stands on 0.0.5 (libpistache-dev of Debian 12)"
#endif

#include <pistache/reactor.h>
#include <pistache/version.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

#include "base/descriptor.h"
#include "server/connection.h"
#include "server/listener.h"
#include "server/listening_socket.h"
#include "server/timers.h"
#include "server/worker_context.h"

namespace intermission::server {

static_assert(std::is_same_v<Pistache::Fd, int> && Pistache::Version::Major == 0 &&
                  Pistache::Version::Minor == 0,
              "the reactor of Pistache 0.0.x is expected");

class ConnectionHandler : public Pistache::Aio::Handler {
 public:
  explicit ConnectionHandler(std::shared_ptr<Listener> listener);
  ~ConnectionHandler() override;

  /// A worker of its own; what the listener's workers share, it shares.
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;

  /// Binds, listens and makes the worker's handler. Throws std::runtime_error with a sentence
  /// for the operator.
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  /// Newer versions call it; 0.0.5 does not know it.
  void unregisterPoller(Pistache::Polling::Epoll& /*poller*/) {}

  /// One batch of events, in the worker's thread.
  void onReady(const Pistache::Aio::FdSet& events) override;

  /// Begins to stop: see Server::stop(). Any thread; returns at once. When the last connection
  /// has ended, Listener::drained counts down.
  void drain();

  /// Wakes the worker. Whether it has woken since the last time; true at first. Any thread.
  bool ring();

 private:
  // What belongs to one connection, used again and again. As a Timer it is on at most one list.
  struct Slot : Timer {
    std::optional<Connection> connection;
    AddressQuota::Share share;
    Slot* held_before = nullptr;  // neighbours among those that hold memory
    Slot* held_after = nullptr;
    std::uint32_t index = 0;
    std::uint32_t timed_wait = 0;  // Connection::wait_number() that the timer belongs to
    std::uint32_t held = 0;        // Connection::held(), as the budget knows it
    std::uint32_t since = 0;       // ms; when this wait began, however little progress it makes
    Interest watched = Interest::kRead;
    bool open = false;
    bool handshaking = false;  // counted in Listener::handshakes
  };
  struct Place {
    std::unique_ptr<Slot> slot;
    std::uint32_t generation = 1;
  };
  // Those that hold memory, in the order in which they began to.
  struct Holders {
    Slot* oldest = nullptr;
    Slot* newest = nullptr;
    void add(Slot& slot);
    void remove(Slot& slot);
  };

  // A listening socket, for plain bytes or for TLS.
  struct Port {
    ListeningSocket socket;
    Pistache::Polling::Tag tag;
    bool tls;
    int accepts = 1;  // how many clients a batch lets in, at most
  };

  void listen(std::uint16_t& port, ListeningSocket::Role role, Pistache::Polling::Tag tag,
              bool tls);
  void watch_own(int fd, Pistache::Polling::Tag tag);
  void handle(const Pistache::Aio::FdSet::Entry& event);
  void handle_connection(Slot& slot, const Pistache::Aio::FdSet::Entry& event);
  template <typename Action>
  void attend(Slot& slot, Action action);
  bool accept_some(Port& port);
  std::optional<AddressQuota::Share> share_for(const http::Address& client);
  bool admit(const http::Address& client);
  bool take_in(base::Descriptor socket, AddressQuota::Share share, const http::Address& peer,
               bool tls);
  Transport transport_for(base::Descriptor socket, bool tls) const;
  Slot& free_slot();
  Pistache::Polling::Tag tag_of(const Slot& slot) const;
  void pause_listening();
  void call_for_room();
  void wake_others();
  void make_room();
  bool lacks_room() const;
  Slot* longest_waiting() const;
  Slot* longest_holding() const;
  void shed_for_room(Slot& slot);
  void shed_holders();
  void shed_handshakes();
  void give_memory_back();
  bool is_after_peak() const;
  void resume_listening();
  void settle(Slot& slot);
  void account(Slot& slot, std::size_t held);
  void count_handshake(Slot& slot, bool handshaking);
  void watch(Slot& slot);
  void retire(Slot& slot);
  void expire();
  void begin_drain();
  void end_batch();
  void close_retired();
  void arm_timer();

  const std::shared_ptr<Listener> listener_;

  // From registerPoller() on.
  Pistache::Polling::Epoll* poller_ = nullptr;
  std::unique_ptr<http::Handler> handler_;
  std::unique_ptr<WorkerContext> context_;
  std::vector<Port> ports_;
  base::Descriptor timer_;
  base::Descriptor wakeup_;  // rung by drain()
  std::vector<char> scratch_;

  Timers timers_;
  Holders holders_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;  // places without a connection
  std::vector<Slot*> retired_;       // in this batch; their descriptors are still open
  Slot* attended_ = nullptr;         // whose connection is in hand
  std::size_t open_ = 0;
  std::uint64_t now_ = 0;                      // of this batch, monotonic, ms
  std::uint64_t armed_ = 0;                    // when the timerfd goes off; 0: never
  std::uint64_t handshakes_ = 0;               // connections in a handshake
  int handshake_steps_ = 0;                    // in this batch
  std::optional<std::uint64_t> paused_until_;  // the listening sockets are not watched
  std::optional<std::uint64_t> drain_until_;
  std::optional<std::uint64_t> sheds_at_;  // memory is short, and there is more to shed
  std::uint64_t most_open_ = 0;            // since memory was given back
  std::uint64_t most_held_ = 0;
  std::uint64_t gave_back_ = 0;  // when
  bool drained_ = false;

  std::atomic<bool> drain_asked_{false};
  std::atomic<bool> ring_unheard_{false};
};

}  // namespace intermission::server
