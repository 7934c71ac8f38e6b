// Any bytes as Forwarded and as X-Forwarded-For. Reading ends, and what is malformed tells no
// client, whatever a router appends.
#include <cstdint>
#include <cstdlib>
#include <string>
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
  bool malformed = text.empty();
  while (!list.empty()) {
    const std::size_t before = list.size();
    const auto hop = intermission::http::take_hop(list);
    require(list.size() < before);
    malformed = malformed || !hop;
    if (hop) intermission::http::read_node(hop->sender);
  }
  const Network trusted[] = {*Network::parse("10.0.0.0/8")};
  Request request;
  request.reset("GET", "/", 11);
  request.add_field("Forwarded", text);
  const auto standard = intermission::http::client_of(request, trusted);
  request.add_field("X-Forwarded-For", text);
  const auto both = intermission::http::client_of(request, trusted);
  require(!both || both == standard || !standard);
  require(!malformed || !standard);

  const std::string appended = std::string(text) + ", for=192.0.2.1";
  Request routed;
  routed.reset("GET", "/", 11);
  routed.add_field("Forwarded", appended);
  const auto client = intermission::http::client_of(routed, trusted);
  require(!client || client->text() == "192.0.2.1");
  return 0;
}
