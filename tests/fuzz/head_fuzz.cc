// server/plain_head.h: whatever head it takes, Beast's parser reads as the very same request, and
// with no body after it. The input is the bytes of a connection, of which the first head is read.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "server/head_scanner.h"
#include "server/request_parser.h"
#include "support/request_text.h"
#include "support/require.h"

namespace {

using intermission::http::Limits;
using intermission::http::Request;
using intermission::server::HeadScanner;
using intermission::server::RequestParser;
using intermission::testing::require;
using intermission::testing::text_of;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Memory of the exact size: reading past the end is found by the sanitizer.
  const std::vector<char> bytes(data, data + size);
  const std::string_view text(bytes.data(), bytes.size());
  const Limits limits;
  Request plain;
  RequestParser without(limits);
  intermission::server::Fault fault;
  const std::size_t taken = without.read_plain_head(text, plain, fault);
  if (taken == 0) return 0;
  HeadScanner scanner;
  require(scanner.scan(text, limits.header_bytes).size == taken, "both see the same end");
  const std::string_view head = text.substr(0, taken);
  Request judged;
  RequestParser beast(limits);
  require(beast.read_head(head, judged).why == fault.why, "the verdict is the same");
  require(text_of(plain) == text_of(judged), "both read the same request");
  if (fault) return 0;
  require(!beast.has_body() && !without.has_body(), "there is no body");
  require(without.keep_alive() == beast.keep_alive(), "both keep the connection, or neither");
  require(without.asks_to_close() == beast.asks_to_close(), "both see the end, or neither");
  return 0;
}
