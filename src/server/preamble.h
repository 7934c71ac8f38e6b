// How a connection of HTTP/2 begins: with a preface that begins no request of HTTP/1.1
// (RFC 9113 §3.4), where the client knows beforehand that the server speaks HTTP/2 (§3.3).
#pragma once

#include <cstdint>
#include <string_view>

namespace intermission::server {

enum class Preface : std::uint8_t {
  kNone,  // the bytes begin otherwise
  kPart,  // there are too few of them to tell; also where there are none
  kWhole,
};

inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

constexpr Preface read_preface(std::string_view bytes) {
  if (bytes.starts_with(kHttp2Preface)) return Preface::kWhole;
  return kHttp2Preface.starts_with(bytes) ? Preface::kPart : Preface::kNone;
}

}  // namespace intermission::server
