#include "server/exchange.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "http/media_type.h"
#include "server/heap.h"
#include "server/request_parser.h"
#include "server/unread_line.h"

namespace intermission::server {
namespace {

// RFC 9112 §2.2 asks to ignore at least one; old clients send one after each body.
constexpr int kMaxBlankLines = 8;

constexpr Fault kFailed{503, "the gateway could not make its answer"};

}  // namespace

// A body that has not arrived as a whole. Its head is kept as bytes: by the time of the
// answer the worker's Request has served others, and reading the head again costs less than a
// Request for each connection.
struct Exchange::Body {
  RequestParser parser;
  std::size_t keep = 0;
  std::string head;
  std::string kept;
};

Exchange::Exchange() = default;
Exchange::~Exchange() = default;

std::size_t Exchange::receive(std::string_view bytes, Desk& desk, Output& out) {
  std::string_view rest = bytes;
  while (!rest.empty() && !out.full() && takes_requests()) {
    const std::size_t used =
        phase_ == Phase::kBody ? receive_body(rest, desk, out) : receive_head(rest, desk, out);
    if (used == 0) break;
    rest.remove_prefix(used);
  }
  return takes_requests() ? bytes.size() - rest.size() : bytes.size();
}

// How many bytes were used; 0 where more are needed, or after the last answer.
std::size_t Exchange::receive_head(std::string_view bytes, Desk& desk, Output& out) {
  if (bytes.starts_with("\r\n")) {
    phase_ = Phase::kIdle;
    if (++blank_lines_ > kMaxBlankLines) fail_unread({400, "too many blank lines"}, {}, desk, out);
    return 2;
  }
  if (phase_ == Phase::kIdle) ++requests_;
  phase_ = Phase::kHead;
  if (bytes == "\r") return 0;
  if (!http::is_token(bytes.substr(0, 1))) {
    fail_unread({400, "this is not an HTTP request"}, {}, desk, out);
    return 0;
  }
  Body body{RequestParser(desk.limits), 0, {}, {}};
  Fault fault;
  // Nearly always the whole head is here at once, and plain.
  std::size_t size = 0;
  if (!scanner_.has_begun()) size = body.parser.read_plain_head(bytes, desk.request, fault);
  if (size == 0) {
    size = scan_head(bytes, desk, out);
    if (size == 0) return 0;
    fault = body.parser.read_head(bytes.substr(0, size), desk.request);
  }
  const std::string_view head = bytes.substr(0, size);
  if (fault && desk.request.method().empty()) {
    fail_unread(fault, head, desk, out);
    return 0;
  }
  head_only_ = desk.request.method() == "HEAD";
  if (fault) {
    fail(fault, desk, out);
    return 0;
  }
  if (desk.screens && !vouched_for_) screen(desk);
  return size + begin_body(head, bytes.substr(size), std::move(body), desk, out);
}

// The size of a complete head, else 0.
std::size_t Exchange::scan_head(std::string_view bytes, Desk& desk, Output& out) {
  const bool line_known = scanner_.request_line_size() > 0;
  const HeadScanner::Scan scan = scanner_.scan(bytes, desk.limits.header_bytes);
  if (scan.size > 0) return scan.size;
  Fault fault = scan.fault;
  // A broken request line is told of at once, and before anything that is wrong behind it.
  if (!line_known && scanner_.request_line_size() > 0) {
    const auto line = bytes.substr(0, scanner_.request_line_size());
    if (const Fault first = RequestParser::check_request_line(line)) fault = first;
  }
  if (fault) fail_unread(fault, bytes, desk, out);
  return 0;
}

// Decides what becomes of the body, and returns how many bytes of `rest` it took.
std::size_t Exchange::begin_body(std::string_view head, std::string_view rest, Body&& body,
                                 Desk& desk, Output& out) {
  RequestParser& parser = body.parser;
  if (!parser.has_body()) {
    client_is_done_ = rest.empty() && parser.asks_to_close() && desk.request.method() != "CONNECT";
    answer(desk, out, parser.keep_alive());
    return 0;
  }
  if (parser.expects_continue() || parser.announced_size() > desk.limits.body_discard) {
    answer_early({}, desk, out);
    return 0;
  }
  const auto use = body_use(desk);
  if (!use) {
    fail(kFailed, desk, out);
    return 0;
  }
  if (*use == http::BodyUse::kRefuse) {
    answer_early({}, desk, out);
    return 0;
  }
  body.keep = *use == http::BodyUse::kPeek ? desk.limits.body_peek : 0;
  desk.kept_body.clear();
  const auto step = parser.read_body(rest, body.keep, desk.kept_body);
  if (step.progress == BodyProgress::kMore) {
    return begin_waiting(head, std::move(body), step.consumed, desk, out);
  }
  end_body(step.progress, step.fault, parser, desk.kept_body, desk, out);
  return step.consumed;
}

// Where memory is short, a request whose body is not here at once is answered by its head.
std::size_t Exchange::begin_waiting(std::string_view head, Body&& body, std::size_t consumed,
                                    Desk& desk, Output& out) {
  if (!desk.allows(0, sizeof(Body) + head.size() + desk.kept_body.size())) {
    desk.count_shed();
    answer_early(desk.kept_body, desk, out);
    return consumed;
  }
  body.head = head;
  body.kept = desk.kept_body;
  body_ = std::make_unique<Body>(std::move(body));
  phase_ = Phase::kBody;
  return consumed;
}

std::size_t Exchange::receive_body(std::string_view bytes, Desk& desk, Output& out) {
  const bool keeps = may_keep(bytes.size(), desk);
  // What may not grow can still be the end of the body; the worker lends room to see.
  if (!keeps) desk.kept_body.assign(body_->kept);
  std::string& kept = keeps ? body_->kept : desk.kept_body;
  const auto step = body_->parser.read_body(bytes, body_->keep, kept);
  if (step.progress == BodyProgress::kMore && keeps) return step.consumed;
  const std::unique_ptr<Body> body = std::move(body_);
  RequestParser(desk.limits).read_head(body->head, desk.request);
  if (step.progress == BodyProgress::kMore) {
    desk.count_shed();
    answer_early(kept, desk, out);
  } else {
    end_body(step.progress, step.fault, body->parser, kept, desk, out);
  }
  return step.consumed;
}

// Whether the body in hand may take `more` bytes; if so, it has room for them.
bool Exchange::may_keep(std::size_t more, const Desk& desk) {
  std::string& kept = body_->kept;
  more = std::min(more, body_->keep - std::min(body_->keep, kept.size()));
  const std::size_t roomy = grown_capacity(kept, more, body_->keep);
  for (const std::size_t capacity : {roomy, kept.size() + more}) {
    if (capacity > kept.capacity() && !desk.allows(held(), capacity - kept.capacity())) continue;
    reserve_exactly(kept, capacity);
    return true;
  }
  return false;
}

// `kept` is what has come of the body; desk.request holds the head.
void Exchange::answer_early(std::string_view kept, Desk& desk, Output& out) {
  desk.request.set_body(kept, false);
  answer(desk, out, false);
}

std::size_t Exchange::body_bytes() const {
  return sizeof(Body) + heap_bytes(body_->head) + heap_bytes(body_->kept);
}

// One that throws vouches for nobody.
void Exchange::screen(Desk& desk) {
  try {
    vouched_for_ = desk.handler.vouches_for(desk.request);
  } catch (const std::exception& error) {
    desk.report("a handler failed: " + base::printable(error.what()));
  } catch (...) {
    desk.report("a handler failed");
  }
}

void Exchange::end_body(BodyProgress progress, const Fault& fault, const RequestParser& parser,
                        std::string_view kept, Desk& desk, Output& out) {
  if (progress == BodyProgress::kBroken) return fail(fault, desk, out);
  const bool ended = progress == BodyProgress::kComplete;
  desk.request.set_body(kept, ended && kept.size() == parser.decoded());
  answer(desk, out, ended && parser.keep_alive());
}

std::optional<http::BodyUse> Exchange::body_use(Desk& desk) {
  try {
    return desk.handler.body_use(desk.request);
  } catch (const std::exception& error) {
    desk.report("a handler failed: " + base::printable(error.what()));
  } catch (...) {
    desk.report("a handler failed");
  }
  return {};
}

bool Exchange::make_response(Desk& desk) {
  desk.response.reset();
  try {
    desk.handler.answer(desk.request, desk.response);
    return is_final_status(desk.response.status);
  } catch (const std::exception& error) {
    desk.report("a handler failed: " + base::printable(error.what()));
  } catch (...) {
    desk.report("a handler failed");
  }
  return false;
}

void Exchange::answer(Desk& desk, Output& out, bool keep_alive) {
  if (!make_response(desk)) return fail(kFailed, desk, out);
  ResponseFraming framing;
  framing.date = desk.date.text();
  const bool head_only = head_only_;
  framing.head_only = head_only;
  framing.http10 = desk.request.version() < 11;
  framing.close = !keep_alive || desk.response.close || desk.draining || desk.crowded ||
                  desk.response.status == 101 || desk.response.stream != nullptr;
  write_response(desk.response, framing, out);
  begin_next();
  if (framing.close) phase_ = Phase::kClosing;
  if (desk.response.stream == nullptr || head_only) return;
  streaming_.reset(new Streaming{std::move(desk.response.stream), framing.http10});
  phase_ = Phase::kStreaming;
  pull(desk, out);
}

// A server that stops ends the stream: its client connects to the next one.
void Exchange::pull(Desk& desk, Output& out) {
  bool more = false;
  try {
    std::string text;
    more = streaming_->stream->read(text);
    write_chunk(text, streaming_->http10, out);
  } catch (const std::exception& error) {
    desk.report("a stream failed: " + base::printable(error.what()));
  }
  if (more && !desk.draining) return;
  write_last_chunk(streaming_->http10, out);
  streaming_.reset();
  phase_ = Phase::kClosing;
}

// Of a request whose head is not read, because it is not whole or cannot be read.
void Exchange::fail_unread(const Fault& fault, std::string_view bytes, Desk& desk, Output& out) {
  read_what_stands(bytes, desk.request);
  head_only_ = desk.request.method() == "HEAD";
  fail(fault, desk, out);
}

// The worker's Request has served others meanwhile.
void Exchange::fail_in_body(const Fault& fault, Desk& desk, Output& out) {
  const std::unique_ptr<Body> body = std::move(body_);
  RequestParser(desk.limits).read_head(body->head, desk.request);
  fail(fault, desk, out);
}

// `desk.request` is the one that is refused.
void Exchange::fail(const Fault& fault, Desk& desk, Output& out) {
  fault_response(fault, desk.response);
  ResponseFraming framing;
  framing.date = desk.date.text();
  framing.head_only = head_only_;
  framing.close = true;
  write_response(desk.response, framing, out);
  desk.handler.refused(fault.status, desk.request);
  begin_next();
  phase_ = Phase::kClosing;
}

void Exchange::begin_next() {
  phase_ = Phase::kIdle;
  head_only_ = false;
  blank_lines_ = 0;
  scanner_.reset();
  body_.reset();
}

void Exchange::end_of_input(std::string_view unused, Desk& desk, Output& out) {
  switch (phase_) {
    case Phase::kHead:
      return fail_unread({400, "the request ends inside its head"}, unused, desk, out);
    case Phase::kBody:
      return fail_in_body({400, "the request ends inside its body"}, desk, out);
    case Phase::kStreaming:
    case Phase::kIdle:
      return stop_reading();
    case Phase::kClosing:
      return;
  }
}

void Exchange::give_up(const Fault& why, std::string_view unused, Desk& desk, Output& out) {
  if (phase_ == Phase::kHead) return fail_unread(why, unused, desk, out);
  if (phase_ != Phase::kBody) return stop_reading();
  const std::unique_ptr<Body> body = std::move(body_);
  RequestParser(desk.limits).read_head(body->head, desk.request);
  answer_early(body->kept, desk, out);
}

void Exchange::stop_reading() {
  streaming_.reset();
  body_.reset();
  phase_ = Phase::kClosing;
}

void Exchange::time_out(std::string_view unused, Desk& desk, Output& out) {
  switch (phase_) {
    case Phase::kHead:
      return fail_unread({408, "the request head did not arrive in time"}, unused, desk, out);
    case Phase::kBody:
      return fail_in_body({408, "the request body did not arrive in time"}, desk, out);
    case Phase::kStreaming:
      return pull(desk, out);
    case Phase::kIdle:
      phase_ = Phase::kClosing;
      return;
    case Phase::kClosing:
      return;
  }
}

}  // namespace intermission::server
