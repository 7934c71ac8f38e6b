#include "server/http1_session.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "http/media_type.h"
#include "server/heap.h"
#include "server/request_parser.h"
#include "server/responder.h"
#include "server/unread_line.h"

namespace intermission::server {
namespace {

// RFC 9112 §2.2 asks to ignore at least one; old clients send one after each body.
constexpr int kMaxBlankLines = 8;

}  // namespace

// A body that has not arrived as a whole. Its head is kept as bytes: reading it again costs less
// than a Request for each connection.
struct Http1Session::Body {
  RequestParser parser;
  std::size_t keep = 0;
  std::string head;
  std::string kept;
};

Http1Session::Http1Session(const Peer& peer) : peer_(peer) {}
Http1Session::~Http1Session() = default;

std::size_t Http1Session::receive(std::string_view bytes, WorkerContext& worker, Output& out) {
  std::string_view rest = bytes;
  while (!rest.empty() && !out.full() && takes_requests()) {
    const std::size_t used =
        phase_ == Phase::kBody ? receive_body(rest, worker, out) : receive_head(rest, worker, out);
    if (used == 0) break;
    rest.remove_prefix(used);
  }
  return takes_requests() ? bytes.size() - rest.size() : bytes.size();
}

// The worker's, about this peer; it is the session's until this call of its owner returns.
http::Request& Http1Session::new_request(WorkerContext& worker) const {
  http::Request& request = worker.scratch.request;
  request.set_peer(peer_.address, peer_.proxy_source);
  request.set_secure(peer_.tls != nullptr);
  return request;
}

// How many bytes were used; 0 where more are needed, or after the last answer.
std::size_t Http1Session::receive_head(std::string_view bytes, WorkerContext& worker, Output& out) {
  if (bytes.starts_with("\r\n")) {
    phase_ = Phase::kIdle;
    if (++blank_lines_ > kMaxBlankLines)
      fail_unread({400, "too many blank lines"}, {}, worker, out);
    return 2;
  }
  if (phase_ == Phase::kIdle) ++requests_;
  phase_ = Phase::kHead;
  if (bytes == "\r") return 0;
  if (!http::is_token(bytes.substr(0, 1))) {
    fail_unread({400, "this is not an HTTP request"}, {}, worker, out);
    return 0;
  }
  http::Request& request = new_request(worker);
  Body body{RequestParser(worker.limits), {}, {}, {}};
  Fault fault;
  // Nearly always the whole head is here at once, and plain.
  std::size_t size = 0;
  if (!scanner_.has_begun()) size = body.parser.read_plain_head(bytes, request, fault);
  if (size == 0) {
    size = scan_head(bytes, worker, out);
    if (size == 0) return 0;
    fault = body.parser.read_head(bytes.substr(0, size), request);
  }
  const std::string_view head = bytes.substr(0, size);
  if (fault && request.method().empty()) {
    fail_unread(fault, head, worker, out);
    return 0;
  }
  head_only_ = request.method() == "HEAD";
  if (fault) {
    fail(fault, request, worker, out);
    return 0;
  }
  if (worker.screens && !vouched_for_) vouched_for_ = server::is_vouched_for(request, worker);
  return size + begin_body(request, head, bytes.substr(size), std::move(body), worker, out);
}

// The size of a complete head, else 0.
std::size_t Http1Session::scan_head(std::string_view bytes, WorkerContext& worker, Output& out) {
  const bool line_known = scanner_.request_line_size() > 0;
  const HeadScanner::Scan scan = scanner_.scan(bytes, worker.limits.header_bytes);
  if (scan.size > 0) return scan.size;
  Fault fault = scan.fault;
  // A fault in the request line is reported at once, and before any fault behind it.
  if (!line_known && scanner_.request_line_size() > 0) {
    const auto line = bytes.substr(0, scanner_.request_line_size());
    if (const Fault first = RequestParser::check_request_line(line)) fault = first;
  }
  if (fault) fail_unread(fault, bytes, worker, out);
  return 0;
}

// Decides what becomes of the body, and returns how many bytes of `rest` it took.
std::size_t Http1Session::begin_body(http::Request& request, std::string_view head,
                                     std::string_view rest, Body&& body, WorkerContext& worker,
                                     Output& out) {
  RequestParser& parser = body.parser;
  if (!parser.has_body()) {
    client_is_done_ = rest.empty() && parser.asks_to_close() && request.method() != "CONNECT";
    answer(request, parser.keep_alive(), worker, out);
    return 0;
  }
  if (parser.announced_size() > worker.limits.body_discard) {
    answer_early(request, {}, worker, out);
    return 0;
  }
  const auto use = body_use(request, worker);
  if (!use) {
    fail(kHandlerFailed, request, worker, out);
    return 0;
  }
  const bool is_wanted = *use == http::BodyUse::kPeek;
  if (*use == http::BodyUse::kRefuse || (parser.expects_continue() && !is_wanted)) {
    answer_early(request, {}, worker, out);
    return 0;
  }
  if (parser.expects_continue()) out.bytes() += "HTTP/1.1 100 Continue\r\n\r\n";
  body.keep = is_wanted ? worker.limits.body_peek : 0;
  std::string& kept = worker.scratch.kept_body;
  kept.clear();
  const auto step = parser.read_body(rest, body.keep, kept);
  if (step.progress != BodyProgress::kMore) {
    end_body(request, step.progress, step.fault, parser, kept, worker, out);
  } else if (!begin_waiting(head, kept, std::move(body), worker)) {
    worker.count_shed();
    answer_early(request, kept, worker, out);
  }
  return step.consumed;
}

// Where memory is short, a request whose body is not here at once is answered by its head: false.
bool Http1Session::begin_waiting(std::string_view head, std::string_view kept, Body&& body,
                                 WorkerContext& worker) {
  if (!worker.allows(0, sizeof(Body) + head.size() + kept.size())) return false;
  body.head = head;
  body.kept = kept;
  body_ = std::make_unique<Body>(std::move(body));
  phase_ = Phase::kBody;
  return true;
}

std::size_t Http1Session::receive_body(std::string_view bytes, WorkerContext& worker, Output& out) {
  const bool keeps = may_keep(bytes.size(), worker);
  // What may not grow can still be the end of the body; the worker lends room to see.
  std::string& kept = keeps ? body_->kept : worker.scratch.kept_body;
  if (!keeps) kept.assign(body_->kept);
  const auto step = body_->parser.read_body(bytes, body_->keep, kept);
  if (step.progress == BodyProgress::kMore && keeps) return step.consumed;
  const std::unique_ptr<Body> body = std::move(body_);
  http::Request& request = new_request(worker);
  RequestParser(worker.limits).read_head(body->head, request);
  if (step.progress == BodyProgress::kMore) {
    worker.count_shed();
    answer_early(request, kept, worker, out);
  } else {
    end_body(request, step.progress, step.fault, body->parser, kept, worker, out);
  }
  return step.consumed;
}

// Whether the body in hand may take `more` bytes; if so, it has room for them.
bool Http1Session::may_keep(std::size_t more, const WorkerContext& worker) {
  std::string& kept = body_->kept;
  more = std::min(more, body_->keep - std::min(body_->keep, kept.size()));
  const std::size_t roomy = grown_capacity(kept, more, body_->keep);
  for (const std::size_t capacity : {roomy, kept.size() + more}) {
    if (capacity > kept.capacity() && !worker.allows(held(), capacity - kept.capacity())) continue;
    reserve_exactly(kept, capacity);
    return true;
  }
  return false;
}

// `kept` is what has come of the body.
void Http1Session::answer_early(http::Request& request, std::string_view kept,
                                WorkerContext& worker, Output& out) {
  request.set_body(kept, false);
  answer(request, false, worker, out);
}

std::size_t Http1Session::body_bytes() const {
  return sizeof(Body) + heap_bytes(body_->head) + heap_bytes(body_->kept);
}

void Http1Session::end_body(http::Request& request, BodyProgress progress, const Fault& fault,
                            const RequestParser& parser, std::string_view kept,
                            WorkerContext& worker, Output& out) {
  if (progress == BodyProgress::kBroken) return fail(fault, request, worker, out);
  const bool ended = progress == BodyProgress::kComplete;
  request.set_body(kept, ended && kept.size() == parser.decoded());
  answer(request, ended && parser.keep_alive(), worker, out);
}

void Http1Session::answer(const http::Request& request, bool keep_alive, WorkerContext& worker,
                          Output& out) {
  http::Response& response = worker.scratch.response;
  auto handled = make_response(request, peer_, response, worker);
  if (!handled) return fail(kHandlerFailed, request, worker, out);
  ResponseFraming framing;
  framing.head_only = head_only_;
  framing.http10 = request.version() < 11;
  framing.close = !keep_alive || handled->close_connection;
  begin_next();
  if (handled->deferred == nullptr) return write_answer(response, framing, worker, out);
  deferred_.reset(new Deferred{std::move(handled->deferred), framing.head_only, framing.http10});
  phase_ = Phase::kDeferred;
}

void Http1Session::take_deferred(WorkerContext& worker, Output& out) {
  http::Response& response = worker.scratch.response;
  if (!server::take_deferred(*deferred_->answer, response, worker)) return;
  ResponseFraming framing;
  framing.head_only = deferred_->head_only;
  framing.http10 = deferred_->http10;
  framing.close = true;
  deferred_.reset();
  write_answer(response, framing, worker, out);
}

void Http1Session::write_answer(http::Response& response, ResponseFraming framing,
                                WorkerContext& worker, Output& out) {
  framing.date = worker.date.text();
  framing.close = framing.close || worker.draining || worker.overloaded || response.status == 101 ||
                  response.stream != nullptr;
  write_response(response, framing, out);
  if (framing.close) phase_ = Phase::kClosing;
  if (response.stream == nullptr || framing.head_only) return;
  streaming_.reset(new Streaming{std::move(response.stream), framing.http10});
  phase_ = Phase::kStreaming;
  pull(worker, out);
}

// A server that stops ends the stream: its client connects to the next one.
void Http1Session::pull(WorkerContext& worker, Output& out) {
  std::string text;
  const bool more = read_stream(*streaming_->stream, text, worker);
  write_chunk(text, streaming_->http10, out);
  if (more && !worker.draining) return;
  write_last_chunk(streaming_->http10, out);
  streaming_.reset();
  phase_ = Phase::kClosing;
}

// Of a request whose head is not read, because it is not whole or cannot be read.
void Http1Session::fail_unread(const Fault& fault, std::string_view bytes, WorkerContext& worker,
                               Output& out) {
  http::Request& request = new_request(worker);
  read_what_stands(bytes, request);
  head_only_ = request.method() == "HEAD";
  fail(fault, request, worker, out);
}

void Http1Session::fail_in_body(const Fault& fault, WorkerContext& worker, Output& out) {
  const std::unique_ptr<Body> body = std::move(body_);
  http::Request& request = new_request(worker);
  RequestParser(worker.limits).read_head(body->head, request);
  fail(fault, request, worker, out);
}

void Http1Session::fail(const Fault& fault, const http::Request& request, WorkerContext& worker,
                        Output& out) {
  http::Response& response = worker.scratch.response;
  refuse(fault, request, response, worker);
  ResponseFraming framing;
  framing.date = worker.date.text();
  framing.head_only = head_only_;
  framing.close = true;
  write_response(response, framing, out);
  begin_next();
  phase_ = Phase::kClosing;
}

void Http1Session::begin_next() {
  phase_ = Phase::kIdle;
  blank_lines_ = 0;
  scanner_.reset();
  body_.reset();
}

void Http1Session::end_of_input(std::string_view unused, WorkerContext& worker, Output& out) {
  switch (phase_) {
    case Phase::kHead:
      return fail_unread({400, "the request ends inside its head"}, unused, worker, out);
    case Phase::kBody:
      return fail_in_body({400, "the request ends inside its body"}, worker, out);
    case Phase::kStreaming:
    case Phase::kDeferred:
    case Phase::kIdle:
      return stop_reading();
    case Phase::kClosing:
      return;
  }
}

void Http1Session::give_up(const Fault& why, std::string_view unused, WorkerContext& worker,
                           Output& out) {
  if (phase_ == Phase::kHead) return fail_unread(why, unused, worker, out);
  if (phase_ != Phase::kBody) return stop_reading();
  const std::unique_ptr<Body> body = std::move(body_);
  http::Request& request = new_request(worker);
  RequestParser(worker.limits).read_head(body->head, request);
  answer_early(request, body->kept, worker, out);
}

void Http1Session::stop_reading() {
  streaming_.reset();
  deferred_.reset();
  body_.reset();
  phase_ = Phase::kClosing;
}

void Http1Session::time_out(std::string_view unused, WorkerContext& worker, Output& out) {
  switch (phase_) {
    case Phase::kHead:
      return fail_unread({408, "the request head did not arrive in time"}, unused, worker, out);
    case Phase::kBody:
      return fail_in_body({408, "the request body did not arrive in time"}, worker, out);
    case Phase::kStreaming:
      return pull(worker, out);
    case Phase::kDeferred:
      return take_deferred(worker, out);
    case Phase::kIdle:
      phase_ = Phase::kClosing;
      return;
    case Phase::kClosing:
      return;
  }
}

TimerClass Http1Session::waits_for() const {
  if (requests_ == 0) return TimerClass::kSilent;
  switch (phase_) {
    case Phase::kHead:
      return TimerClass::kHead;
    case Phase::kBody:
      return TimerClass::kBody;
    case Phase::kStreaming:
    case Phase::kDeferred:
      return TimerClass::kStream;
    default:
      return TimerClass::kIdle;
  }
}

}  // namespace intermission::server
