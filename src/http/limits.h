// The limits of a listener, in one table. It stands here because the configuration reads these
// settings and the server applies them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace intermission::http {

struct Limits {
  std::uint64_t header_bytes = 64 * 1024;
  std::uint64_t header_count = 128;
  std::uint64_t body_peek = 64 * 1024;
  std::uint64_t body_discard = 1024 * 1024;
  std::uint64_t connections = 20'000;
  std::uint64_t connections_per_address = 0;
  std::uint64_t buffered_bytes = 0;
  std::uint64_t handshakes = 1'000;
  std::uint64_t handshake_timeout_ms = 10'000;
  std::uint64_t head_timeout_ms = 10'000;
  std::uint64_t body_timeout_ms = 20'000;
  std::uint64_t idle_timeout_ms = 95'000;
  std::uint64_t write_timeout_ms = 30'000;
  std::uint64_t linger_timeout_ms = 2'000;
  std::uint64_t drain_timeout_ms = 7'000;
};

/// A setting as the configuration file names it (`limits: { header_bytes: 65536 }`).
struct LimitSetting {
  std::string_view name;
  std::uint64_t Limits::*member;
  std::uint64_t min;
  std::uint64_t max;
  std::string_view unit;
  std::string_view meaning;
};

inline constexpr std::array kLimitSettings = {
    LimitSetting{"header_bytes", &Limits::header_bytes, 1024, 1024 * 1024, "bytes",
                 "request line and field lines together; a longer head is answered 431 (414 if the "
                 "request line alone is longer)"},
    LimitSetting{"header_count", &Limits::header_count, 16, 1000, "lines",
                 "field lines of one request; a request with more is answered 431"},
    LimitSetting{"body_peek", &Limits::body_peek, 1024, 1024 * 1024, "bytes",
                 "how much of a body is kept if only the body shows the kind of client"},
    LimitSetting{
        "body_discard", &Limits::body_discard, 0, 1024 * 1024 * 1024, "bytes",
        "how much of a body is read and discarded, so that the connection can be used again; a "
        "request with a larger body is answered at once, and its connection is closed"},
    LimitSetting{"connections", &Limits::connections, 1, 1'000'000, "connections",
                 "open connections over all workers; further ones wait in the listen queue"},
    LimitSetting{"connections_per_address", &Limits::connections_per_address, 0, 1'000'000,
                 "connections",
                 "open connections from one address that is not exempt; an IPv6 /64 counts as one "
                 "address, and with proxy_protocol the client in the header counts; further "
                 "connections are closed at once; 0 means no limit"},
    LimitSetting{"buffered_bytes", &Limits::buffered_bytes, 0, std::uint64_t{1} << 40, "bytes",
                 "memory for all connections together: unfinished heads, kept bodies, and answers "
                 "that clients have not received yet; beyond that no body is kept, a long head is "
                 "answered 431, and the connections that have waited longest are closed; 0 means a "
                 "quarter of the memory of the cgroup or the machine, from 8 MiB to 256 MiB"},
    LimitSetting{
        "handshakes", &Limits::handshakes, 1, 1'000'000, "connections",
        "TLS handshakes in progress over all workers; beyond that the oldest ones are closed"},
    LimitSetting{"handshake_timeout_ms", &Limits::handshake_timeout_ms, 10, 600'000, "ms",
                 "from the start of a TLS connection to the end of its handshake"},
    LimitSetting{
        "head_timeout_ms", &Limits::head_timeout_ms, 10, 600'000, "ms",
        "from the first byte of a request to the end of its head, even if bytes keep arriving"},
    LimitSetting{"body_timeout_ms", &Limits::body_timeout_ms, 10, 600'000, "ms",
                 "from the end of the head to the end of the body"},
    LimitSetting{"idle_timeout_ms", &Limits::idle_timeout_ms, 10, 3'600'000, "ms",
                 "between two requests; the default is longer than the 90 s for which the Cloud "
                 "Foundry router keeps connections"},
    LimitSetting{"write_timeout_ms", &Limits::write_timeout_ms, 10, 600'000, "ms",
                 "how long sending an answer may go without progress"},
    LimitSetting{"linger_timeout_ms", &Limits::linger_timeout_ms, 10, 60'000, "ms",
                 "how long bytes that arrive after a final answer are discarded, so that a reset "
                 "does not destroy the answer"},
    LimitSetting{"drain_timeout_ms", &Limits::drain_timeout_ms, 0, 60'000, "ms",
                 "how long requests in flight may take after SIGTERM"},
};

}  // namespace intermission::http
