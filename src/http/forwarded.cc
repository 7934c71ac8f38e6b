#include "http/forwarded.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/text.h"

namespace intermission::http {
namespace {

bool is_tchar(char c) {
  return base::is_alpha(c) || base::is_digit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view take_token(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_tchar);
  const std::string_view token = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(token.size());
  return token;
}

void skip_space(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

// The content of a quoted-string without a quoted-pair, which no address or host needs.
std::optional<std::string_view> take_quoted(std::string_view& rest) {
  const auto close = rest.find('"', 1);
  if (close == std::string_view::npos) return {};
  const std::string_view content = rest.substr(1, close - 1);
  if (std::any_of(content.begin(), content.end(),
                  [](char c) { return c == '\\' || base::is_control(c); })) {
    return {};
  }
  rest.remove_prefix(close + 1);
  return content;
}

struct Pair {
  std::string_view name;
  std::string_view value;
};

std::optional<Pair> take_pair(std::string_view& rest) {
  const std::string_view name = take_token(rest);
  if (name.empty() || !rest.starts_with('=')) return {};
  rest.remove_prefix(1);
  if (!rest.starts_with('"')) {
    const std::string_view value = take_token(rest);
    if (value.empty()) return {};
    return Pair{name, value};
  }
  const auto value = take_quoted(rest);
  if (!value) return {};
  return Pair{name, *value};
}

/// The pairs of one element, to find names that come twice. Four are registered.
class Pairs {
 public:
  bool add(const Pair& pair) {
    const auto end = pairs_.begin() + static_cast<std::ptrdiff_t>(count_);
    const bool twice = std::any_of(pairs_.begin(), end, [&](const Pair& other) {
      return base::iequals(other.name, pair.name);
    });
    if (twice || count_ == pairs_.size()) return false;
    pairs_[count_++] = pair;
    return true;
  }
  bool empty() const { return count_ == 0; }
  std::string_view value(std::string_view name) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (base::iequals(pairs_[i].name, name)) return pairs_[i].value;
    }
    return {};
  }

 private:
  std::array<Pair, 16> pairs_;
  std::size_t count_ = 0;
};

bool is_obfuscated(std::string_view text) {
  return text.size() > 1 && text.front() == '_' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

bool is_node_port(std::string_view text) {
  constexpr std::size_t kMostDigits = 5;
  return is_obfuscated(text) || (!text.empty() && text.size() <= kMostDigits &&
                                 std::all_of(text.begin(), text.end(), base::is_digit));
}

Node read_nodename(std::string_view name) {
  if (base::iequals(name, "unknown") || is_obfuscated(name)) return {true, {}};
  const auto address = Address::parse(name);
  return {address.has_value(), address};
}

/// Walks from the client to us and remembers the last sender that is not trusted.
class Search {
 public:
  explicit Search(std::span<const Network> trusted) : trusted_(trusted) {}

  /// An element that names no sender has one that is unknown.
  void pass(std::string_view text) {
    const Node node = text.empty() ? Node{true, {}} : read_node(text);
    if (!node.well_formed) malformed_ = true;
    const bool is_proxy = node.address && is_in(*node.address, trusted_);
    if (!any_ || !is_proxy) client_ = node.address;
    any_ = true;
  }
  void fail() { malformed_ = true; }

  bool any() const { return any_; }
  bool malformed() const { return malformed_; }
  const std::optional<Address>& client() const { return client_; }

 private:
  std::span<const Network> trusted_;
  bool any_ = false;
  bool malformed_ = false;
  std::optional<Address> client_;
};

template <typename Part>
std::string_view first_told(FieldValues forwarded, Part part) {
  for (std::string_view list : forwarded) {
    while (!list.empty()) {
      const auto hop = take_hop(list);
      if (!hop) return {};
      if (!((*hop).*part).empty()) return (*hop).*part;
    }
  }
  return {};
}

void pass_hops(std::string_view list, Search& search) {
  if (list.empty()) search.fail();
  while (!list.empty()) {
    const auto hop = take_hop(list);
    if (!hop) return search.fail();
    search.pass(hop->sender);
  }
}

void pass_members(std::string_view list, Search& search) {
  for (;;) {
    const auto end = list.find(',');
    const std::string_view member = base::trim(list.substr(0, end));
    if (member.empty()) return search.fail();
    search.pass(member);
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<Hop> take_hop(std::string_view& list) {
  std::string_view rest = std::exchange(list, {});
  Pairs pairs;
  for (;;) {
    skip_space(rest);
    if (!rest.starts_with(';')) {
      const auto pair = take_pair(rest);
      if (!pair || !pairs.add(*pair)) return {};
      skip_space(rest);
    }
    if (rest.empty() || rest.front() == ',') break;
    if (rest.front() != ';') return {};
    rest.remove_prefix(1);
    skip_space(rest);
    if (rest.empty() || rest.front() == ',') break;
  }
  if (pairs.empty()) return {};
  if (!rest.empty()) {
    rest.remove_prefix(1);
    skip_space(rest);
    if (rest.empty()) return {};  // an empty element at the end
  }
  list = rest;
  return Hop{pairs.value("for"), pairs.value("host"), pairs.value("proto")};
}

Node read_node(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return {};
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_node_port(rest.substr(1)))) return {};
    const std::string_view literal = text.substr(1, close - 1);
    return literal.find(':') == std::string_view::npos ? Node{} : read_nodename(literal);
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
    return read_nodename(text);
  }
  return is_node_port(text.substr(colon + 1)) ? read_nodename(text.substr(0, colon)) : Node{};
}

std::string_view forwarded_host(FieldValues forwarded) {
  return first_told(forwarded, &Hop::host);
}

std::string_view forwarded_proto(FieldValues forwarded) {
  return first_told(forwarded, &Hop::proto);
}

std::optional<Address> client_of(const Request& request, std::span<const Network> trusted) {
  Search standard(trusted);
  for (const std::string_view list : request.values(Field::kForwarded)) pass_hops(list, standard);
  Search older(trusted);
  for (const std::string_view list : request.values(Field::kXForwardedFor)) {
    pass_members(list, older);
  }
  if (standard.malformed() || older.malformed()) return {};
  if (!standard.any()) return older.client();
  if (!older.any() || older.client() == standard.client()) return standard.client();
  return {};
}

bool is_in(const Address& address, std::span<const Network> networks) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& network) { return network.contains(address); });
}

}  // namespace intermission::http
