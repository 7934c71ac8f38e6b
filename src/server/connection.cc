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

constexpr Fault kNoRoom{503, "the gateway is short of memory for the rest of this request"};
constexpr Fault kHeadTooLarge{431, "the request head does not fit into the memory left"};
constexpr Fault kPlainText{400, "plain HTTP was sent to a port that speaks TLS: use https"};

// No request begins with this byte, and every handshake of TLS does.
constexpr char kTlsHandshake = 0x16;

bool try_later(int error) {
  return error == EAGAIN || error == EINTR;
}

}  // namespace

void Connection::on_readable(WorkerContext& worker, std::span<char> scratch) {
  if (stage_ == Stage::kLingering) return discard(scratch);
  if (is_handshaking() && !is_agreed_on(worker, scratch)) return;
  if (!input_.empty()) return receive_behind_input(worker, scratch);
  const ssize_t received = transport_.read(scratch);
  const auto size = static_cast<std::size_t>(std::max<ssize_t>(received, 0));
  take(received, {scratch.data(), size}, worker);
}

// Whether the client's requests can be read now: a PROXY header and the handshake come before them.
bool Connection::is_agreed_on(WorkerContext& worker, std::span<char> scratch) {
  if (awaits_proxy_header_ && !receive_proxy_header(worker, scratch)) return false;
  return shake_hands(worker, scratch);
}

// What follows the header is for TLS, which reads the socket itself: none of it may be taken here.
bool Connection::receive_proxy_header(WorkerContext& worker, std::span<char> scratch) {
  const ssize_t peeked = recv(fd(), scratch.data(), scratch.size(), MSG_PEEK);
  if (peeked < 0) {
    if (!try_later(errno)) abort();
    return false;
  }
  client_finished_ = peeked == 0;
  const std::size_t before = input_.size();
  worker.joined.assign(input_).append(scratch.data(), static_cast<std::size_t>(peeked));
  std::string_view bytes = worker.joined;
  const bool whole = take_proxy_header(bytes, worker);
  if (whole) std::string().swap(input_);
  const std::size_t used = worker.joined.size() - (whole ? bytes.size() : 0) - before;
  return recv(fd(), scratch.data(), used, 0) == static_cast<ssize_t>(used) && whole;
}

bool Connection::shake_hands(WorkerContext& worker, std::span<char> scratch) {
  switch (transport_.tls()->handshake()) {
    case TlsChannel::Handshake::kWaits:
      break;
    case TlsChannel::Handshake::kDone:
      begin_protocol(worker);
      return true;
    case TlsChannel::Handshake::kPlainText:
      refuse_plain_text(worker, scratch);
      break;
    case TlsChannel::Handshake::kFailed:
      // Closing at once would destroy the alert that says why.
      linger();
      break;
    case TlsChannel::Handshake::kLeft:
      stage_ = Stage::kDone;
      break;
  }
  return false;
}

// Over TLS the protocol is chosen by ALPN; where the client offers none, as in plain text.
void Connection::begin_protocol(WorkerContext& worker) {
  const TlsChannel::Protocol protocol = transport_.tls()->protocol();
  if (protocol == TlsChannel::Protocol::kNotChosen) return;
  awaits_preface_ = false;
  if (protocol == TlsChannel::Protocol::kHttp2)
    http2_ = std::make_unique<Http2Session>(worker, peer_);
}

void Connection::refuse_plain_text(WorkerContext& worker, std::span<char> scratch) {
  worker.report("plain HTTP from " + peer_.address->text() +
                " was rejected on the port for TLS: its URL says http in place of https");
  transport_.give_up_tls();
  peer_.tls = nullptr;
  const ssize_t received = transport_.read(scratch);
  http1_.refuse_unread({scratch.data(), static_cast<std::size_t>(std::max<ssize_t>(received, 0))},
                       kPlainText, worker, worker.output);
  send_or_keep(worker);
  close_if_answered();
}

// The session answers 400 to what is no request.
void Connection::look_for_tls(std::string_view bytes, WorkerContext& worker) {
  if (!bytes.starts_with(kTlsHandshake) || http2_ || http1_.wait_number() > 0) return;
  worker.report("a TLS greeting from " + peer_.address->text() +
                " was rejected on the port for plain HTTP: its URL says https in place of http");
}

// A head that comes in pieces grows in place: however many pieces, each byte is moved about
// twice. What may not grow can still be complete now; the worker lends room to see.
void Connection::receive_behind_input(WorkerContext& worker, std::span<char> scratch) {
  const ssize_t received = transport_.read(scratch);
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
// of one, is misconfigured: an answer could reach the wrong client.
bool Connection::take_proxy_header(std::string_view& bytes, WorkerContext& worker) {
  const ProxyHeader header = read_proxy_header(bytes);
  if (header.verdict == ProxyHeader::Verdict::kWhole) {
    bytes.remove_prefix(header.size);
    awaits_proxy_header_ = false;
    peer_.proxy_source = http::ProxySource{header.source};
    if (!header.source || !worker.admit || worker.admit(*header.source)) return true;
    abort();
    return false;
  }
  if (header.verdict == ProxyHeader::Verdict::kNone) {
    worker.report("a connection from " + peer_.address->text() +
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
  if (tls() == nullptr) look_for_tls(bytes, worker);
  if (awaits_preface_ && !take_preface(bytes, worker)) return;
  int rounds = kRounds;
  bool more = true;
  while (more && rounds-- > 0) more = serve_round(bytes, worker);
  yields_ = more;
  if (!keep_input(bytes, worker)) refuse_input(bytes, worker);
  close_if_answered();
}

// Whether it is known what the client speaks. The bytes of the preface stay: its session reads it.
bool Connection::take_preface(std::string_view bytes, WorkerContext& worker) {
  const Preface preface = read_preface(bytes);
  if (preface == Preface::kPart && !client_finished_ && keep_input(bytes, worker)) return false;
  awaits_preface_ = false;
  if (preface == Preface::kWhole) http2_ = std::make_unique<Http2Session>(worker, peer_);
  return true;
}

// No more of it is waited for: to HTTP/1.1 it is a part of a head. All other input was heard
// before.
void Connection::hear_part_of_preface(WorkerContext& worker) {
  if (has_part_of_preface()) http1_.receive(input_, worker, worker.output);
}

// Whether there may be more to say, and room to do so.
bool Connection::send_round(WorkerContext& worker) {
  const bool stopped_early = worker.output.full();
  send_or_keep(worker);
  return stopped_early && !unsent_ && stage_ == Stage::kOpen;
}

// As send_round(). The whole requests of a client that has finished were answered before its end
// was read, so what is left of them is unfinished.
bool Connection::serve_round(std::string_view& bytes, WorkerContext& worker) {
  bytes.remove_prefix(session().receive(bytes, worker, worker.output));
  if (client_finished_) session().end_of_input(bytes, worker, worker.output);
  return send_round(worker);
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
  if (!worker.allows(held(), rest.size())) return false;
  input_.assign(rest);
  return true;
}

// There is no room for what the client has sent. Behind an answer that it has not
// taken, nothing can be said any more; it may ask again on another connection.
void Connection::refuse_input(std::string_view rest, WorkerContext& worker) {
  worker.count_shed();
  if (unsent_) return session().stop_reading();
  const Fault& why = rest.size() > MemoryBudget::kSmall ? kHeadTooLarge : kNoRoom;
  session().give_up(why, rest, worker, worker.output);
  send_or_keep(worker);
}

void Connection::send_or_keep(WorkerContext& worker) {
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
    const ssize_t sent = transport_.write(pending);
    if (sent < 0) return try_later(errno) ? Sent::kPart : Sent::kFailed;
    const auto size = static_cast<std::size_t>(sent);
    const bool taken_whole = size == pending.size;
    out.sent(size);
    ++writes_;
    burst -= size;
    if (!taken_whole) return Sent::kPart;
  }
  return out.empty() ? Sent::kAll : Sent::kPart;
}

void Connection::on_writable(WorkerContext& worker, std::span<char> scratch) {
  const bool waited_to_read = is_handshaking() || (!unsent_ && !yields_);
  if (waited_to_read) return on_readable(worker, scratch);
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
  linger();
}

void Connection::linger() {
  transport_.shutdown_write();
  stage_ = Stage::kLingering;
}

void Connection::discard(std::span<char> scratch) {
  const ssize_t received = transport_.discard(scratch);
  if (received > 0) {
    drained_ += static_cast<std::size_t>(received);
  } else if (received == 0 || !try_later(errno)) {
    stage_ = Stage::kDone;
  }
}

void Connection::on_timeout(WorkerContext& worker) {
  if (stage_ == Stage::kLingering || awaits_proxy_header_ || is_handshaking()) {
    stage_ = Stage::kDone;
  } else if (idle()) {
    say_goodbye(worker);
  } else if (unsent_ || yields_) {
    abort();
  } else {
    hear_part_of_preface(worker);
    session().time_out(input_, worker, worker.output);
    yields_ = send_round(worker);
    std::string().swap(input_);
    close_if_answered();
  }
}

void Connection::shed(WorkerContext& worker) {
  if (stage_ != Stage::kOpen || awaits_proxy_header_ || is_handshaking()) {
    stage_ = Stage::kDone;
  } else if (idle()) {
    say_goodbye(worker);
  } else if (unsent_ || yields_) {
    abort();
  } else {
    hear_part_of_preface(worker);
    session().give_up(kNoRoom, input_, worker, worker.output);
    send_or_keep(worker);
    std::string().swap(input_);
    close_if_answered();
  }
}

// An idle connection of HTTP/2 ends with GOAWAY, one of HTTP/1.1 without a word.
void Connection::say_goodbye(WorkerContext& worker) {
  session().give_up({}, {}, worker, worker.output);
  send(worker.output);
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
  transport_.abort();
  stage_ = Stage::kDone;
}

bool Connection::idle() const {
  return stage_ == Stage::kOpen && !unsent_ && !yields_ && !has_part_of_preface() &&
         !is_handshaking() && !transport_.has_more() && session().is_idle();
}

Interest Connection::interest() const {
  if (stage_ == Stage::kLingering) {
    return drained_ < kLingerBytes ? Interest::kRead : Interest::kNone;
  }
  if (is_handshaking()) return transport_.tls()->wants_write() ? Interest::kWrite : Interest::kRead;
  // Bytes that TLS has read already do not make the socket readable. It is writable, though.
  return unsent_ || yields_ || transport_.has_more() ? Interest::kWrite : Interest::kRead;
}

TimerClass Connection::waiting_for() const {
  if (stage_ == Stage::kLingering) return TimerClass::kLinger;
  if (is_handshaking()) return TimerClass::kHandshake;
  if (unsent_ || yields_) return TimerClass::kWrite;
  if (awaits_proxy_header_) return TimerClass::kHead;
  if (screened_ && !session().is_vouched_for()) return TimerClass::kStranger;
  return has_part_of_preface() ? TimerClass::kHead : session().waits_for();
}

std::size_t Connection::held() const {
  std::size_t bytes = heap_bytes(input_) + session().held() + transport_.held();
  if (unsent_) bytes += sizeof(Output) + unsent_->held();
  return bytes;
}

std::uint32_t Connection::wait_number() const {
  switch (waiting_for()) {
    case TimerClass::kWrite:
      return writes_;
    case TimerClass::kHandshake:
    case TimerClass::kLinger:
    case TimerClass::kStranger:
      return 0;
    default:
      // What is a part of a preface may be a part of the first head: one wait.
      return has_part_of_preface() ? 1 : session().wait_number();
  }
}

}  // namespace intermission::server
