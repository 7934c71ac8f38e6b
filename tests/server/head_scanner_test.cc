#include "server/head_scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace intermission::server {
namespace {

constexpr std::size_t kLimit = 40;

// The status of the fault that is found, or the size of the head; 0 where more is needed.
std::size_t scan(std::string_view bytes) {
  HeadScanner scanner;
  const HeadScanner::Scan found = scanner.scan(bytes, kLimit);
  return found.fault ? found.fault.status : found.size;
}

TEST(HeadScanner, EndsBehindTheEmptyLine) {
  const std::string head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_EQ(scan(head), head.size());
  EXPECT_EQ(scan(head + "x"), head.size());
  for (std::size_t size = 0; size < head.size(); ++size) EXPECT_EQ(scan(head.substr(0, size)), 0U);
}

TEST(HeadScanner, KnowsALineFeedWithoutItsReturn) {
  EXPECT_EQ(scan("GET / HTTP/1.1\n"), 400U);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nHost: h\n"), 400U);
  const std::string_view behind_return = "\r\nGET";
  EXPECT_EQ(scan(behind_return.substr(1)), 400U) << "what stands before the bytes is none of them";
}

TEST(HeadScanner, KnowsLinesThatAreFolded) {
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: b\r\n c\r\n"), 400U);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: b\r\n\tc\r\n"), 400U);
}

TEST(HeadScanner, KnowsWhatIsTooLongAsSoonAsItHasCome) {
  EXPECT_EQ(scan("GET /" + std::string(kLimit - 6, 'a')), 0U);
  EXPECT_EQ(scan("GET /" + std::string(kLimit - 5, 'a')), 414U);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: " + std::string(kLimit - 20, 'a')), 0U);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: " + std::string(kLimit - 19, 'a')), 431U);
  const std::string head = "GET / HTTP/1.1\r\nA: " + std::string(kLimit - 23, 'a') + "\r\n\r\n";
  EXPECT_EQ(scan(head), kLimit);
}

}  // namespace
}  // namespace intermission::server
