// Any bytes as Forwarded and as X-Forwarded-For. Reading ends, and an element with no quote in it
// reads the same wherever it stands.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/forwarded.h"

namespace {

using intermission::http::Network;
using intermission::http::Request;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view list = text;
  while (!list.empty()) {
    const std::size_t before = list.size();
    const auto hop = intermission::http::take_hop(list);
    require(list.size() < before);
    require(hop.sender.find('"') == std::string_view::npos || hop.sender.front() != '"');
    intermission::http::address_of_node(hop.sender);
  }
  const Network trusted[] = {*Network::parse("10.0.0.0/8")};
  Request request;
  request.reset("GET", "/", 11);
  request.add_field("Forwarded", text);
  const auto standard = intermission::http::client_of(request, trusted);
  request.add_field("X-Forwarded-For", text);
  const auto both = intermission::http::client_of(request, trusted);
  require(!both || both == standard || !standard);
  return 0;
}
