#include "base/xml_name.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace intermission::base {
namespace {

class XmlNames : public ::testing::Test {
 protected:
  pugi::xml_node parse(const char* text) {
    EXPECT_TRUE(document_.load_string(text)) << text;
    return document_.document_element();
  }
  pugi::xml_document document_;
};

TEST_F(XmlNames, AreAPrefixAndALocalPart) {
  EXPECT_EQ(local_part("a:b"), "b");
  EXPECT_EQ(prefix_part("a:b"), "a");
  EXPECT_EQ(local_part("b"), "b");
  EXPECT_EQ(prefix_part("b"), "");
  EXPECT_EQ(local_part("a:b:c"), "b:c");
  EXPECT_EQ(prefix_part(":b"), "");
  EXPECT_EQ(local_part("a:"), "");
}

TEST_F(XmlNames, APrefixIsDeclaredAtTheElementOrAbove) {
  const auto a = parse(R"(<a xmlns="urn:d" xmlns:p="urn:p"><p:b xmlns:p="urn:q"><c/></p:b></a>)");
  const auto b = a.first_child();
  const auto c = b.first_child();
  EXPECT_EQ(namespace_at(a, "p"), "urn:p");
  EXPECT_EQ(namespace_at(c, "p"), "urn:q") << "the nearest wins";
  EXPECT_EQ(namespace_at(c, ""), "urn:d");
  EXPECT_EQ(namespace_at(c, "other"), "");
  EXPECT_EQ(element_name(a), (XmlName{"urn:d", "a"}));
  EXPECT_EQ(element_name(b), (XmlName{"urn:q", "b"}));
  EXPECT_EQ(resolve(c, "p:T"), (XmlName{"urn:q", "T"}));
  EXPECT_EQ(resolve(c, "T"), (XmlName{"urn:d", "T"}));
  EXPECT_EQ(namespace_at(c, "xml"), "http://www.w3.org/XML/1998/namespace");
}

TEST_F(XmlNames, AttributesThatLookLikeDeclarationsAreNone) {
  const auto a = parse(R"(<a xmlnsp="1" p="2" xmlns-p="3" xmlns:pp="4" xmlns:="5"/>)");
  EXPECT_EQ(namespace_at(a, "p"), "");
  EXPECT_EQ(namespace_at(a, ""), "");
  EXPECT_EQ(namespace_at(a, "pp"), "4");
}

// Other declarations may come first.
TEST_F(XmlNames, TheOrderOfDeclarationsDoesNotMatter) {
  const auto a = parse(R"(<soap:E xmlns:soapenc="urn:e" xmlns:soap="urn:s"/>)");
  EXPECT_EQ(element_name(a), (XmlName{"urn:s", "E"}));
}

TEST_F(XmlNames, AnEmptyDeclarationTakesTheDefaultBack) {
  const auto a = parse(R"(<a xmlns="urn:d"><b xmlns=""/></a>)");
  EXPECT_EQ(element_name(a.first_child()), (XmlName{"", "b"}));
}

TEST_F(XmlNames, AChildIsFoundByItsWholeName) {
  const auto a = parse(
      R"(<a xmlns:p="urn:p" xmlns:q="urn:q"><q:b n="1"/><b n="2"/><p:b n="3"/><p:b n="4"/></a>)");
  EXPECT_EQ(child_named(a, {"urn:p", "b"}).attribute("n").as_int(), 3);
  EXPECT_EQ(child_named(a, {"", "b"}).attribute("n").as_int(), 2);
  EXPECT_FALSE(child_named(a, {"urn:p", "c"}));
  EXPECT_FALSE(child_named(a, {"urn:x", "b"}));
}

}  // namespace
}  // namespace intermission::base
