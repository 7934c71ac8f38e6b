#include "http/forwarded.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace intermission::http {
namespace {

// Takes what stands before the first `separator` outside quotes off `rest`.
std::string_view take(std::string_view& rest, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && rest[i] == separator) {
      const std::string_view taken = rest.substr(0, i);
      rest.remove_prefix(i + 1);
      return base::trim(taken);
    }
  }
  return base::trim(std::exchange(rest, {}));
}

std::string_view unquoted(std::string_view value) {
  if (!value.starts_with('"')) return value;
  if (value.size() < 2 || !value.ends_with('"')) return {};
  value = value.substr(1, value.size() - 2);
  return value.find_first_of("\\\"") == std::string_view::npos ? value : std::string_view{};
}

/// Walks from the client to us and remembers the last sender that is not trusted.
class Search {
 public:
  explicit Search(std::span<const Network> trusted) : trusted_(trusted) {}

  void pass(std::string_view node) {
    const auto address = address_of_node(node);
    const bool is_proxy = address && is_in(*address, trusted_);
    if (!any_ || !is_proxy) client_ = address;
    any_ = true;
  }

  bool any() const { return any_; }
  const std::optional<Address>& client() const { return client_; }

 private:
  std::span<const Network> trusted_;
  bool any_ = false;
  std::optional<Address> client_;
};

template <typename Part>
std::string_view first_told(FieldValues forwarded, Part part) {
  for (std::string_view list : forwarded) {
    while (!list.empty()) {
      const Hop hop = take_hop(list);
      if (!(hop.*part).empty()) return hop.*part;
    }
  }
  return {};
}

}  // namespace

Hop take_hop(std::string_view& list) {
  Hop hop;
  std::string_view element = take(list, ',');
  while (!element.empty()) {
    const std::string_view pair = take(element, ';');
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = unquoted(pair.substr(equals + 1));
    if (base::iequals(name, "for")) hop.sender = value;
    if (base::iequals(name, "host")) hop.host = value;
    if (base::iequals(name, "proto")) hop.proto = value;
  }
  return hop;
}

std::optional<Address> address_of_node(std::string_view node) {
  if (node.starts_with('[')) {
    const auto close = node.find(']');
    if (close == std::string_view::npos) return {};
    return Address::parse(node.substr(1, close - 1));
  }
  const auto colon = node.find(':');
  if (colon != std::string_view::npos && node.find(':', colon + 1) == std::string_view::npos) {
    node = node.substr(0, colon);
  }
  return Address::parse(node);
}

std::string_view forwarded_host(FieldValues forwarded) {
  return first_told(forwarded, &Hop::host);
}

std::string_view forwarded_proto(FieldValues forwarded) {
  return first_told(forwarded, &Hop::proto);
}

std::optional<Address> client_of(const Request& request, std::span<const Network> trusted) {
  Search standard(trusted);
  for (std::string_view list : request.values(Field::kForwarded)) {
    while (!list.empty()) standard.pass(take_hop(list).sender);
  }
  Search older(trusted);
  for (std::string_view list : request.values(Field::kXForwardedFor)) {
    while (!list.empty()) older.pass(take(list, ','));
  }
  if (!standard.any()) return older.client();
  if (!older.any() || older.client() == standard.client()) return standard.client();
  return {};
}

bool is_in(const Address& address, std::span<const Network> networks) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& network) { return network.contains(address); });
}

}  // namespace intermission::http
