#include "server/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "server/heap.h"
#include "server/http2_session.h"
#include "server/preamble.h"
#include "server/proxy_header.h"

namespace intermission::server {
namespace {

// Full outputs sent in one turn to a client that pipelines.
constexpr int kRounds = 4;

// One part alone is most answers, and is sent with less ado.
ssize_t send_parts(int fd, Output::Pending& pending) {
  if (pending.count == 1) {
    return ::send(fd, pending.parts[0].iov_base, pending.parts[0].iov_len, MSG_NOSIGNAL);
  }
  msghdr message{};
  message.msg_iov = pending.parts.data();
  message.msg_iovlen = pending.count;
  return sendmsg(fd, &message, MSG_NOSIGNAL);
}

constexpr Fault kNoRoom{503, "the gateway is short of memory for the rest of this request"};
constexpr Fault kHeadTooLarge{431, "the request head does not fit into the memory left"};

bool try_later(int error) {
  return error == EAGAIN || error == EINTR;
}

}  // namespace

void Connection::on_readable(WorkerContext& worker, std::span<char> scratch) {
  if (stage_ == Stage::kLingering) return discard(scratch);
  if (!input_.empty()) return receive_behind_input(worker, scratch);
  const ssize_t received = recv(fd(), scratch.data(), scratch.size(), 0);
  const auto size = static_cast<std::size_t>(std::max<ssize_t>(received, 0));
  take(received, {scratch.data(), size}, worker);
}

// A head that comes in pieces grows in place: however many pieces, each byte is moved about
// twice. What may not grow can still be complete now; the worker lends room to see.
void Connection::receive_behind_input(WorkerContext& worker, std::span<char> scratch) {
  const ssize_t received = recv(fd(), scratch.data(), scratch.size(), 0);
  const auto size = static_cast<std::size_t>(std::max<ssize_t>(received, 0));
  if (make_room(size, worker)) {
    input_.append(scratch.data(), size);
    return take(received, input_, worker);
  }
  worker.joined.assign(input_).append(scratch.data(), size);
  std::string().swap(input_);
  take(received, worker.joined, worker);
}

// Whether `more` bytes may stand behind the input; if so, there is room for them.
bool Connection::make_room(std::size_t more, const WorkerContext& worker) {
  const std::size_t roomy = grown_capacity(input_, more, worker.limits.header_bytes);
  for (const std::size_t capacity : {roomy, input_.size() + more}) {
    const std::size_t growth = capacity - std::min(capacity, input_.capacity());
    if (growth > 0 && !worker.allows(held(), growth)) continue;
    reserve_exactly(input_, capacity);
    return true;
  }
  return false;
}

void Connection::take(std::ptrdiff_t received, std::string_view bytes, WorkerContext& worker) {
  if (received < 0) {
    if (!try_later(errno)) abort();
    return;
  }
  client_finished_ = received == 0;
  serve(bytes, worker);
}

// Whether what is left of `bytes` is for the Http1Session. A router that sends no header, or half
// of one, is misconfigured: nobody knows whom an answer would reach.
bool Connection::take_proxy_header(std::string_view& bytes, WorkerContext& worker) {
  const ProxyHeader header = read_proxy_header(bytes);
  if (header.verdict == ProxyHeader::Verdict::kWhole) {
    bytes.remove_prefix(header.size);
    awaits_proxy_header_ = false;
    worker.request.set_peer(worker.request.peer(), http::ProxySource{header.source});
    if (!header.source || !worker.admit || worker.admit(*header.source)) return true;
    abort();
    return false;
  }
  if (header.verdict == ProxyHeader::Verdict::kNone && !bytes.empty()) {
    worker.report("a connection from " + worker.request.peer()->text() +
                  " was closed: it does not begin with a PROXY header, as listen.proxy_protocol "
                  "demands of that address");
  }
  if (header.verdict == ProxyHeader::Verdict::kNone || client_finished_ ||
      !keep_input(bytes, worker)) {
    abort();
  }
  return false;
}

void Connection::serve(std::string_view bytes, WorkerContext& worker) {
  if (awaits_proxy_header_ && !take_proxy_header(bytes, worker)) return;
  if (awaits_preface_ && !take_preface(bytes, worker)) return;
  int rounds = kRounds;
  bool more = true;
  while (more && rounds-- > 0) more = serve_round(bytes, worker);
  yields_ = more && stage_ == Stage::kOpen && !unsent_;
  if (!keep_input(bytes, worker)) refuse_input(bytes, worker);
  close_if_answered();
}

// Whether it is known what the client speaks. The bytes of the preface stay: its session reads it.
bool Connection::take_preface(std::string_view bytes, WorkerContext& worker) {
  const Preface preface = read_preface(bytes);
  if (preface == Preface::kPart && !client_finished_ && keep_input(bytes, worker)) return false;
  awaits_preface_ = false;
  if (preface == Preface::kWhole) http2_ = std::make_unique<Http2Session>(worker.limits);
  return true;
}

// No more of a preface is waited for.
void Connection::speak_http1(WorkerContext& worker) {
  awaits_preface_ = false;
  input_.erase(0, http1_.receive(input_, worker, worker.output));
}

// Whether there is more to answer for, and room to do so.
bool Connection::serve_round(std::string_view& bytes, WorkerContext& worker) {
  bytes.remove_prefix(session().receive(bytes, worker, worker.output));
  const bool stopped_early = worker.output.full();
  if (client_finished_ && !stopped_early) session().end_of_input(bytes, worker, worker.output);
  send_or_keep(worker);
  return stopped_early && !unsent_ && stage_ == Stage::kOpen && session().takes_requests();
}

// False where memory is short; then nothing is kept.
bool Connection::keep_input(std::string_view rest, const WorkerContext& worker) {
  if (rest.empty()) {
    // Idle connections are many; they hold no memory.
    std::string().swap(input_);
    return true;
  }
  if (rest.data() < input_.data() || rest.data() >= input_.data() + input_.size()) {
    return keep_new_input(rest, worker);
  }
  const std::size_t used = input_.size() - rest.size();
  if (used > rest.size()) {
    std::string(rest).swap(input_);  // which gives the room of what was used back
  } else {
    input_.erase(0, used);
  }
  return true;
}

bool Connection::keep_new_input(std::string_view rest, const WorkerContext& worker) {
  if (!worker.allows(held(), rest.size())) {
    std::string().swap(input_);
    return false;
  }
  input_.assign(rest);
  return true;
}

// There is no room for what the client has sent. Behind an answer that it has not
// taken, nothing can be said any more; it may ask again on another connection.
void Connection::refuse_input(std::string_view rest, WorkerContext& worker) {
  worker.count_shed();
  if (unsent_ || yields_) {
    yields_ = false;
    return session().stop_reading();
  }
  const Fault& why = rest.size() > MemoryBudget::kSmall ? kHeadTooLarge : kNoRoom;
  session().give_up(why, rest, worker, worker.output);
  send_or_keep(worker);
}

void Connection::send_or_keep(WorkerContext& worker) {
  if (worker.output.empty()) return;
  switch (send(worker.output)) {
    case Sent::kAll:
      break;
    case Sent::kPart:
      if (!worker.allows(held(), sizeof(Output) + worker.output.to_keep())) {
        worker.count_shed();
        worker.output.clear();
        return abort();
      }
      unsent_ = std::make_unique<Output>();
      unsent_->keep(worker.output);
      takes_long_ = false;
      break;
    case Sent::kFailed:
      worker.output.clear();
      abort();
      break;
  }
}

// A client that takes its answer in many pieces gets a copy of the rest: it must not keep alive
// all that the answer was picked from. False where memory is short.
bool Connection::own_unsent(const WorkerContext& worker) {
  if (!std::exchange(takes_long_, true) || unsent_->referred() == 0) return true;
  if (!worker.allows(held(), unsent_->referred())) return false;
  unsent_->own();
  return true;
}

Connection::Sent Connection::send(Output& out) {
  std::size_t burst = kBurst;
  while (!out.empty() && burst > 0) {
    Output::Pending pending = out.pending(burst);
    const ssize_t sent = send_parts(fd(), pending);
    if (sent < 0) return try_later(errno) ? Sent::kPart : Sent::kFailed;
    const auto size = static_cast<std::size_t>(sent);
    const bool taken_whole = size == pending.parts[0].iov_len + pending.parts[1].iov_len;
    out.sent(size);
    ++writes_;
    burst -= size;
    if (!taken_whole) return Sent::kPart;
  }
  return out.empty() ? Sent::kAll : Sent::kPart;
}

void Connection::on_writable(WorkerContext& worker) {
  if (unsent_) {
    const Sent sent = send(*unsent_);
    if (sent == Sent::kFailed) return abort();
    if (sent == Sent::kPart) {
      if (own_unsent(worker)) return;
      worker.count_shed();
      return abort();
    }
    unsent_.reset();
  }
  serve(input_, worker);
}

void Connection::close_if_answered() {
  if (stage_ != Stage::kOpen || unsent_ || !session().is_over()) return;
  // Of a client that sends no more no byte can arrive that would be answered with a reset.
  if (client_finished_ || session().client_is_done()) {
    stage_ = Stage::kDone;
    return;
  }
  shutdown(fd(), SHUT_WR);
  stage_ = Stage::kLingering;
}

// With MSG_TRUNC the kernel throws the bytes away without copying them.
void Connection::discard(std::span<char> scratch) {
  const ssize_t received = recv(fd(), scratch.data(), scratch.size(), MSG_TRUNC);
  if (received > 0) {
    drained_ += static_cast<std::size_t>(received);
  } else if (received == 0 || !try_later(errno)) {
    stage_ = Stage::kDone;
  }
}

void Connection::on_timeout(WorkerContext& worker) {
  if (stage_ == Stage::kLingering || awaits_proxy_header_) {
    stage_ = Stage::kDone;
  } else if (idle()) {
    say_goodbye(worker);
  } else if (unsent_ || yields_) {
    abort();
  } else {
    if (has_part_of_preface()) speak_http1(worker);
    session().time_out(input_, worker, worker.output);
    send_or_keep(worker);
    std::string().swap(input_);
    close_if_answered();
  }
}

void Connection::shed(WorkerContext& worker) {
  if (stage_ != Stage::kOpen || awaits_proxy_header_) {
    stage_ = Stage::kDone;
  } else if (idle()) {
    say_goodbye(worker);
  } else if (unsent_ || yields_) {
    abort();
  } else {
    if (has_part_of_preface()) speak_http1(worker);
    session().give_up(kNoRoom, input_, worker, worker.output);
    send_or_keep(worker);
    std::string().swap(input_);
    close_if_answered();
  }
}

// An idle client of HTTP/2 is told that the connection ends, one of HTTP/1.1 nothing.
void Connection::say_goodbye(WorkerContext& worker) {
  session().give_up({}, {}, worker, worker.output);
  if (!worker.output.empty()) send(worker.output);
  worker.output.clear();
  stage_ = Stage::kDone;
}

void Connection::drain(WorkerContext& worker) {
  if (stage_ != Stage::kOpen || !http2_) return;
  http2_->drain();
  if (!unsent_) serve(input_, worker);
}

void Connection::stop_lingering() {
  if (stage_ == Stage::kLingering) stage_ = Stage::kDone;
}

void Connection::abort() {
  // Else the kernel would go on offering what is unsent, for minutes.
  const linger reset{1, 0};
  setsockopt(fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  stage_ = Stage::kDone;
}

bool Connection::idle() const {
  return stage_ == Stage::kOpen && !unsent_ && !yields_ && !has_part_of_preface() &&
         session().is_idle();
}

Interest Connection::interest() const {
  if (stage_ == Stage::kLingering) {
    return drained_ < kLingerBytes ? Interest::kRead : Interest::kNone;
  }
  return unsent_ || yields_ ? Interest::kWrite : Interest::kRead;
}

TimerClass Connection::waiting_for() const {
  if (stage_ == Stage::kLingering) return TimerClass::kLinger;
  if (unsent_ || yields_) return TimerClass::kWrite;
  if (awaits_proxy_header_) return TimerClass::kHead;
  if (screened_ && !session().is_vouched_for()) return TimerClass::kStranger;
  return has_part_of_preface() ? TimerClass::kHead : session().waits_for();
}

std::size_t Connection::held() const {
  std::size_t bytes = heap_bytes(input_) + session().held();
  if (unsent_) bytes += sizeof(Output) + unsent_->held();
  return bytes;
}

std::uint32_t Connection::wait_number() const {
  switch (waiting_for()) {
    case TimerClass::kWrite:
      return writes_;
    case TimerClass::kLinger:
    case TimerClass::kStranger:
      return 0;
    default:
      // What is a part of a preface may be a part of the first head: one wait.
      return has_part_of_preface() ? 1 : session().wait_number();
  }
}

}  // namespace intermission::server
