// Arbitrary bytes in arbitrary segments must get the same answers as the same bytes at once,
// no more than were asked for, and never hang.
//
// Input: the first byte says how the rest is cut: 0 at every byte, else at lengths drawn from
// it, so that the fuzzer finds both by changing one byte.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/http1_harness.h"

namespace {

using intermission::server::Http1Session;
using intermission::testing::Http1Harness;

// Small, so that short inputs reach every bound.
intermission::http::Limits limits() {
  intermission::http::Limits limits;
  limits.header_bytes = 1024;
  limits.header_count = 16;
  limits.body_peek = 16;
  limits.body_discard = 256;
  return limits;
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

// Segments have their own exact-size memory: reading past one is found by the sanitizer.
void feed(Http1Harness& harness, std::string_view bytes, std::uint8_t cut) {
  std::uint32_t step = cut;
  while (!bytes.empty()) {
    step = step * 1664525U + 1013904223U;
    const std::size_t length = cut == 0 ? 1 : 1 + (step >> 24) % cut;
    harness.feed(std::string(bytes.substr(0, length)));
    bytes.remove_prefix(std::min(length, bytes.size()));
  }
}

// An idle or closing session has used everything, but for the CR of half a blank line.
void check_rest(const Http1Harness& harness) {
  const bool waits = harness.phase() == Http1Session::Phase::kHead ||
                     harness.phase() == Http1Session::Phase::kBody;
  require(waits || harness.unused().empty(), "bytes are left though nothing is waited for");
  require(harness.unused().size() <= 8 * 1024, "what waits has no bound");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Http1Harness whole(limits());
  whole.feed(bytes);
  check_rest(whole);
  Http1Harness pieces(limits());
  feed(pieces, bytes, data[0]);
  check_rest(pieces);
  require(whole.sent() == pieces.sent(), "the answers depend on the segments");
  require(whole.phase() == pieces.phase(), "the state depends on the segments");
  const std::size_t before = whole.sent().size();
  const bool idle = whole.phase() == Http1Session::Phase::kIdle;
  whole.finish();
  require(whole.phase() == Http1Session::Phase::kClosing, "the end of input does not end it");
  require(!idle || whole.sent().size() == before, "an idle client is sent something");
  return 0;
}
