#include "cli/curl_library.h"

#include <gtest/gtest.h>

namespace intermission::cli {
namespace {

TEST(CurlLibrary, IsOpenedOnceWithAllItsFunctions) {
  const CurlLibrary* library = CurlLibrary::load();
  ASSERT_NE(library, nullptr);
  EXPECT_EQ(CurlLibrary::load(), library);
  EXPECT_STREQ(library->text_of(CURLE_OK), "No error");
  curl_slist* list = library->append(nullptr, "X: y");
  ASSERT_NE(list, nullptr);
  EXPECT_STREQ(list->data, "X: y");
  library->free_list(list);
}

TEST(CurlLibrary, IsNoneWhereItIsMissingOrAnother) {
  EXPECT_FALSE(CurlLibrary::open("libnonesuch.so.4"));
  EXPECT_FALSE(CurlLibrary::open("libm.so.6")) << "it has none of the functions";
}

}  // namespace
}  // namespace intermission::cli
