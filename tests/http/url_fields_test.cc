#include "http/url_fields.h"

#include <gtest/gtest.h>

namespace intermission::http {
namespace {

TEST(UrlFields, AreKnownInEverySpellingThatCgiTakesForOne) {
  for (const char* name :
       {"X-Original-URL", "x_original_url", "X.Original.Url", "X-Original_URL"}) {
    EXPECT_EQ(part_told_by(name), UrlPart::kUrl) << name;
  }
  EXPECT_EQ(part_told_by("X_Forwarded_Host"), UrlPart::kHost);
  EXPECT_EQ(part_told_by("X-Script-Name"), UrlPart::kPrefix);
  EXPECT_EQ(part_told_by("x-forwarded-path"), UrlPart::kUrlOrPrefix);
  for (const char* name : {"", "Host", "Referer", "X-Original", "X-Original-URLs", "XOriginalURL",
                           "X-Forwarded-For", "X-Forwarded-Server", "Sec-Fetch-Dest"}) {
    EXPECT_EQ(part_told_by(name), UrlPart::kNone) << name;
  }
}

}  // namespace
}  // namespace intermission::http
