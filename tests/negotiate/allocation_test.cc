// Negotiation allocates nothing, whatever the header.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "negotiate/negotiate.h"
#include "negotiate/recent.h"
#include "support/allocations.h"
#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using testing::allocations_of;
using testing::HeaderLines;

std::string repeated(const std::string& member, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += member + ",";
  return out;
}

TEST(Allocation, TheCounterCounts) {
  EXPECT_GT(allocations_of([] { std::vector<int> some(100); }), 0U);
  EXPECT_EQ(allocations_of([] {}), 0U);
}

TEST(Allocation, NegotiationNeedsNone) {
  const std::vector<std::vector<std::string>> headers = {
      {},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
       "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"},
      {"application/vnd.acme.v2+json;version=2;q=0.5"},
      {"de-AT,de;q=0.9,en;q=0,zh-Hant-CN-x-private1"},
      {"gzip, deflate, br;q=0.5, zstd", "identity;q=0"},
      {"text/html;x=\"a,b\\\";q=0.1\";q=0.7", "", "*;q=.2, nonsense"},
      {repeated("application/vnd.acme+json;q=0.123", 300)},
      {repeated("en-a-b-c-d-e-f-g-h", 300)},
      {repeated("\"\\", 5000)},
      {std::string(20'000, 'x')},
  };
  const std::array offers = {Offer{"application/problem+json", 1}, Offer{"text/html", 0}};
  const Languages languages({"en", "de", "en-GB"});
  const std::array forms = {CodedSize{Coding::kIdentity, 900}, CodedSize{Coding::kGzip, 300}};
  Recent<Accept> recent;
  for (const auto& lines : headers) {
    const HeaderLines header(lines);
    EXPECT_EQ(allocations_of([&] {
                choose_type(header.values(), offers);
                weight_of(header.values(), "text/html");
                choose_language(header.values(), languages, 0);
                choose_coding(header.values(), forms);
                recent.read(header.values());
              }),
              0U)
        << (lines.empty() ? "absent" : lines[0].substr(0, 100));
  }
}

}  // namespace
}  // namespace intermission::negotiate
