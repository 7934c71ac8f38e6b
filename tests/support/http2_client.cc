#include "support/http2_client.h"

#include <algorithm>
#include <cstring>

namespace intermission::testing {
namespace {

std::string text(nghttp2_rcbuf* buffer) {
  const nghttp2_vec bytes = nghttp2_rcbuf_get_buf(buffer);
  return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

std::uint8_t* bytes_of(const std::string& value) {
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(value.data()));
}

}  // namespace

std::string Http2Client::Answer::value(std::string_view name) const {
  for (const auto& [field, said] : fields) {
    if (field == name) return said;
  }
  return "";
}

struct Http2Client::Callbacks {
  static Http2Client& client(void* user) { return *static_cast<Http2Client*>(user); }

  static int header(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                    nghttp2_rcbuf* value, std::uint8_t, void* user) {
    client(user).answers_[frame->hd.stream_id].fields.emplace_back(text(name), text(value));
    return 0;
  }
  static int data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                  std::size_t size, void* user) {
    client(user).answers_[id].body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Client& self = client(user);
    const bool carries = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (carries && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      self.answers_[frame->hd.stream_id].ended = true;
    }
    if (frame->hd.type == NGHTTP2_RST_STREAM) {
      self.answers_[frame->hd.stream_id].reset = frame->rst_stream.error_code;
    }
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      self.goaway_ = frame->goaway.error_code;
      self.last_stream_ = frame->goaway.last_stream_id;
      ++self.goaways_;
    }
    if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) ++self.pongs_;
    return 0;
  }
  static int closed(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    client(user).answers_[id].closed = true;
    return 0;
  }
  static ssize_t read(nghttp2_session*, std::int32_t id, std::uint8_t* to, std::size_t size,
                      std::uint32_t* flags, nghttp2_data_source*, void* user) {
    Upload& upload = client(user).uploads_[id];
    size = std::min(size, upload.bytes.size());
    std::memcpy(to, upload.bytes.data(), size);
    upload.bytes.erase(0, size);
    if (upload.bytes.empty() && upload.ends) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
    } else if (size == 0) {
      upload.paused = true;
      return NGHTTP2_ERR_DEFERRED;
    }
    return static_cast<ssize_t>(size);
  }
};

Http2Client::Http2Client(const Settings& settings) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback2(callbacks, Callbacks::header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::closed);
  nghttp2_option* option = nullptr;
  nghttp2_option_new(&option);
  nghttp2_option_set_no_http_messaging(option, settings.checks_messages ? 0 : 1);
  nghttp2_option_set_no_auto_window_update(option, settings.initial_window ? 1 : 0);
  nghttp2_session* made = nullptr;
  nghttp2_session_client_new2(&made, callbacks, this, option);
  session_.reset(made);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  std::vector<nghttp2_settings_entry> entries;
  if (settings.initial_window) {
    entries.push_back({NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, *settings.initial_window});
  }
  nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
}

std::int32_t Http2Client::request(const Fields& fields, std::string_view body, bool ends) {
  std::vector<nghttp2_nv> lines;
  for (const auto& [name, value] : fields) {
    lines.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(), 0});
  }
  nghttp2_data_provider provider{{.ptr = nullptr}, Callbacks::read};
  const bool has_body = !body.empty() || !ends;
  const std::int32_t id = nghttp2_submit_request(
      session_.get(), nullptr, lines.data(), lines.size(), has_body ? &provider : nullptr, nullptr);
  uploads_[id] = {std::string(body), ends};
  return id;
}

std::int32_t Http2Client::get(const std::string& path) {
  return request({{":method", "GET"}, {":scheme", "http"}, {":path", path}, {":authority", "h"}});
}

void Http2Client::send_more(std::int32_t id, std::string_view body, bool ends) {
  Upload& upload = uploads_[id];
  upload.bytes += body;
  upload.ends = ends;
  if (std::exchange(upload.paused, false)) nghttp2_session_resume_data(session_.get(), id);
}

void Http2Client::reset(std::int32_t id, std::uint32_t error_code) {
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, error_code);
}

void Http2Client::ping() {
  nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
}

void Http2Client::open_window(std::int32_t id, std::int32_t bytes) {
  nghttp2_submit_window_update(session_.get(), NGHTTP2_FLAG_NONE, id, bytes);
}

std::string Http2Client::to_send() {
  std::string out;
  const std::uint8_t* bytes = nullptr;
  for (ssize_t size = 0; (size = nghttp2_session_mem_send(session_.get(), &bytes)) > 0;) {
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  return out;
}

bool Http2Client::take(std::string_view bytes) {
  return nghttp2_session_mem_recv(session_.get(),
                                  reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  bytes.size()) >= 0;
}

}  // namespace intermission::testing
