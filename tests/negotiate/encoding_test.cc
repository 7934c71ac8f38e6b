#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "negotiate/negotiate.h"
#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using testing::HeaderLines;

using Forms = std::vector<CodedSize>;

const Forms kPage = {{Coding::kIdentity, 9000},
                     {Coding::kGzip, 3000},
                     {Coding::kBrotli, 2500},
                     {Coding::kZstd, 2800}};

std::string_view coding(const std::vector<std::string>& lines, const Forms& available = kPage) {
  return coding_name(choose_coding(HeaderLines(lines).values(), available));
}

struct Case {
  const char* header;
  std::string_view expected;
};

void check(const std::vector<Case>& cases, const Forms& available = kPage) {
  for (const Case& c : cases) {
    EXPECT_EQ(coding({c.header}, available), c.expected) << "Accept-Encoding: " << c.header;
  }
}

TEST(AcceptEncoding, BrowsersAndLibraries) {
  EXPECT_EQ(coding({}), "identity");  // curl without --compressed
  check({
      {"gzip, deflate, br, zstd", "br"},                    // Chrome, Firefox
      {"gzip, deflate, br", "br"},                          // Safari, Googlebot, axios
      {"gzip, deflate", "gzip"},                            // python-requests, plain HTTP
      {"gzip,deflate", "gzip"},                             // older Googlebot
      {"gzip", "gzip"},                                     // okhttp, Go, Java's HttpClient
      {"deflate, gzip, br, zstd", "br"},                    // curl --compressed
      {"deflate, gzip", "gzip"},                            // an older curl --compressed
      {"gzip;q=1.0,deflate;q=0.6,identity;q=0.3", "gzip"},  // Ruby's Net::HTTP
      {"gzip, x-gzip, deflate", "gzip"},                    // Apache HttpClient
      {"identity", "identity"},                             // wget, Python's urllib
      {"identity;q=1, *;q=0", "identity"},                  // media elements of Chrome
      {"gzip, deflate, br;q=0.9", "gzip"},
      {"br;q=1.0, gzip;q=0.8, *;q=0.1", "br"},
      {"gzip,deflate,sdch", "gzip"},
      {"gzip, deflate, br, zstd, dcb, dcz", "br"},
      {"amz-1.0, gzip", "gzip"},
      {"compress, gzip", "gzip"},
  });
}

TEST(AcceptEncoding, WhatTheRulesSay) {
  check({
      {"", "identity"},
      // weight, then size
      {"zstd", "zstd"},
      {"zstd, gzip", "zstd"},
      {"gzip;q=0.9, zstd;q=0.8, br;q=0.7", "gzip"},
      {"GZIP;Q=0.5", "gzip"},
      {"*", "br"},
      {"*;q=0.5", "br"},
      {"br;q=0, *", "zstd"},
      {"br;q=0, zstd;q=0, *", "gzip"},
      {"gzip;q=0.5, *;q=0.4", "gzip"},
      {"gzip;q=0.001", "gzip"},
      {"gzip;q=0", "identity"},
      {"gzip;q=0, br;q=0.000", "identity"},
      // identity weighed against the rest
      {"identity, gzip;q=0.5", "identity"},
      {"identity;q=0.5, gzip;q=0.5", "gzip"},
      {"identity;q=0.5, gzip", "gzip"},
      {"identity, *;q=0.5", "identity"},
      {"identity;q=0.5, *;q=0.5, gzip;q=0.4", "br"},
      // identity refused
      {"identity;q=0", "identity"},
      {"*;q=0", "identity"},
      {"identity;q=0, gzip;q=0.1", "gzip"},
      {"*;q=0, gzip;q=0.1", "gzip"},
      {"*;q=0, identity;q=0.2, gzip;q=0.1", "identity"},
      {"identity;q=0, *", "br"},
      {"identity;q=0, foo", "identity"},
      // the same twice: the highest
      {"gzip;q=0, gzip;q=0.5", "gzip"},
      {"gzip;q=0.5, gzip;q=0", "gzip"},
      {"gzip;q=0.2, x-gzip;q=0.9, br;q=0.5", "gzip"},
      {"*;q=0, *", "br"},
      {"X-GZIP", "gzip"},
  });
}

TEST(AcceptEncoding, Malformed) {
  for (const char* header :
       {",",      ";",       ";q=1",       "*/*",      "gz",   "gzipp", "gzip deflate",
        "gzip/1", "=gzip",   "gzip=1",     "\"gzip\"", "x-br", "b r",   "gzip\x01",
        "\xff",   "deflate", "x-compress", "(gzip)",   "q=1",  "**"}) {
    EXPECT_EQ(coding({header}), "identity") << header;
    EXPECT_EQ(coding({std::string(header) + ", zstd"}), "zstd") << header;
  }
  EXPECT_EQ(coding({"br;q=x, gzip;q=0.002"}), "gzip");
  EXPECT_EQ(coding({"br;q, gzip;q=0"}), "br");
}

TEST(AcceptEncoding, OnlyWhatSavesBytes) {
  const Forms tiny = {{Coding::kIdentity, 20}, {Coding::kGzip, 38}, {Coding::kBrotli, 20}};
  check({{"gzip", "identity"},
         {"br", "identity"},
         {"gzip, identity;q=0.1", "identity"},
         {"gzip, identity;q=0", "gzip"},
         {"gzip, br, identity;q=0", "br"},
         {"*;q=0", "identity"},
         {"zstd, identity;q=0", "identity"}},
        tiny);
  check({{"gzip, br", "br"}},
        {{Coding::kGzip, 10}, {Coding::kBrotli, 10}, {Coding::kIdentity, 11}});
  check({{"gzip, br, zstd", "zstd"}},
        {{Coding::kZstd, 10}, {Coding::kGzip, 10}, {Coding::kBrotli, 10}, {Coding::kIdentity, 11}});
  check({{"gzip, br", "identity"}}, {{Coding::kIdentity, 0}});
}

TEST(AcceptEncoding, NamesAreThoseOfContentEncoding) {
  EXPECT_EQ(coding_name(Coding::kIdentity), "identity");
  EXPECT_EQ(coding_name(Coding::kGzip), "gzip");
  EXPECT_EQ(coding_name(Coding::kBrotli), "br");
  EXPECT_EQ(coding_name(Coding::kZstd), "zstd");
}

}  // namespace
}  // namespace intermission::negotiate
