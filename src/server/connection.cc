#include "server/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "server/proxy_header.h"

namespace intermission::server {
namespace {

constexpr std::size_t kSmallestRead = 4096;

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

bool try_later(int error) {
  return error == EAGAIN || error == EINTR;
}

}  // namespace

void Connection::on_readable(Desk& desk, std::span<char> scratch) {
  if (stage_ == Stage::kLingering) return drain(scratch);
  if (!input_.empty()) return receive_behind_input(desk);
  const ssize_t received = recv(fd(), scratch.data(), scratch.size(), 0);
  const auto size = static_cast<std::size_t>(std::max<ssize_t>(received, 0));
  take(received, {scratch.data(), size}, desk);
}

// A head that comes in pieces grows in place: however many pieces, each byte is moved about
// once.
void Connection::receive_behind_input(Desk& desk) {
  const std::size_t held = input_.size();
  input_.resize(held + std::max(held, kSmallestRead));
  const ssize_t received = recv(fd(), input_.data() + held, input_.size() - held, 0);
  input_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(received, 0)));
  take(received, input_, desk);
}

void Connection::take(std::ptrdiff_t received, std::string_view bytes, Desk& desk) {
  if (received < 0) {
    if (!try_later(errno)) abort();
    return;
  }
  client_finished_ = received == 0;
  serve(bytes, desk);
}

// Whether what is left of `bytes` is for the Exchange. A router that sends no header, or half of
// one, is misconfigured: nobody knows whom an answer would reach.
bool Connection::take_proxy_header(std::string_view& bytes, Desk& desk) {
  const ProxyHeader header = read_proxy_header(bytes);
  if (header.verdict == ProxyHeader::Verdict::kWhole) {
    bytes.remove_prefix(header.size);
    awaits_proxy_header_ = false;
    desk.request.set_peer(desk.request.peer(), http::ProxySource{header.source});
    if (!header.source || !desk.admit || desk.admit(*header.source)) return true;
    abort();
    return false;
  }
  if (header.verdict == ProxyHeader::Verdict::kNone && !bytes.empty()) {
    desk.report("a connection from " + desk.request.peer()->text() +
                " was closed: it does not begin with a PROXY header, as listen.proxy_protocol "
                "demands of that address");
  }
  if (header.verdict == ProxyHeader::Verdict::kNone || client_finished_) abort();
  keep_input(bytes);
  return false;
}

void Connection::serve(std::string_view bytes, Desk& desk) {
  if (awaits_proxy_header_ && !take_proxy_header(bytes, desk)) return;
  int rounds = kRounds;
  bool more = true;
  while (more && rounds-- > 0) more = serve_round(bytes, desk);
  yields_ = more && stage_ == Stage::kOpen && !unsent_;
  keep_input(bytes);
  close_if_answered();
}

// Whether there is more to answer for, and room to do so.
bool Connection::serve_round(std::string_view& bytes, Desk& desk) {
  bytes.remove_prefix(exchange_.receive(bytes, desk, desk.output));
  const bool stopped_early = desk.output.full();
  if (client_finished_ && !stopped_early) exchange_.end_of_input(bytes, desk, desk.output);
  send_or_keep(desk);
  return stopped_early && !unsent_ && stage_ == Stage::kOpen && exchange_.takes_requests();
}

void Connection::keep_input(std::string_view rest) {
  if (rest.empty()) {
    // Idle connections are many; they hold no memory.
    std::string().swap(input_);
  } else if (rest.data() >= input_.data() && rest.data() < input_.data() + input_.size()) {
    input_.erase(0, static_cast<std::size_t>(rest.data() - input_.data()));
  } else {
    input_.assign(rest);
  }
}

void Connection::send_or_keep(Desk& desk) {
  if (desk.output.empty()) return;
  switch (send(desk.output)) {
    case Sent::kAll:
      break;
    case Sent::kPart:
      unsent_ = std::make_unique<Output>();
      unsent_->keep(desk.output);
      break;
    case Sent::kFailed:
      desk.output.clear();
      abort();
      break;
  }
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

void Connection::on_writable(Desk& desk) {
  if (unsent_) {
    const Sent sent = send(*unsent_);
    if (sent == Sent::kFailed) return abort();
    if (sent == Sent::kPart) return;
    unsent_.reset();
  }
  serve(input_, desk);
}

void Connection::close_if_answered() {
  if (stage_ != Stage::kOpen || unsent_ || exchange_.phase() != Exchange::Phase::kClosing) return;
  // Of a client that sends no more no byte can arrive that would be answered with a reset.
  if (client_finished_ || exchange_.client_is_done()) {
    stage_ = Stage::kDone;
    return;
  }
  shutdown(fd(), SHUT_WR);
  stage_ = Stage::kLingering;
}

// With MSG_TRUNC the kernel throws the bytes away without copying them.
void Connection::drain(std::span<char> scratch) {
  const ssize_t received = recv(fd(), scratch.data(), scratch.size(), MSG_TRUNC);
  if (received > 0) {
    drained_ += static_cast<std::size_t>(received);
  } else if (received == 0 || !try_later(errno)) {
    stage_ = Stage::kDone;
  }
}

void Connection::on_timeout(Desk& desk) {
  if (stage_ == Stage::kLingering || idle() || awaits_proxy_header_) {
    stage_ = Stage::kDone;
  } else if (unsent_ || yields_) {
    abort();
  } else {
    exchange_.time_out(input_, desk, desk.output);
    send_or_keep(desk);
    keep_input({});
    close_if_answered();
  }
}

void Connection::abort() {
  // Else the kernel would go on offering what is unsent, for minutes.
  const linger reset{1, 0};
  setsockopt(fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  stage_ = Stage::kDone;
}

bool Connection::idle() const {
  return stage_ == Stage::kOpen && !unsent_ && !yields_ &&
         exchange_.phase() == Exchange::Phase::kIdle;
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
  switch (exchange_.phase()) {
    case Exchange::Phase::kHead:
      return TimerClass::kHead;
    case Exchange::Phase::kBody:
      return TimerClass::kBody;
    case Exchange::Phase::kStreaming:
      return TimerClass::kStream;
    default:
      return TimerClass::kIdle;
  }
}

std::uint32_t Connection::wait_number() const {
  switch (waiting_for()) {
    case TimerClass::kWrite:
      return writes_;
    case TimerClass::kLinger:
      return 0;
    default:
      return exchange_.requests();
  }
}

}  // namespace intermission::server
