// Lines of the tables in which Linux lists its sockets, /proc/net/tcp and tcp6 (proc_net(5)).
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iomanip>
#include <sstream>
#include <string>

#include "http/address.h"

namespace intermission::testing {

inline constexpr const char* kListening = "0A";
inline constexpr const char* kConnected = "01";

/// "0100007F:238B": each four bytes are a number of this processor. In tcp6 all sixteen stand.
inline std::string socket_address(const std::string& address, std::uint16_t port, bool in_tcp6) {
  const auto bytes = http::Address::parse(address).value().bytes;
  std::ostringstream text;
  text << std::uppercase << std::hex << std::setfill('0');
  for (std::size_t at = in_tcp6 ? 0 : 12; at < bytes.size(); at += sizeof(std::uint32_t)) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof(word));
    text << std::setw(8) << word;
  }
  text << ':' << std::setw(4) << port;
  return text.str();
}

/// One socket: its own address as above, its state, and the number of its user.
inline std::string socket_line(const std::string& local, const std::string& state,
                               const std::string& user) {
  return "   0: " + local + " 00000000:0000 " + state +
         " 00000000:00000000 00:00000000 00000000  " + user +
         "        0 555 1 00000000c16e3c0e 100 0 0 10 0\n";
}

/// One that listens, as tcp lists it.
inline std::string listener_line(const std::string& address, std::uint16_t port, uid_t user) {
  return socket_line(socket_address(address, port, false), kListening, std::to_string(user));
}

}  // namespace intermission::testing
