#include "server/connection_handler.h"

#include <malloc.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "http/forwarded.h"

namespace intermission::server {
namespace {

using Pistache::Flags;
using Pistache::Polling::NotifyOn;
using Pistache::Polling::Tag;

constexpr std::size_t kScratch = std::size_t{64} * 1024;
constexpr int kMostAccepts = 256;  // of a batch
constexpr int kAcceptRoundsAtEnd = 64;
// Connections that are shed in one batch at most.
constexpr int kMostShed = 64;
constexpr int kMostHoldersShed = 256;
// Steps of handshakes in one batch: a signature with RSA takes a millisecond, and others wait.
constexpr int kMostHandshakeSteps = 16;
// How much less must be held than before for free memory to go back to the system, how many
// connections fewer must be open, and how often that may be.
constexpr std::uint64_t kMuchLess = std::uint64_t{2} * 1024 * 1024;
constexpr std::uint64_t kManyFewer = 1024;
constexpr std::uint64_t kGiveBackMs = 1000;

// While others wait to be accepted, who has waited for so long is shed: the first class first.
// Ordinary clients send a request in one flight, and take their answer in little more. How long
// idle ones may be is Shedding::idle_ms.
struct Patience {
  TimerClass waits_for;
  std::uint32_t ms;
};
constexpr std::array kPatience = {
    Patience{TimerClass::kHandshake, 1000}, Patience{TimerClass::kLinger, 100},  // has its answer
    Patience{TimerClass::kStranger, 100},   Patience{TimerClass::kSilent, 250},
    Patience{TimerClass::kIdle, 0},         Patience{TimerClass::kHead, 100},
    Patience{TimerClass::kBody, 100},       Patience{TimerClass::kWrite, 500},
};
// Deadlines closer together than this go off together.
constexpr std::uint64_t kTickMs = 10;

// Generations start at 1, so these can never name a connection, nor Pistache's own eventfd,
// whose tag is its small number.
constexpr Tag kListener{0xffff'ffff};
constexpr Tag kTimer{0xffff'fffe};
constexpr Tag kWakeup{0xffff'fffd};
constexpr Tag kTlsListener{0xffff'fffc};

Flags<NotifyOn> flags_of(Interest interest) {
  Flags<NotifyOn> flags(NotifyOn::None);
  if (includes(interest, Interest::kRead)) flags.setFlag(NotifyOn::Read);
  if (includes(interest, Interest::kWrite)) flags.setFlag(NotifyOn::Write);
  return flags;
}

void wake(int wakeup) {
  const std::uint64_t one = 1;
  // It can only fail when it has been rung before.
  [[maybe_unused]] const auto rung = write(wakeup, &one, sizeof one);
}

std::uint32_t truncated(std::uint64_t ms) {
  return static_cast<std::uint32_t>(ms);
}

void swallow_count(const base::Descriptor& counter) {
  std::uint64_t count = 0;
  // Nothing to read only means that it was read before.
  [[maybe_unused]] const auto got = read(counter.get(), &count, sizeof count);
}

}  // namespace

std::uint64_t monotonic_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

ConnectionHandler::ConnectionHandler(std::shared_ptr<Listener> listener)
    : listener_(std::move(listener)),
      timers_(listener_->options.limits, listener_->options.stranger_timeout_ms) {}

ConnectionHandler::~ConnectionHandler() {
  listener_->connections -= open_;
}

std::shared_ptr<Pistache::Aio::Handler> ConnectionHandler::clone() const {
  return std::make_shared<ConnectionHandler>(listener_);
}

void ConnectionHandler::registerPoller(Pistache::Polling::Epoll& poller) {
  poller_ = &poller;
  const auto role = listener_->workers_made++ == 0 ? ListeningSocket::Role::kFirst
                                                   : ListeningSocket::Role::kSibling;
  if (listener_->options.plain) listen(listener_->port, role, kListener, false);
  if (listener_->options.tls) listen(listener_->tls_port, role, kTlsListener, true);
  timer_ = base::Descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  wakeup_ = base::Descriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!timer_ || !wakeup_) {
    throw std::runtime_error("cannot start a worker: " + std::generic_category().message(errno));
  }
  handler_ = listener_->factory();
  context_.reset(
      new WorkerContext{listener_->options.limits, *handler_,
                        [this](std::string_view trouble) { listener_->reporter(trouble); }});
  context_->budget = &listener_->budget;
  context_->screens = listener_->options.stranger_timeout_ms > 0;
  context_->admit = [this](const http::Address& client) { return admit(client); };
  scratch_.resize(kScratch);
  listener_->wakeups.push_back(wakeup_.get());
  watch_own(timer_.get(), kTimer);
  watch_own(wakeup_.get(), kWakeup);
  for (const Port& port : ports_) watch_own(port.socket.fd(), port.tag);
}

void ConnectionHandler::listen(std::uint16_t& port, ListeningSocket::Role role, Tag tag, bool tls) {
  // A service manager hands over the socket for plain HTTP alone.
  const int inherited = tls ? -1 : listener_->options.inherited;
  auto socket = inherited >= 0 ? ListeningSocket::adopt(inherited)
                               : ListeningSocket::open(listener_->options.address, port, role);
  if (!socket) throw std::runtime_error(socket.error().text());
  port = socket->port();
  ports_.push_back({std::move(*socket), tag, tls});
}

void ConnectionHandler::watch_own(int fd, Tag tag) {
  poller_->addFd(fd, flags_of(Interest::kRead), tag);
}

void ConnectionHandler::drain() {
  drain_asked_ = true;
  wake(wakeup_.get());
}

bool ConnectionHandler::ring() {
  const bool heard = !ring_unheard_.exchange(true);
  wake(wakeup_.get());
  return heard;
}

void ConnectionHandler::onReady(const Pistache::Aio::FdSet& events) {
  now_ = listener_->now_ms();
  context_->now_ms = now_;
  context_->date.update(listener_->clock.now());
  context_->overloaded = now_ < listener_->overloaded_until;
  handshake_steps_ = 0;
  for (const auto& event : events) {
    try {
      handle(event);
    } catch (const std::exception& error) {
      listener_->reporter(std::string("a worker failed: ") + error.what());
    }
  }
  end_batch();
}

void ConnectionHandler::handle(const Pistache::Aio::FdSet::Entry& event) {
  const Tag tag = event.getTag();
  if (tag == kListener || tag == kTlsListener) {
    for (Port& port : ports_) {
      if (port.tag == tag) accept_some(port);
    }
  } else if (tag == kTimer) {
    swallow_count(timer_);
    armed_ = 0;
  } else if (tag == kWakeup) {
    swallow_count(wakeup_);
    ring_unheard_ = false;
    if (drain_asked_ && !drain_until_) begin_drain();
  } else {
    const std::uint64_t index = tag.value() & 0xffff'ffff;
    if (index >= places_.size() || !places_[index].slot) return;
    Slot& slot = *places_[index].slot;
    if (slot.open && tag == tag_of(slot)) handle_connection(slot, event);
  }
}

void ConnectionHandler::handle_connection(Slot& slot, const Pistache::Aio::FdSet::Entry& event) {
  if (slot.handshaking && ++handshake_steps_ > kMostHandshakeSteps) return;
  attend(slot, [&](Connection& connection) {
    const bool reads = event.isReadable() && includes(slot.watched, Interest::kRead);
    const bool writes = event.isWritable() && includes(slot.watched, Interest::kWrite);
    // A hang-up or an error, which epoll always reports: both directions are over.
    if (!reads && !writes) return connection.abort();
    if (writes) return connection.on_writable(*context_, scratch_);
    connection.on_readable(*context_, scratch_);
  });
}

// What goes wrong with one connection, memory that runs out most likely, ends that connection.
template <typename Action>
void ConnectionHandler::attend(Slot& slot, Action action) {
  attended_ = &slot;
  try {
    action(*slot.connection);
  } catch (const std::exception& error) {
    context_->output.clear();
    slot.connection->abort();
    listener_->reporter(std::string("a connection failed: ") + error.what());
  }
  settle(slot);
}

// Whether more may be waiting.
bool ConnectionHandler::accept_some(Port& port) {
  for (int i = 0; i < port.accepts && port.socket.is_open(); ++i) {
    if (++listener_->connections > listener_->options.limits.connections) {
      --listener_->connections;
      if (port.socket.has_waiting()) pause_listening();
      return false;
    }
    auto accepted = port.socket.accept();
    if (accepted.outcome == ListeningSocket::Outcome::kAccepted) {
      // A router's connection counts as its own until its header names the client.
      auto share = share_for(accepted.peer);
      if (!share) {
        --listener_->connections;
        continue;
      }
      if (take_in(std::move(accepted.socket), std::move(*share), accepted.peer, port.tls)) continue;
      accepted = {ListeningSocket::Outcome::kExhausted, ENOMEM, {}, {}};
    }
    --listener_->connections;
    if (accepted.outcome == ListeningSocket::Outcome::kNone) {
      port.accepts = std::max(i, 1);
      return false;
    }
    if (accepted.outcome == ListeningSocket::Outcome::kGone) continue;
    listener_->reporter("connections wait: " + std::generic_category().message(accepted.error));
    listener_->exhausted_until = now_ + listener_->options.shedding.overload_ms;
    pause_listening();
    return false;
  }
  port.accepts = std::min(2 * port.accepts, kMostAccepts);
  return true;
}

std::optional<AddressQuota::Share> ConnectionHandler::share_for(const http::Address& client) {
  auto share = listener_->quota.take(client);
  if (!share)
    listener_->reporter(
        "an address has reached limits.connections_per_address; further connections are closed");
  return share;
}

bool ConnectionHandler::admit(const http::Address& client) {
  auto share = share_for(client);
  if (share) attended_->share = std::move(*share);
  return share.has_value();
}

Transport ConnectionHandler::transport_for(base::Descriptor socket, bool tls) const {
  if (!tls) return Transport(std::move(socket));
  const int fd = socket.get();
  auto channel = std::make_unique<TlsChannel>(fd, listener_->options.tls->endpoint->current());
  return {std::move(socket), std::move(channel)};
}

bool ConnectionHandler::take_in(base::Descriptor socket, AddressQuota::Share share,
                                const http::Address& peer, bool tls) {
  Slot& slot = free_slot();
  const int fd = socket.get();
  const Options& options = listener_->options;
  slot.connection.emplace(
      transport_for(std::move(socket), tls), peer,
      ConnectionTraits{.proxy_header = http::is_in(peer, options.proxy_protocol),
                       .screened = context_->screens,
                       .http2 = options.http2});
  slot.watched = Interest::kRead;
  try {
    poller_->addFd(fd, flags_of(Interest::kRead), tag_of(slot));
  } catch (const std::exception&) {
    // The kernel has no memory to watch it.
    slot.connection.reset();
    free_.push_back(slot.index);
    return false;
  }
  slot.share = std::move(share);
  slot.open = true;
  slot.timed_wait = slot.connection->wait_number();
  slot.since = truncated(now_);
  timers_.set(slot, slot.connection->waiting_for(), now_);
  count_handshake(slot, tls);
  account(slot, slot.connection->held());
  ++open_;
  return true;
}

ConnectionHandler::Slot& ConnectionHandler::free_slot() {
  if (free_.empty()) {
    places_.emplace_back();
    free_.push_back(static_cast<std::uint32_t>(places_.size() - 1));
  }
  const std::uint32_t index = free_.back();
  auto& slot = places_[index].slot;
  if (!slot) slot = std::make_unique<Slot>();
  slot->index = index;
  free_.pop_back();
  return *slot;
}

Tag ConnectionHandler::tag_of(const Slot& slot) const {
  return Tag{std::uint64_t{places_[slot.index].generation} << 32 | slot.index};
}

void ConnectionHandler::Holders::add(Slot& slot) {
  slot.held_before = newest;
  (newest != nullptr ? newest->held_after : oldest) = &slot;
  newest = &slot;
}

void ConnectionHandler::Holders::remove(Slot& slot) {
  (slot.held_before != nullptr ? slot.held_before->held_after : oldest) = slot.held_after;
  (slot.held_after != nullptr ? slot.held_after->held_before : newest) = slot.held_before;
  slot.held_before = slot.held_after = nullptr;
}

void ConnectionHandler::pause_listening() {
  for (const Port& port : ports_) {
    if (port.socket.is_open()) {
      poller_->rearmFd(port.socket.fd(), flags_of(Interest::kNone), port.tag);
    }
  }
  paused_until_ = now_ + listener_->options.shedding.pause_ms;
  call_for_room();
}

// The others may be asleep, all their clients idle.
void ConnectionHandler::call_for_room() {
  listener_->overloaded_until = now_ + listener_->options.shedding.overload_ms;
  context_->overloaded = true;
  wake_others();
}

void ConnectionHandler::wake_others() {
  for (const int wakeup : listener_->wakeups) {
    if (wakeup != wakeup_.get()) wake(wakeup);
  }
}

void ConnectionHandler::make_room() {
  for (int shed = 0; shed < kMostShed && lacks_room(); ++shed) {
    Slot* slot = longest_waiting();
    if (slot == nullptr) return;
    shed_for_room(*slot);
  }
}

// While overloaded, some places are kept free for the next clients.
bool ConnectionHandler::lacks_room() const {
  const std::uint64_t limit = listener_->options.limits.connections;
  const std::uint64_t spare = std::clamp<std::uint64_t>(limit / 16, 1, kMostShed);
  const std::uint64_t taken = listener_->connections - retired_.size();
  return taken + spare > limit || (now_ < listener_->exhausted_until && retired_.size() < spare);
}

ConnectionHandler::Slot* ConnectionHandler::longest_waiting() const {
  for (const Patience& patience : kPatience) {
    auto* slot = static_cast<Slot*>(timers_.first(patience.waits_for));
    const std::uint64_t ms =
        patience.waits_for == TimerClass::kIdle ? listener_->options.shedding.idle_ms : patience.ms;
    if (slot != nullptr && truncated(now_) - slot->since >= ms) return slot;
  }
  return nullptr;
}

// What it has sent meanwhile may be all that was missing; then it has its answer.
void ConnectionHandler::shed_for_room(Slot& slot) {
  ++listener_->shed;
  listener_->reporter("connections wait to be accepted: the ones idle longest are closed");
  attend(slot, [&](Connection& connection) {
    const TimerClass waited_for = connection.waiting_for();
    const std::uint32_t wait = connection.wait_number();
    if (includes(slot.watched, Interest::kRead)) connection.on_readable(*context_, scratch_);
    if (connection.waiting_for() != waited_for || connection.wait_number() != wait) return;
    connection.shed(*context_);
    connection.stop_lingering();
  });
}

// Half a handshake holds more than most requests, and its client has shown nothing yet: a client
// that listens to events over TLS must not be shed for it.
ConnectionHandler::Slot* ConnectionHandler::longest_holding() const {
  Timer* handshake = timers_.first(TimerClass::kHandshake);
  return handshake != nullptr ? static_cast<Slot*>(handshake) : holders_.oldest;
}

// Any worker may hold what is wanted; each sheds its own, and all stop when there is enough.
void ConnectionHandler::shed_holders() {
  MemoryBudget& budget = listener_->budget;
  const bool goes_on = std::exchange(sheds_at_, std::nullopt).has_value();
  const bool refused = std::exchange(context_->refused_memory, false);
  if (!budget.is_short() && !goes_on && !refused) return;
  for (int shed = 0; shed < kMostHoldersShed && !budget.is_eased(); ++shed) {
    Slot* slot = longest_holding();
    if (slot == nullptr) break;
    budget.count_shed();
    listener_->reporter(
        "limits.buffered_bytes is reached: the connections that have held memory longest are "
        "closed");
    attend(*slot, [&](Connection& connection) { connection.shed(*context_); });
  }
  if (!budget.is_short()) return;
  wake_others();
  if (holders_.oldest != nullptr) sheds_at_ = now_ + kTickMs;
}

// The ones that began first: who means to go on has done so by now. Each worker has its share of
// the limit. If it looked at what all have, it would end every one of its own, new ones too, while
// another is about to end the many that it has just accepted.
void ConnectionHandler::shed_handshakes() {
  const Options& options = listener_->options;
  const std::uint64_t share =
      std::max<std::uint64_t>(options.limits.handshakes / options.workers, 1);
  while (handshakes_ > share) {
    auto* slot = static_cast<Slot*>(timers_.first(TimerClass::kHandshake));
    if (slot == nullptr) return;
    listener_->reporter(
        "limits.handshakes is reached: the TLS handshakes that began first are ended");
    attend(*slot, [&](Connection& connection) { connection.shed(*context_); });
  }
}

void ConnectionHandler::count_handshake(Slot& slot, bool handshaking) {
  if (slot.handshaking == handshaking) return;
  slot.handshaking = handshaking;
  if (handshaking) {
    ++handshakes_;
    ++listener_->handshakes;
    return;
  }
  --handshakes_;
  --listener_->handshakes;
  const bool succeeded = slot.connection->has_shaken_hands();
  ++(succeeded ? listener_->handshakes_done : listener_->handshakes_failed);
}

// After a peak. The allocator keeps what is freed between things that live on.
void ConnectionHandler::give_memory_back() {
  most_held_ = std::max(most_held_, listener_->budget.used());
  most_open_ = std::max<std::uint64_t>(most_open_, open_);
  if (!is_after_peak() || now_ < gave_back_ + kGiveBackMs) return;
  for (const std::uint32_t index : free_) places_[index].slot.reset();
  malloc_trim(0);
  gave_back_ = now_;
  most_held_ = listener_->budget.used();
  most_open_ = open_;
}

bool ConnectionHandler::is_after_peak() const {
  const std::uint64_t held = listener_->budget.used();
  return (held <= most_held_ / 2 && most_held_ - held >= kMuchLess) ||
         (open_ <= most_open_ / 2 && most_open_ - open_ >= kManyFewer);
}

void ConnectionHandler::resume_listening() {
  paused_until_.reset();
  for (const Port& port : ports_) {
    if (!port.socket.is_open()) continue;
    poller_->rearmFd(port.socket.fd(), flags_of(Interest::kRead), port.tag);
  }
}

// Brings watch and timer in line with the connection's state. On the usual path, a request
// answered and the next one awaited, that moves the timer and asks the kernel nothing.
void ConnectionHandler::settle(Slot& slot) {
  Connection& connection = *slot.connection;
  // A client that was answered during the drain may have sent one more request by now.
  if (drain_until_ && connection.idle()) connection.on_readable(*context_, scratch_);
  count_handshake(slot, connection.is_handshaking());
  if (connection.done() || (drain_until_ && connection.idle())) return retire(slot);
  account(slot, connection.held());
  if (connection.interest() != slot.watched) watch(slot);
  const TimerClass waiting = connection.waiting_for();
  const std::uint32_t wait = connection.wait_number();
  if (Timers::is_set(slot) && slot.timer_class == waiting && slot.timed_wait == wait) return;
  // A client that takes a little of its answer now and then has waited all the while.
  const bool takes_more = waiting == TimerClass::kWrite && slot.timer_class == waiting;
  if (!takes_more) slot.since = truncated(now_);
  slot.timed_wait = wait;
  timers_.set(slot, waiting, now_);
}

void ConnectionHandler::account(Slot& slot, std::size_t held) {
  if (held == slot.held) return;
  listener_->budget.change(slot.held, held);
  if (slot.held == 0) {
    holders_.add(slot);
  } else if (held == 0) {
    holders_.remove(slot);
  }
  slot.held = static_cast<std::uint32_t>(held);
}

void ConnectionHandler::watch(Slot& slot) {
  slot.watched = slot.connection->interest();
  poller_->rearmFd(slot.connection->fd(), flags_of(slot.watched), tag_of(slot));
}

void ConnectionHandler::retire(Slot& slot) {
  count_handshake(slot, false);
  account(slot, 0);
  timers_.cancel(slot);
  slot.open = false;
  retired_.push_back(&slot);
}

void ConnectionHandler::expire() {
  while (Timer* timer = timers_.expired(now_)) {
    Slot& slot = static_cast<Slot&>(*timer);
    attend(slot, [&](Connection& connection) { connection.on_timeout(*context_); });
  }
  if (!drain_until_ || now_ < *drain_until_) return;
  for (const Place& place : places_) {
    if (!place.slot || !place.slot->open) continue;
    place.slot->connection->abort();
    retire(*place.slot);
  }
}

// Requests that have been sent are answered, also those in the kernel's queues. New connections are
// not accepted, and idle ones are closed.
void ConnectionHandler::begin_drain() {
  drain_until_ = now_ + listener_->options.limits.drain_timeout_ms;
  context_->draining = true;
  for (Port& port : ports_) {
    port.accepts = kMostAccepts;
    for (int round = 0; round < kAcceptRoundsAtEnd && accept_some(port); ++round) {
    }
    poller_->removeFd(port.socket.fd());
    port.socket.close();
  }
  for (const Place& place : places_) {
    if (place.slot && place.slot->open)
      attend(*place.slot, [this](Connection& connection) { connection.drain(*context_); });
  }
}

void ConnectionHandler::end_batch() {
  try {
    expire();
    if (context_->overloaded) make_room();
    shed_handshakes();
    shed_holders();
    const bool room = !retired_.empty();
    close_retired();
    context_->http2.rest(now_);
    give_memory_back();
    if (paused_until_ && (room || now_ >= *paused_until_)) resume_listening();
    arm_timer();
  } catch (const std::exception& error) {
    listener_->reporter(std::string("a worker failed: ") + error.what());
  }
  if (drain_until_ && open_ == 0 && !std::exchange(drained_, true)) listener_->drained.count_down();
}

void ConnectionHandler::close_retired() {
  for (Slot* slot : retired_) {
    slot->connection.reset();
    slot->share = AddressQuota::Share();
    ++places_[slot->index].generation;
    free_.push_back(slot->index);
  }
  open_ -= retired_.size();
  listener_->connections -= retired_.size();
  retired_.clear();
}

void ConnectionHandler::arm_timer() {
  std::optional<std::uint64_t> next = timers_.next();
  const auto calm = is_after_peak() ? std::optional(gave_back_ + kGiveBackMs) : std::nullopt;
  const auto drained = open_ > 0 ? drain_until_ : std::nullopt;
  for (const auto& other : {paused_until_, drained, sheds_at_, calm, context_->http2.next()}) {
    if (other) next = std::min(next.value_or(*other), *other);
  }
  if (!next || (armed_ != 0 && armed_ <= *next)) return;
  armed_ = std::max(*next, now_ + kTickMs);
  itimerspec at{};
  at.it_value.tv_sec = static_cast<time_t>(armed_ / 1000);
  at.it_value.tv_nsec = static_cast<long>(armed_ % 1000 * 1'000'000);
  timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &at, nullptr);
}

}  // namespace intermission::server
