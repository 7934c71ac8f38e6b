#include "server/connection_handler.h"

#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <algorithm>
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
constexpr int kMostAccepts = 64;  // of a batch
constexpr int kAcceptRoundsAtEnd = 64;
// How long a full house or a lack of descriptors keeps us from looking at the door.
constexpr std::uint64_t kPauseMs = 100;
// How long clients who wait at a door are made way for, counted from when they were last seen.
constexpr std::uint64_t kCrowdMs = 1000;
// Who has asked nothing for so long makes way for them, so many at a time.
constexpr std::uint64_t kRestMs = 1000;
constexpr int kMostSentAway = 16;
// Deadlines closer together than this go off together.
constexpr std::uint64_t kTickMs = 10;

// Generations start at 1, so these can never name a connection, nor Pistache's own eventfd,
// whose tag is its small number.
constexpr Tag kDoor{0xffff'ffff};
constexpr Tag kClock{0xffff'fffe};
constexpr Tag kBell{0xffff'fffd};

std::uint64_t monotonic_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

Flags<NotifyOn> flags_of(Interest interest) {
  switch (interest) {
    case Interest::kRead:
      return Flags<NotifyOn>(NotifyOn::Read);
    case Interest::kWrite:
      return Flags<NotifyOn>(NotifyOn::Write);
    case Interest::kNone:
      break;
  }
  return Flags<NotifyOn>(NotifyOn::None);
}

void ring(int doorbell) {
  const std::uint64_t one = 1;
  // It can only fail when it has been rung before.
  [[maybe_unused]] const auto rung = write(doorbell, &one, sizeof one);
}

void swallow_count(const Descriptor& counter) {
  std::uint64_t count = 0;
  // Nothing to read only means that it was read before.
  [[maybe_unused]] const auto got = read(counter.get(), &count, sizeof count);
}

}  // namespace

ConnectionHandler::ConnectionHandler(std::shared_ptr<Listener> listener)
    : listener_(std::move(listener)), timers_(listener_->options.limits) {}

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
  auto socket = ListeningSocket::open(listener_->options.address, listener_->port, role);
  if (!socket) throw std::runtime_error(socket.error().text());
  socket_ = std::move(*socket);
  listener_->port = socket_.port();
  timer_ = Descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  doorbell_ = Descriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!timer_ || !doorbell_) {
    throw std::runtime_error("cannot start a worker: " + std::generic_category().message(errno));
  }
  handler_ = listener_->factory();
  desk_.reset(new Desk{listener_->options.limits,
                       *handler_,
                       [this](std::string_view trouble) { listener_->reporter(trouble); },
                       {},
                       false,
                       false,
                       {},
                       {},
                       {},
                       {}});
  desk_->admit = [this](const http::Address& client) { return admit(client); };
  scratch_.resize(kScratch);
  listener_->doorbells.push_back(doorbell_.get());
  watch_own(timer_.get(), kClock);
  watch_own(doorbell_.get(), kBell);
  watch_own(socket_.fd(), kDoor);
}

void ConnectionHandler::watch_own(int fd, Tag tag) {
  poller_->addFd(fd, flags_of(Interest::kRead), tag);
}

void ConnectionHandler::drain() {
  drain_asked_ = true;
  ring(doorbell_.get());
}

void ConnectionHandler::onReady(const Pistache::Aio::FdSet& events) {
  now_ = monotonic_ms();
  desk_->date.update(listener_->clock.now());
  desk_->crowded = now_ < listener_->crowded_until;
  for (const auto& event : events) {
    try {
      handle(event);
    } catch (const std::exception& error) {
      listener_->reporter(std::string("a worker is in trouble: ") + error.what());
    }
  }
  end_batch();
}

void ConnectionHandler::handle(const Pistache::Aio::FdSet::Entry& event) {
  const Tag tag = event.getTag();
  if (tag == kDoor) {
    accept_some();
  } else if (tag == kClock) {
    swallow_count(timer_);
    armed_ = 0;
  } else if (tag == kBell) {
    swallow_count(doorbell_);
    if (drain_asked_ && !drain_until_) begin_drain();
  } else {
    const std::uint64_t index = tag.value() & 0xffff'ffff;
    if (index >= slots_.size()) return;
    Slot& slot = slots_[index];
    if (slot.open && slot.generation == tag.value() >> 32) handle_connection(slot, event);
  }
}

void ConnectionHandler::handle_connection(Slot& slot, const Pistache::Aio::FdSet::Entry& event) {
  attend(slot, [&](Connection& connection) {
    if (event.isReadable() && slot.watched == Interest::kRead) {
      connection.on_readable(*desk_, scratch_);
    } else if (event.isWritable() && slot.watched == Interest::kWrite) {
      connection.on_writable(*desk_);
    } else {
      // A hang-up or an error, which nobody can ask not to be told of: both directions are over.
      connection.abort();
    }
  });
}

// What goes wrong with one connection, memory that runs out most likely, ends that connection.
template <typename Action>
void ConnectionHandler::attend(Slot& slot, Action action) {
  desk_->request.set_peer(slot.peer, slot.proxy_source);
  attended_ = &slot;
  try {
    action(*slot.connection);
    slot.proxy_source = desk_->request.proxy_source();
  } catch (const std::exception& error) {
    desk_->output.clear();
    slot.connection->abort();
    listener_->reporter(std::string("a connection failed: ") + error.what());
  }
  settle(slot);
}

// Whether more may be waiting.
bool ConnectionHandler::accept_some() {
  for (int i = 0; i < accepts_ && !paused_until_ && socket_.fd() >= 0; ++i) {
    if (++listener_->connections > listener_->options.limits.connections) {
      --listener_->connections;
      pause_listening();
      return false;
    }
    auto accepted = socket_.accept();
    if (accepted.outcome == ListeningSocket::Outcome::kAccepted) {
      // A router's connection counts as its own until its header names the client.
      auto seat = seat_for(accepted.peer);
      if (!seat) {
        --listener_->connections;
        continue;
      }
      if (take_in(std::move(accepted.socket), std::move(*seat), accepted.peer)) continue;
      accepted = {ListeningSocket::Outcome::kExhausted, ENOMEM, {}, {}};
    }
    --listener_->connections;
    if (accepted.outcome == ListeningSocket::Outcome::kNone) {
      accepts_ = std::max(i, 1);
      return false;
    }
    if (accepted.outcome == ListeningSocket::Outcome::kGone) continue;
    listener_->reporter("connections wait: " + std::generic_category().message(accepted.error));
    pause_listening();
    return false;
  }
  accepts_ = std::min(accepts_ + 1, kMostAccepts);
  return true;
}

std::optional<Seats::Seat> ConnectionHandler::seat_for(const http::Address& client) {
  auto seat = listener_->seats.take(client);
  if (!seat) listener_->reporter("an address has as many connections as it may; more are closed");
  return seat;
}

bool ConnectionHandler::admit(const http::Address& client) {
  auto seat = seat_for(client);
  if (seat) attended_->seat = std::move(*seat);
  return seat.has_value();
}

bool ConnectionHandler::take_in(Descriptor socket, Seats::Seat seat, const http::Address& peer) {
  Slot& slot = free_slot();
  const int fd = socket.get();
  slot.connection.emplace(std::move(socket), http::is_in(peer, listener_->options.proxy_protocol));
  slot.watched = Interest::kRead;
  const Tag tag{std::uint64_t{slot.generation} << 32 | slot.index};
  try {
    poller_->addFd(fd, flags_of(Interest::kRead), tag);
  } catch (const std::exception&) {
    // The kernel has no memory to watch it.
    slot.connection.reset();
    free_.push_back(&slot);
    return false;
  }
  slot.seat = std::move(seat);
  slot.peer = peer;
  slot.proxy_source.reset();
  slot.open = true;
  slot.timed_wait = slot.connection->wait_number();
  timers_.set(slot, slot.connection->waiting_for(), now_);
  ++open_;
  return true;
}

ConnectionHandler::Slot& ConnectionHandler::free_slot() {
  if (free_.empty()) {
    Slot& slot = slots_.emplace_back();
    slot.index = static_cast<std::uint32_t>(slots_.size() - 1);
    return slot;
  }
  Slot& slot = *free_.back();
  free_.pop_back();
  return slot;
}

void ConnectionHandler::pause_listening() {
  poller_->rearmFd(socket_.fd(), flags_of(Interest::kNone), kDoor);
  paused_until_ = now_ + kPauseMs;
  call_for_room();
}

// The others may be asleep, all their clients idle.
void ConnectionHandler::call_for_room() {
  listener_->crowded_until = now_ + kCrowdMs;
  desk_->crowded = true;
  for (const int doorbell : listener_->doorbells) {
    if (doorbell != doorbell_.get()) ring(doorbell);
  }
}

void ConnectionHandler::make_room() {
  for (int sent = 0; sent < kMostSentAway; ++sent) {
    Timer* timer = timers_.set_by(TimerClass::kIdle, now_ - kRestMs);
    if (timer == nullptr) return;
    attend(static_cast<Slot&>(*timer), [&](Connection& one) { one.on_timeout(*desk_); });
  }
}

void ConnectionHandler::resume_listening() {
  paused_until_.reset();
  if (socket_.fd() >= 0) poller_->rearmFd(socket_.fd(), flags_of(Interest::kRead), kDoor);
}

// Brings watch and timer in line with the connection's state. On the usual path, a request
// answered and the next one awaited, that moves the timer and asks the kernel nothing.
void ConnectionHandler::settle(Slot& slot) {
  Connection& connection = *slot.connection;
  // Whoever has had its answer while we drain may have asked again meanwhile, but not later.
  if (drain_until_ && connection.idle()) connection.on_readable(*desk_, scratch_);
  if (connection.done() || (drain_until_ && connection.idle())) return retire(slot);
  if (connection.interest() != slot.watched) watch(slot);
  const TimerClass waiting = connection.waiting_for();
  const std::uint32_t wait = connection.wait_number();
  if (Timers::is_set(slot) && slot.timer_class == waiting && slot.timed_wait == wait) return;
  slot.timed_wait = wait;
  timers_.set(slot, waiting, now_);
}

void ConnectionHandler::watch(Slot& slot) {
  slot.watched = slot.connection->interest();
  const Tag tag{std::uint64_t{slot.generation} << 32 | slot.index};
  poller_->rearmFd(slot.connection->fd(), flags_of(slot.watched), tag);
}

void ConnectionHandler::retire(Slot& slot) {
  timers_.cancel(slot);
  slot.open = false;
  retired_.push_back(&slot);
}

void ConnectionHandler::expire() {
  while (Timer* timer = timers_.expired(now_)) {
    Slot& slot = static_cast<Slot&>(*timer);
    attend(slot, [&](Connection& connection) { connection.on_timeout(*desk_); });
  }
  if (!drain_until_ || now_ < *drain_until_) return;
  for (Slot& slot : slots_) {
    if (!slot.open) continue;
    slot.connection->abort();
    retire(slot);
  }
}

// What has been sent to us is answered, be it still in the kernel's queues; nobody else is let
// in, and who has nothing to ask is sent away.
void ConnectionHandler::begin_drain() {
  drain_until_ = now_ + listener_->options.limits.drain_timeout_ms;
  desk_->draining = true;
  accepts_ = kMostAccepts;
  for (int round = 0; round < kAcceptRoundsAtEnd && accept_some(); ++round) {
  }
  poller_->removeFd(socket_.fd());
  socket_.close();
  for (Slot& slot : slots_) {
    if (slot.open) attend(slot, [](Connection&) {});
  }
}

void ConnectionHandler::end_batch() {
  try {
    expire();
    if (desk_->crowded) make_room();
    const bool room = !retired_.empty();
    close_retired();
    if (paused_until_ && (room || now_ >= *paused_until_)) resume_listening();
    arm_timer();
  } catch (const std::exception& error) {
    listener_->reporter(std::string("a worker is in trouble: ") + error.what());
  }
  if (drain_until_ && open_ == 0 && !std::exchange(drained_, true)) listener_->drained.count_down();
}

void ConnectionHandler::close_retired() {
  for (Slot* slot : retired_) {
    slot->connection.reset();
    slot->seat = Seats::Seat();
    ++slot->generation;
    free_.push_back(slot);
  }
  open_ -= retired_.size();
  listener_->connections -= retired_.size();
  retired_.clear();
}

void ConnectionHandler::arm_timer() {
  std::optional<std::uint64_t> next = timers_.next();
  for (const auto& other : {paused_until_, open_ > 0 ? drain_until_ : std::nullopt}) {
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
