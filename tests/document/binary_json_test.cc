#include "document/binary_json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/hex.h"
#include "document/parse_json.h"

namespace intermission::document {
namespace {

std::string hex(std::string_view bytes) {
  return base::hex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::string as_cbor(std::string_view json) {
  return hex(cbor_of(parse_json(json)));
}

std::string as_message_pack(std::string_view json) {
  return hex(message_pack_of(parse_json(json)));
}

std::string quoted(std::size_t size) {
  return "\"" + std::string(size, 'a') + "\"";
}

std::string ones(std::size_t count) {
  std::string list = "[";
  for (std::size_t i = 0; i < count; ++i) list += i == 0 ? "1" : ",1";
  return list + "]";
}

std::string members(std::size_t count) {
  std::string object = "{";
  for (std::size_t i = 0; i < count; ++i) object += i == 0 ? "\"a\":1" : ",\"a\":1";
  return object + "}";
}

// The examples of RFC 8949 appendix A.
TEST(Cbor, IsThatOfTheExamplesOfItsRfc) {
  EXPECT_EQ(as_cbor("0"), "00");
  EXPECT_EQ(as_cbor("23"), "17");
  EXPECT_EQ(as_cbor("24"), "1818");
  EXPECT_EQ(as_cbor("100"), "1864");
  EXPECT_EQ(as_cbor("1000"), "1903e8");
  EXPECT_EQ(as_cbor("1000000"), "1a000f4240");
  EXPECT_EQ(as_cbor("1000000000000"), "1b000000e8d4a51000");
  EXPECT_EQ(as_cbor("18446744073709551615"), "1bffffffffffffffff");
  EXPECT_EQ(as_cbor("-1"), "20");
  EXPECT_EQ(as_cbor("-10"), "29");
  EXPECT_EQ(as_cbor("-100"), "3863");
  EXPECT_EQ(as_cbor("-1000"), "3903e7");
  EXPECT_EQ(as_cbor("1.1"), "fb3ff199999999999a");
  EXPECT_EQ(as_cbor("-4.1"), "fbc010666666666666");
  EXPECT_EQ(as_cbor("false"), "f4");
  EXPECT_EQ(as_cbor("true"), "f5");
  EXPECT_EQ(as_cbor("null"), "f6");
  EXPECT_EQ(as_cbor("\"\""), "60");
  EXPECT_EQ(as_cbor("\"IETF\""), "6449455446");
  EXPECT_EQ(as_cbor("\"\\u00fc\""), "62c3bc");
  EXPECT_EQ(as_cbor("[]"), "80");
  EXPECT_EQ(as_cbor("[1, [2, 3], [4, 5]]"), "8301820203820405");
  EXPECT_EQ(as_cbor("{}"), "a0");
  EXPECT_EQ(as_cbor(R"({"a": 1, "b": [2, 3]})"), "a26161016162820203");
  EXPECT_EQ(as_cbor(R"(["a", {"b": "c"}])"), "826161a161626163");
}

TEST(Cbor, LengthsTakeAsFewBytesAsTheyNeed) {
  EXPECT_EQ(as_cbor("255"), "18ff");
  EXPECT_EQ(as_cbor("256"), "190100");
  EXPECT_EQ(as_cbor("65535"), "19ffff");
  EXPECT_EQ(as_cbor("65536"), "1a00010000");
  EXPECT_EQ(as_cbor("4294967295"), "1affffffff");
  EXPECT_EQ(as_cbor("4294967296"), "1b0000000100000000");
  EXPECT_EQ(as_cbor("-9223372036854775808"), "3b7fffffffffffffff");
  EXPECT_TRUE(as_cbor(quoted(23)).starts_with("7761"));
  EXPECT_TRUE(as_cbor(quoted(24)).starts_with("781861"));
  EXPECT_TRUE(as_cbor(quoted(256)).starts_with("79010061"));
  EXPECT_TRUE(as_cbor(quoted(65536)).starts_with("7a0001000061"));
  EXPECT_TRUE(as_cbor(ones(24)).starts_with("981801"));
  EXPECT_TRUE(as_cbor(members(24)).starts_with("b8186161"));
}

TEST(Cbor, ATextAlone) {
  EXPECT_EQ(hex(cbor_text("\"\\")), "62225c");
  EXPECT_EQ(cbor_text(std::string(300, 'a')), "\x79\x01\x2c" + std::string(300, 'a'));
}

// The ranges of msgpack/spec.md.
TEST(MessagePack, NumbersTakeAsFewBytesAsTheyNeed) {
  EXPECT_EQ(as_message_pack("0"), "00");
  EXPECT_EQ(as_message_pack("127"), "7f");
  EXPECT_EQ(as_message_pack("128"), "cc80");
  EXPECT_EQ(as_message_pack("255"), "ccff");
  EXPECT_EQ(as_message_pack("256"), "cd0100");
  EXPECT_EQ(as_message_pack("65536"), "ce00010000");
  EXPECT_EQ(as_message_pack("4294967296"), "cf0000000100000000");
  EXPECT_EQ(as_message_pack("18446744073709551615"), "cfffffffffffffffff");
  EXPECT_EQ(as_message_pack("-1"), "ff");
  EXPECT_EQ(as_message_pack("-32"), "e0");
  EXPECT_EQ(as_message_pack("-33"), "d0df");
  EXPECT_EQ(as_message_pack("-128"), "d080");
  EXPECT_EQ(as_message_pack("-129"), "d1ff7f");
  EXPECT_EQ(as_message_pack("-32768"), "d18000");
  EXPECT_EQ(as_message_pack("-32769"), "d2ffff7fff");
  EXPECT_EQ(as_message_pack("-2147483648"), "d280000000");
  EXPECT_EQ(as_message_pack("-2147483649"), "d3ffffffff7fffffff");
  EXPECT_EQ(as_message_pack("-9223372036854775808"), "d38000000000000000");
  EXPECT_EQ(as_message_pack("1.5"), "cb3ff8000000000000");
}

TEST(MessagePack, WordsTextsListsAndMaps) {
  EXPECT_EQ(as_message_pack("null"), "c0");
  EXPECT_EQ(as_message_pack("false"), "c2");
  EXPECT_EQ(as_message_pack("true"), "c3");
  // The example on msgpack.org.
  EXPECT_EQ(as_message_pack(R"({"compact":true,"schema":0})"),
            "82a7636f6d70616374c3a6736368656d6100");
  EXPECT_TRUE(as_message_pack(quoted(31)).starts_with("bf61"));
  EXPECT_TRUE(as_message_pack(quoted(32)).starts_with("d92061"));
  EXPECT_TRUE(as_message_pack(quoted(256)).starts_with("da010061"));
  EXPECT_TRUE(as_message_pack(quoted(65536)).starts_with("db0001000061"));
  EXPECT_TRUE(as_message_pack(ones(15)).starts_with("9f01"));
  EXPECT_TRUE(as_message_pack(ones(16)).starts_with("dc001001"));
  EXPECT_TRUE(as_message_pack(ones(65536)).starts_with("dd0001000001"));
  EXPECT_TRUE(as_message_pack(members(15)).starts_with("8fa161"));
  EXPECT_TRUE(as_message_pack(members(16)).starts_with("de0010a161"));
}

}  // namespace
}  // namespace intermission::document
