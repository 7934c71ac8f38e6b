// Arbitrary bytes of a client of HTTP/2, in arbitrary segments and with time between them, must
// never make a session hold more than its streams may, answer what was not asked, or live on after
// it is over.
//
// Input: the first byte says how the rest is cut, as in connection_fuzz.cc; the rest follows the
// preface.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/http1_harness.h"
#include "server/http2_session.h"
#include "server/preamble.h"

namespace {

using intermission::server::Http2Session;
using intermission::testing::MirrorHandler;

// What nghttp2 keeps for a session, and what a stream may.
constexpr std::size_t kMostHeld = std::size_t{256} * 1024 + Http2Session::kMostStreams * 8 * 1024;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

intermission::http::Limits limits() {
  intermission::http::Limits limits;
  limits.header_bytes = 1024;
  limits.header_count = 16;
  limits.body_peek = 16;
  limits.body_discard = 256;
  return limits;
}

class Server {
 public:
  Server() { context_.date.update({}); }

  void receive(std::string_view bytes) {
    session_.receive(bytes, context_, context_.output);
    send();
    context_.now_ms += 700;
    if (context_.now_ms % 5 == 0) session_.time_out({}, context_, context_.output);
    send();
    require(session_.held() <= kMostHeld, "it holds more than its streams may");
  }
  void finish() {
    session_.end_of_input({}, context_, context_.output);
    send();
    for (int i = 0; i < 1000 && !session_.is_over(); ++i) {
      context_.now_ms += limits_.write_timeout_ms;
      session_.time_out({}, context_, context_.output);
      send();
    }
    require(session_.is_over(), "it lives on after the end of input");
    const std::size_t before = sent_;
    session_.receive("\0\0\0\4\0\0\0\0\0", context_, context_.output);
    send();
    require(sent_ == before, "it speaks after its end");
  }

 private:
  void send() {
    for (int round = 0; !context_.output.empty(); ++round) {
      require(round < 10'000, "it never stops sending");
      sent_ += context_.output.pending(1 << 20).parts[0].iov_len;
      context_.output.clear();
      if (!session_.is_over()) session_.receive({}, context_, context_.output);
    }
  }

  const intermission::http::Limits limits_ = limits();
  MirrorHandler handler_;
  intermission::server::WorkerContext context_{limits_, handler_, [](std::string_view) {}};
  Http2Session session_{context_, intermission::testing::kNobody};
  std::size_t sent_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string bytes(intermission::server::kHttp2Preface);
  bytes.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  Server server;
  std::uint32_t step = data[0];
  for (std::string_view rest = bytes; !rest.empty();) {
    step = step * 1664525U + 1013904223U;
    const std::size_t length = data[0] == 0 ? rest.size() : 1 + (step >> 24) % data[0];
    // A copy of exact size: reading past it is found by the sanitizer.
    server.receive(std::string(rest.substr(0, length)));
    rest.remove_prefix(std::min(length, rest.size()));
  }
  server.finish();
  return 0;
}
