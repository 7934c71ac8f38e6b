// Each hint that Accept-CH asks for, or that browsers send by themselves, chooses another page,
// and Vary names it.
#include <gtest/gtest.h>

#include <string>

#include "support/cases.h"

namespace intermission::testing {
namespace {

Heard visit(const std::string& hint, const std::string& method = "GET") {
  Conversation conversation;
  conversation.config = "config.yaml";
  conversation.request =
      method + " /cart HTTP/1.1\r\nHost: shop.example.com\r\nAccept: text/html\r\n" + hint + "\r\n";
  return hear_directly(conversation);
}

std::string field(const Heard& heard, const std::string& name) {
  for (const auto& [known, value] : heard.fields) {
    if (known == name) return value;
  }
  return "";
}

TEST(Hints, EachChoosesAnotherPage) {
  const Heard plain = visit("");
  const std::pair<const char*, const char*> kHints[] = {
      {"Sec-CH-Prefers-Color-Scheme", "\"dark\""},
      {"Sec-CH-Prefers-Color-Scheme", "\"light\""},
      {"Sec-CH-Prefers-Reduced-Motion", "\"reduce\""},
      {"Sec-CH-UA-Mobile", "?1"},
      {"Sec-CH-Viewport-Width", "390"},
      {"Sec-CH-UA", "\"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\""},
  };
  for (const auto& [name, value] : kHints) {
    const Heard heard = visit(std::string(name) + ": " + value + "\r\n");
    EXPECT_LT(heard.body.size(), plain.body.size()) << name << ": " << value;
    EXPECT_NE(field(heard, "Vary").find(name), std::string::npos) << name;
    EXPECT_NE(field(plain, "Vary").find(name), std::string::npos) << name;
  }
}

TEST(Hints, WhatSaysNothingNewChangesNothing) {
  const Heard plain = visit("");
  for (const std::string hint :
       {"Sec-CH-Prefers-Color-Scheme: \"blue\"\r\n",
        "Sec-CH-Prefers-Reduced-Motion: \"no-preference\"\r\n", "Sec-CH-UA-Mobile: ?0\r\n",
        "Sec-CH-Viewport-Width: 1280\r\n", "Sec-CH-UA: \"Firefox\";v=\"140\"\r\n",
        "Sec-CH-Viewport-Width: \xff\r\n"}) {
    EXPECT_EQ(visit(hint).body, plain.body) << hint;
  }
}

TEST(Hints, AWideWindowBeatsAMobileDevice) {
  EXPECT_EQ(visit("Sec-CH-UA-Mobile: ?1\r\nSec-CH-Viewport-Width: 1024\r\n").body, visit("").body);
}

TEST(Hints, AreAskedFor) {
  EXPECT_EQ(field(visit(""), "Accept-CH"),
            "Sec-CH-Prefers-Color-Scheme, Sec-CH-Prefers-Reduced-Motion, Sec-CH-Viewport-Width");
}

TEST(Hints, AfterAFormThePageSaysThatItWasNotProcessed) {
  EXPECT_EQ(visit("").body.find("has not been processed"), std::string::npos);
  EXPECT_NE(visit("", "POST").body.find("has not been processed"), std::string::npos);
}

}  // namespace
}  // namespace intermission::testing
