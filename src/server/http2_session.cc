#include "server/http2_session.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <utility>

#include "base/text.h"
#include "http/media_type.h"
#include "server/responder.h"

namespace intermission::server {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

// A browser pings and opens windows; a client of gRPC resets most of its calls once it has its
// answer. Each answer that was taken pays for so many more.
constexpr FrameBudget kFrames{2000, 200};
constexpr FrameBudget kResets{500, 50};
constexpr std::uint32_t kFramesPerAnswer = 8;
constexpr std::uint32_t kResetsPerAnswer = 1;

// Room for :status, date and content-length: 3, 29 and at most 20 digits.
constexpr std::size_t kOwnFields = 64;

// What a stream may need before its head is known.
constexpr std::size_t kFirstNeed = 2048;

std::string_view view(const nghttp2_vec& bytes) {
  return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

std::string_view view(nghttp2_rcbuf* bytes) {
  return view(nghttp2_rcbuf_get_buf(bytes));
}

std::uint8_t* mutable_bytes(std::string_view text) {
  // nghttp2 only reads what its struct holds.
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

// An entry of the table that both sides keep (RFC 7541 §2.3.2) takes some 200 bytes here for as
// long as the connection lasts. These are not worth one: their values soon change, or take few
// bytes.
constexpr std::array<std::string_view, 11> kNotIndexed = {"cache-control",
                                                          "content-language",
                                                          "content-length",
                                                          "date",
                                                          "grpc-message",
                                                          "grpc-retry-pushback-ms",
                                                          "grpc-status-details-bin",
                                                          "retry-after",
                                                          "retry-after-ms",
                                                          "server-timing",
                                                          "x-maintenance"};

static_assert(std::is_sorted(kNotIndexed.begin(), kNotIndexed.end()));

// Names are in lower case already, and both texts live until the frame is sent.
nghttp2_nv field(std::string_view name, std::string_view value) {
  constexpr int kOurs = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
  const bool is_indexed = !std::binary_search(kNotIndexed.begin(), kNotIndexed.end(), name);
  return {mutable_bytes(name), mutable_bytes(value), name.size(), value.size(),
          static_cast<std::uint8_t>(is_indexed ? kOurs : kOurs | NGHTTP2_NV_FLAG_NO_INDEX)};
}

bool ends_stream(const nghttp2_frame& frame) {
  return (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

// RFC 9113 §8.2.2: what concerns a connection of HTTP/1.1.
bool concerns_connection(std::string_view name) {
  return name == "connection" || name == "upgrade" || name == "keep-alive" ||
         name == "proxy-connection" || name == "transfer-encoding";
}

// Copies `lines` to the end of `head`, which has room, and adds views of them there: with names in
// lower case (RFC 9113 §8.2.1).
void add_fields(const http::FieldLines& lines, std::string& head, std::vector<nghttp2_nv>& fields) {
  const std::size_t copy = head.size();
  head += lines.text();
  for (const auto& [name, value] : lines) {
    const auto copied = [&](std::string_view part) {
      const auto at = static_cast<std::size_t>(part.data() - lines.text().data());
      return std::span(head).subspan(copy + at, part.size());
    };
    const std::span<char> lower = copied(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), base::ascii_lower);
    const std::string_view own_name(lower.data(), lower.size());
    const std::span<char> own_value = copied(value);
    if (!concerns_connection(own_name)) {
      fields.push_back(field(own_name, {own_value.data(), own_value.size()}));
    }
  }
}

}  // namespace

// ------------------------------------------------------------------ nghttp2's view of us

// Names the worker for the callbacks, for as long as a call of the owner lasts.
class Http2Session::InUse {
 public:
  InUse(Http2Session& session, WorkerContext& worker) : session_(session) {
    session_.worker_ = &worker;
  }
  ~InUse() { session_.worker_ = nullptr; }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  Http2Session& session_;
};

// No exception may pass through C: memory that runs out ends the connection.
struct Http2Session::Callbacks {
  template <typename Action>
  static int guarded(void* user, Action action) {
    try {
      return action(*static_cast<Http2Session*>(user));
    } catch (const std::exception&) {
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
  }

  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return guarded(user, [&](Http2Session& self) { return self.begin_headers(*frame); });
  }
  static int header(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                    nghttp2_rcbuf* value, std::uint8_t, void* user) {
    return guarded(user, [&](Http2Session& self) {
      self.add_field(*frame, view(name), view(value));
      return 0;
    });
  }
  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return guarded(user, [&](Http2Session& self) {
      self.take_frame(*frame);
      return 0;
    });
  }
  static int data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                  std::size_t size, void* user) {
    return guarded(user, [&](Http2Session& self) {
      if (Http2Stream* stream = self.find(id)) {
        self.take_data(*stream, {reinterpret_cast<const char*>(bytes), size});
      }
      return 0;
    });
  }
  static int frame_begins(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
    return guarded(user, [&](Http2Session& self) {
      // Content costs its sender something; a frame of DATA without any is as cheap as a PING.
      if (head->type != NGHTTP2_HEADERS && (head->type != NGHTTP2_DATA || head->length == 0)) {
        self.count_frame();
      }
      return 0;
    });
  }
  static int invalid_frame(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
    return guarded(user, [&](Http2Session& self) {
      Http2Stream* stream = self.find(frame->hd.stream_id);
      if (frame->hd.type == NGHTTP2_HEADERS && stream != nullptr) self.count_malformed(*stream);
      return 0;
    });
  }
  static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return guarded(user, [&](Http2Session& self) {
      self.after_sending(*frame);
      return 0;
    });
  }
  static int stream_closed(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    return guarded(user, [&](Http2Session& self) {
      self.close(id);
      return 0;
    });
  }
  static ssize_t read(nghttp2_session*, std::int32_t, std::uint8_t* to, std::size_t size,
                      std::uint32_t* flags, nghttp2_data_source* source, void* user) {
    auto& stream = *static_cast<Http2Stream*>(source->ptr);
    return static_cast<Http2Session*>(user)->read_answer(stream, to, size, *flags);
  }

  // Made once for all sessions.
  Callbacks() {
    if (nghttp2_session_callbacks_new(&callbacks) != 0 || nghttp2_option_new(&option) != 0) {
      throw std::bad_alloc();
    }
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, begin_headers);
    nghttp2_session_callbacks_set_on_header_callback2(callbacks, header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frame_received);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data);
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, frame_begins);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, invalid_frame);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, frame_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, stream_closed);
    // Closed streams are kept for priorities, which clients no longer send.
    nghttp2_option_set_no_closed_streams(option, 1);
    // Http2Message has them instead.
    nghttp2_option_set_no_http_messaging(option, 1);
    // Ours, see kResets: nghttp2's would end a busy client of gRPC.
    constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 60;
    nghttp2_option_set_stream_reset_rate_limit(option, kNoLimit, kNoLimit);
  }
  ~Callbacks() {
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_option_del(option);
  }
  Callbacks(const Callbacks&) = delete;
  Callbacks& operator=(const Callbacks&) = delete;

  static const Callbacks& shared() {
    static const Callbacks made;
    return made;
  }

  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* option = nullptr;
};

Http2Session::Http2Session(WorkerContext& worker, const Peer& peer)
    : peer_(peer),
      limits_(worker.limits),
      memory_(worker.http2),
      frames_(kFrames),
      resets_(kResets),
      opened_ms_(worker.now_ms) {
  const Callbacks& shared = Callbacks::shared();
  nghttp2_session* made = nullptr;
  if (nghttp2_session_server_new3(&made, shared.callbacks, this, shared.option,
                                  memory_.interface()) != 0) {
    throw std::bad_alloc();
  }
  session_.reset(made);
  const auto header_bytes = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(limits_.header_bytes, std::numeric_limits<std::int32_t>::max()));
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMostStreams},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, header_bytes},
  };
  if (nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings, std::size(settings)) != 0) {
    throw std::bad_alloc();
  }
  memory_.fall_idle(worker.now_ms);
}

// ------------------------------------------------------------------ the owner's calls

std::size_t Http2Session::receive(std::string_view bytes, WorkerContext& worker, Output& out) {
  if (over_) return bytes.size();
  const InUse in_use(*this, worker);
  const auto used = nghttp2_session_mem_recv(
      session(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (used < 0) {
    end(used == NGHTTP2_ERR_FLOODED ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
  }
  expire_streams();
  flush(out);
  return bytes.size();
}

void Http2Session::flush(Output& out) {
  while (!out.full()) {
    const std::uint8_t* bytes = nullptr;
    const auto size = nghttp2_session_mem_send(session(), &bytes);
    if (size <= 0) {
      over_ = over_ || size < 0;
      break;
    }
    out.bytes().append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  // To nghttp2 a connection without streams is over with its first GOAWAY; and it would wait for a
  // window to be opened by a client that sends no more.
  const bool wants_input =
      !input_ended_ && (awaits_pong_ || nghttp2_session_want_read(session()) != 0);
  over_ = over_ || (!wants_input && nghttp2_session_want_write(session()) == 0);
}

// Says GOAWAY; what is in hand goes no further.
void Http2Session::end(std::uint32_t error_code) {
  awaits_pong_ = false;
  nghttp2_session_terminate_session(session(), error_code);
}

void Http2Session::end_of_input(std::string_view /*unused*/, WorkerContext& worker, Output& out) {
  const InUse in_use(*this, worker);
  for (const auto& stream : streams_) {
    if (stream->state != Http2Stream::State::kAnswered) reset(*stream, NGHTTP2_CANCEL);
  }
  input_ended_ = true;
  flush(out);
}

void Http2Session::time_out(std::string_view /*unused*/, WorkerContext& worker, Output& out) {
  const InUse in_use(*this, worker);
  if (streams_.empty()) {
    end(NGHTTP2_NO_ERROR);
  } else {
    take_deferred();
    pull_streams();
    expire_streams();
  }
  flush(out);
}

void Http2Session::give_up(const Fault& /*why*/, std::string_view /*unused*/, WorkerContext& worker,
                           Output& out) {
  const InUse in_use(*this, worker);
  for (const auto& stream : streams_) {
    if (stream->state != Http2Stream::State::kBody) continue;
    answer(*stream, request_of(*stream), false);
  }
  flush(out);
  end(NGHTTP2_NO_ERROR);
  flush(out);
  over_ = true;
}

// The first GOAWAY names no last stream; the PING's answer shows that the client has read it, and
// that all it had sent before has arrived.
void Http2Session::drain() {
  if (draining_ || over_) return;
  draining_ = awaits_pong_ = true;
  nghttp2_submit_shutdown_notice(session());
  nghttp2_submit_ping(session(), NGHTTP2_FLAG_NONE, nullptr);
}

TimerClass Http2Session::waits_for() const {
  const auto waits_for_time = [](const auto& stream) { return stream->waits_for_time(); };
  if (std::any_of(streams_.begin(), streams_.end(), waits_for_time)) return TimerClass::kStream;
  // A client whose PING is not answered in a moment is not there.
  if (streams_.empty()) return draining_ ? TimerClass::kLinger : TimerClass::kIdle;
  const Http2Stream& oldest = *streams_.front();
  switch (oldest.state) {
    case Http2Stream::State::kHead:
      return TimerClass::kHead;
    case Http2Stream::State::kBody:
      return TimerClass::kBody;
    case Http2Stream::State::kAnswered:
      break;
  }
  return oldest.is_sent ? TimerClass::kBody : TimerClass::kWrite;
}

std::uint32_t Http2Session::wait_number() const {
  return streams_.empty() ? requests_ : static_cast<std::uint32_t>(streams_.front()->id());
}

std::size_t Http2Session::held() const {
  std::size_t bytes = sizeof(Http2Session) + memory_.held();
  for (const auto& stream : streams_) bytes += stream->held();
  return bytes;
}

// ------------------------------------------------------------------ what comes

Http2Stream* Http2Session::find(std::int32_t id) {
  return static_cast<Http2Stream*>(nghttp2_session_get_stream_user_data(session(), id));
}

int Http2Session::begin_headers(const nghttp2_frame& frame) {
  if (frame.headers.cat != NGHTTP2_HCAT_REQUEST) return 0;  // trailers
  memory_.wake();
  const std::int32_t id = frame.hd.stream_id;
  if (!worker_->allows(held(), kFirstNeed)) {
    worker_->count_shed();
    return nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
  }
  ++requests_;
  streams_.push_back(std::make_unique<Http2Stream>(id));
  Http2Stream& stream = *streams_.back();
  stream.deadline_ms = worker_->now_ms + limits_.head_timeout_ms;
  return nghttp2_session_set_stream_user_data(session(), id, &stream);
}

void Http2Session::add_field(const nghttp2_frame& frame, std::string_view name,
                             std::string_view value) {
  Http2Stream* stream = find(frame.hd.stream_id);
  if (stream == nullptr) return;
  if (frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
    stream->add_field(name, value, limits_);
  } else {
    stream->message.take_field(name, value);
  }
}

void Http2Session::take_frame(const nghttp2_frame& frame) {
  if (frame.hd.type == NGHTTP2_PING) {
    const bool is_answer = (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0;
    if (!is_answer || !std::exchange(awaits_pong_, false)) return;
    nghttp2_submit_goaway(session(), NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(session()), NGHTTP2_NO_ERROR,
                          nullptr, 0);
    return;
  }
  if (frame.hd.type == NGHTTP2_RST_STREAM) {
    if (!resets_.take(worker_->now_ms)) end(NGHTTP2_ENHANCE_YOUR_CALM);
    return;
  }
  if (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA) return;
  Http2Stream* stream = find(frame.hd.stream_id);
  if (stream == nullptr || stream->is_reset) return;
  const bool is_head =
      frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST;
  if (is_head) {
    stream->message.end_head();
  } else if (frame.hd.type == NGHTTP2_HEADERS) {
    stream->message.end_trailers(ends_stream(frame));
  }
  if (ends_stream(frame)) stream->message.end();
  if (stream->message.is_malformed()) return refuse_malformed(*stream);
  if (is_head) {
    take_head(*stream, ends_stream(frame));
  } else if (ends_stream(frame)) {
    take_end(*stream);
  }
}

// The worker's, as the stream has it; it is the session's until this call of its owner returns.
http::Request& Http2Session::request_of(const Http2Stream& stream) {
  http::Request& request = worker_->scratch.request;
  request.set_peer(peer_.address, peer_.proxy_source);
  request.set_secure(peer_.tls != nullptr);
  stream.fill(request);
  return request;
}

void Http2Session::take_head(Http2Stream& stream, bool is_last) {
  stream.client_is_done = is_last;
  if (stream.has_two_hosts()) return refuse_malformed(stream);
  http::Request& request = request_of(stream);
  if (const Fault fault = stream.check_head()) return fail(stream, request, fault);
  if (worker_->screens && !vouched_for_) vouched_for_ = server::is_vouched_for(request, *worker_);
  if (is_last) return answer(stream, request, true);
  wait_for_body(stream, request);
}

// As Http1Session::begin_body().
void Http2Session::wait_for_body(Http2Stream& stream, http::Request& request) {
  const auto announced = base::parse_number(request.value(http::Field::kContentLength));
  if (announced.value_or(0) > limits_.body_discard) return answer(stream, request, false);
  const auto use = body_use(request, *worker_);
  if (!use) return fail(stream, request, kHandlerFailed);
  const bool is_peeked = *use == http::BodyUse::kPeek;
  if (base::iequals(request.value(http::Field::kExpect), "100-continue")) {
    if (!is_peeked) return answer(stream, request, false);
    submit_continue(stream);
  }
  stream.is_awaited = announced.has_value() && *use != http::BodyUse::kRefuse;
  if (!is_peeked && !stream.is_awaited) return answer(stream, request, false);
  stream.state = Http2Stream::State::kBody;
  stream.keep = is_peeked ? limits_.body_peek : 0;
  stream.deadline_ms = worker_->now_ms + limits_.body_timeout_ms;
}

void Http2Session::take_data(Http2Stream& stream, std::string_view data) {
  if (stream.is_reset) return;
  stream.message.take_data(data.size());
  if (stream.message.is_malformed()) return refuse_malformed(stream);
  stream.received += data.size();
  if (stream.state == Http2Stream::State::kBody) {
    const std::string_view kept = data.substr(0, stream.keep - stream.body.size());
    if (!worker_->allows(held(), kept.size())) {
      worker_->count_shed();
      return answer(stream, request_of(stream), false);
    }
    stream.body += kept;
    // More than is kept has come: all that the answer can depend on is here.
    if (kept.size() < data.size() && !stream.is_awaited) {
      answer(stream, request_of(stream), false);
    }
  } else if (stream.received > limits_.body_discard && stream.is_sent) {
    reset(stream, NGHTTP2_NO_ERROR);
  }
}

void Http2Session::take_end(Http2Stream& stream) {
  stream.client_is_done = true;
  if (stream.state != Http2Stream::State::kBody) return;
  answer(stream, request_of(stream), stream.received == stream.body.size());
}

void Http2Session::count_frame() {
  if (!frames_.take(worker_->now_ms)) end(NGHTTP2_ENHANCE_YOUR_CALM);
}

// The handler counts the request, unless it has answered it.
void Http2Session::count_malformed(Http2Stream& stream) {
  count_frame();
  if (stream.state == Http2Stream::State::kAnswered) return;
  worker_->handler.refused(400, request_of(stream));
}

void Http2Session::refuse_malformed(Http2Stream& stream) {
  count_malformed(stream);
  reset(stream, NGHTTP2_PROTOCOL_ERROR);
}

void Http2Session::close(std::int32_t id) {
  std::erase_if(streams_, [id](const auto& stream) { return stream->id() == id; });
  if (streams_.empty()) memory_.fall_idle(worker_->now_ms);
}

// ------------------------------------------------------------------ what is said

// `request` is the stream's.
void Http2Session::answer(Http2Stream& stream, http::Request& request, bool body_is_whole) {
  request.set_body(stream.body, body_is_whole);
  http::Response& response = worker_->scratch.response;
  auto handled = make_response(request, peer_, response, *worker_);
  if (!handled || response.status == 101) return fail(stream, request, kHandlerFailed);
  if (handled->deferred != nullptr) {
    stream.deferred = std::move(handled->deferred);
    stream.state = Http2Stream::State::kAnswered;
    stream.body = std::string();
    stream.deadline_ms = kNever;
  } else {
    submit(stream, response);
  }
  const bool is_old = worker_->now_ms - opened_ms_ >= kLeastAgeMs;
  if (worker_->overloaded || worker_->draining || (handled->close_connection && is_old)) drain();
}

// As answer().
void Http2Session::fail(Http2Stream& stream, const http::Request& request, const Fault& fault) {
  http::Response& response = worker_->scratch.response;
  refuse(fault, request, response, *worker_);
  submit(stream, response);
}

void Http2Session::submit(Http2Stream& stream, http::Response& response) {
  const bool has_no_content = response.status == 204 || response.status == 304;
  const bool has_length = !has_no_content && response.stream == nullptr;
  stream.head.reserve(response.fields.text().size() + kOwnFields);
  const auto keep = [&](std::string_view text) {
    stream.head += text;
    return std::string_view(stream.head).substr(stream.head.size() - text.size());
  };
  std::vector<nghttp2_nv> fields;
  fields.reserve(24);
  fields.push_back(field(":status", keep(std::to_string(response.status))));
  fields.push_back(field("date", keep(worker_->date.text())));
  if (has_length) {
    fields.push_back(field("content-length", keep(std::to_string(response.body.size()))));
  }
  add_fields(response.fields, stream.head, fields);
  const bool has_body = !stream.is_head_request() && !has_no_content;
  if (has_body) stream.take_answer(response);
  stream.state = Http2Stream::State::kAnswered;
  stream.body = std::string();
  stream.deadline_ms = worker_->now_ms + limits_.write_timeout_ms;
  nghttp2_data_provider provider{{.ptr = &stream}, Callbacks::read};
  const bool is_short = stream.unsent.empty() && stream.source == nullptr;
  const int error = nghttp2_submit_response(session(), stream.id(), fields.data(), fields.size(),
                                            is_short ? nullptr : &provider);
  if (error != 0) reset(stream, NGHTTP2_INTERNAL_ERROR);
  if (stream.source != nullptr) pull_streams();
}

void Http2Session::submit_continue(const Http2Stream& stream) {
  const nghttp2_nv status = field(":status", "100");
  nghttp2_submit_headers(session(), NGHTTP2_FLAG_NONE, stream.id(), nullptr, &status, 1, nullptr);
}

void Http2Session::reset(Http2Stream& stream, std::uint32_t error_code) {
  if (std::exchange(stream.is_reset, true)) return;
  nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, stream.id(), error_code);
  stream.deadline_ms = kNever;
}

std::ptrdiff_t Http2Session::read_answer(Http2Stream& stream, std::uint8_t* to, std::size_t size,
                                         std::uint32_t& flags) {
  size = std::min(size, stream.unsent.size());
  std::memcpy(to, stream.unsent.data(), size);
  stream.unsent.remove_prefix(size);
  stream.progress += size;
  if (stream.progress >= kLeastProgress) {
    stream.progress = 0;
    stream.deadline_ms = worker_->now_ms + limits_.write_timeout_ms;
  }
  if (stream.unsent.empty() && stream.source == nullptr) {
    flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!stream.trailers.empty()) {
      flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      submit_trailers(stream);
    }
  } else if (size == 0) {
    stream.is_paused = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  return static_cast<std::ptrdiff_t>(size);
}

void Http2Session::submit_trailers(Http2Stream& stream) {
  // The lines of its head are sent, and have left.
  stream.head.reserve(stream.trailers.text().size());
  std::vector<nghttp2_nv> fields;
  add_fields(stream.trailers, stream.head, fields);
  nghttp2_submit_trailer(session(), stream.id(), fields.data(), fields.size());
}

void Http2Session::take_deferred() {
  http::Response& response = worker_->scratch.response;
  for (const auto& stream : streams_) {
    if (stream->deferred == nullptr) continue;
    if (!server::take_deferred(*stream->deferred, response, *worker_)) continue;
    stream->deferred.reset();
    submit(*stream, response);
  }
}

// A client that has not taken what a stream said before is not told more.
void Http2Session::pull_streams() {
  for (const auto& stream : streams_) {
    if (stream->source == nullptr || !stream->unsent.empty()) continue;
    std::string text;
    const bool more = read_stream(*stream->source, text, *worker_);
    if (!text.empty()) stream->say(std::move(text));
    if (!more || worker_->draining) stream->source.reset();
    const bool waits = stream->unsent.empty() && stream->source != nullptr;
    stream->deadline_ms = waits ? kNever : worker_->now_ms + limits_.write_timeout_ms;
    if (!waits && std::exchange(stream->is_paused, false)) {
      nghttp2_session_resume_data(session(), stream->id());
    }
  }
}

// A stream whose answer is sent waits for the rest of its request, for as long as any body.
void Http2Session::after_sending(const nghttp2_frame& frame) {
  if (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA) return;
  Http2Stream* stream = find(frame.hd.stream_id);
  if (stream != nullptr && frame.hd.type == NGHTTP2_HEADERS) stream->head = std::string();
  if (!ends_stream(frame)) return;
  frames_.add(kFramesPerAnswer);
  resets_.add(kResetsPerAnswer);
  if (stream == nullptr) return;
  stream->is_sent = true;
  stream->deadline_ms = worker_->now_ms + limits_.body_timeout_ms;
  if (!stream->client_is_done && (stream->is_cut || stream->received > limits_.body_discard)) {
    reset(*stream, NGHTTP2_NO_ERROR);
  }
}

// ------------------------------------------------------------------ time

void Http2Session::expire_streams() {
  for (const auto& stream : streams_) {
    if (stream->deadline_ms <= worker_->now_ms) expire(*stream);
  }
}

void Http2Session::expire(Http2Stream& stream) {
  switch (stream.state) {
    case Http2Stream::State::kHead:
      // Nothing else can come before its end (RFC 9113 §4.3).
      stream.deadline_ms = kNever;
      return end(NGHTTP2_NO_ERROR);
    case Http2Stream::State::kBody:
      stream.is_cut = true;
      return fail(stream, request_of(stream), {408, "the request body did not arrive in time"});
    case Http2Stream::State::kAnswered:
      return reset(stream, stream.is_sent ? NGHTTP2_NO_ERROR : NGHTTP2_CANCEL);
  }
}

}  // namespace intermission::server
