#include "cli/listener_owner.h"

#include <pwd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

namespace intermission::cli {
namespace {

constexpr std::string_view kListening = "0A";  // TCP_LISTEN, of net/tcp_states.h

struct Listener {
  http::Address address;
  std::uint16_t port = 0;
  uid_t user = 0;
};

template <typename Number>
std::optional<Number> number_in(std::string_view digits, int base) {
  Number number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failed] = std::from_chars(digits.data(), end, number, base);
  if (failed != std::errc{} || stop != end) return {};
  return number;
}

// Words of four bytes, each a number as the processor reads it: 0100007F is 127.0.0.1 on x86.
std::optional<http::Address> address_in(std::string_view digits) {
  constexpr std::size_t kWord = sizeof(std::uint32_t);
  std::array<std::uint8_t, 16> bytes{};
  const std::size_t size = digits.size() / 2;
  if (size != kWord && size != bytes.size()) return {};
  for (std::size_t at = 0; at < size; at += kWord) {
    const auto word = number_in<std::uint32_t>(digits.substr(2 * at, 2 * kWord), 16);
    if (!word) return {};
    std::memcpy(bytes.data() + at, &*word, kWord);
  }
  if (size == bytes.size()) return http::Address{bytes};
  return http::Address::from_ipv4({bytes[0], bytes[1], bytes[2], bytes[3]});
}

// sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid …       proc_net(5)
std::optional<Listener> listener_in(const std::string& line) {
  std::istringstream words(line);
  std::string number, local, remote, state, queues, timer, retransmits, user;
  words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user;
  const auto colon = local.find(':');
  if (state != kListening || colon == std::string::npos) return {};
  const auto address = address_in(std::string_view(local).substr(0, colon));
  const auto port = number_in<std::uint16_t>(std::string_view(local).substr(colon + 1), 16);
  const auto id = number_in<uid_t>(user, 10);
  if (!address || !port || !id) return {};
  return Listener{*address, *port, *id};
}

// Every address of either kind.
bool is_any(const http::Address& address) {
  return address == http::Address{} || address == http::Address::from_ipv4({0, 0, 0, 0});
}

}  // namespace

std::vector<uid_t> users_who_listen(const http::Address& address, std::uint16_t port,
                                    const std::string& tables) {
  std::vector<uid_t> users;
  for (const char* const table : {"/tcp", "/tcp6"}) {
    std::ifstream file(tables + table);
    for (std::string line; std::getline(file, line);) {
      const auto one = listener_in(line);
      if (!one || one->port != port || !(is_any(one->address) || one->address == address)) continue;
      if (std::find(users.begin(), users.end(), one->user) == users.end())
        users.push_back(one->user);
    }
  }
  return users;
}

std::string user_name(uid_t user) {
  const passwd* const found = getpwuid(user);
  return found == nullptr ? std::to_string(user) : found->pw_name;
}

}  // namespace intermission::cli
