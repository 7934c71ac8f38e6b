#include "gate/pass_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gate/bypass.h"

namespace intermission::gate {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kKey = "a key of the tests that is long enough";

std::string a_pass() {
  return sign_pass("orders", base::TimePoint(base::Seconds(1'796'167'800)), kKey);
}

std::string signature() {
  const std::string pass = a_pass();
  return pass.substr(pass.find('.') + 1);
}

std::string percent_coded(const std::string& text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    ((out += '%') += kHex[byte >> 4]) += kHex[byte & 15];
  }
  return out;
}

TEST(HidePasses, OfALinkAndOfACookie) {
  EXPECT_EQ(hide_passes("/orders?a=1&intermission-bypass=" + a_pass() + "&b=2"),
            "/orders?a=1&intermission-bypass=(hidden)&b=2");
  EXPECT_EQ(hide_passes("theme=dark; intermission-bypass-orders-2=" + a_pass() + "; x=1"),
            "theme=dark; intermission-bypass-orders-2=(hidden); x=1");
  EXPECT_EQ(hide_passes("intermission-bypass=wrong"), "intermission-bypass=(hidden)");
}

TEST(HidePasses, HoweverTheyAreSpelled) {
  const std::string pass = a_pass();
  for (const std::string& text :
       {"/?intermission%2dbypass=" + pass,
        "/?Intermission-Bypass=" + pass,
        "/?" + percent_coded("intermission-bypass") + "=" + pass,
        "/?intermission-bypass%3d" + pass,
        "/?intermission%252Dbypass%253D" + pass,
        "/?next=https%3A%2F%2Fx%2F%3Fintermission-bypass%3D" + pass + "%26a%3D1",
        "/?intermission-bypass=" + pass + "&intermission-bypass=" + pass,
        "/?intermission-bypass=x&intermission%2Dbypass=" + pass,
        "/p/" + pass + "/q",
        "/?pass=" + pass,
        "/?%2525=" + pass,
        "(" + pass + ")",
        pass,
        pass + pass,
        "/;intermission-bypass=" + pass + "?x",
        "/?a=%&intermission-bypass=" + pass,
        "https://x@y/?q#intermission-bypass=" + pass,
        "/?intermission-bypass=1%2e" + signature(),
        "/?x=1796167800%2E" + signature(),
        "/" + std::string(40, '0') + pass,
        "a" + pass + "b",
        "-" + pass + "-"}) {
    const std::string hidden = hide_passes(text);
    EXPECT_THAT(hidden, Not(HasSubstr(signature()))) << text;
    EXPECT_THAT(hidden, HasSubstr("(hidden)")) << text;
    EXPECT_TRUE(shows_pass(text)) << text;
  }
}

struct Hidden {
  std::string text;
  std::string expected;
};

void check(const std::vector<Hidden>& rows) {
  for (const Hidden& row : rows) {
    EXPECT_EQ(hide_passes(row.text), row.expected) << row.text;
    EXPECT_EQ(shows_pass(row.text), row.text != row.expected) << row.text;
  }
}

// The values are not written like passes, so the name alone gives them away.
TEST(HidePasses, TheNameIsReadHoweverOftenItIsEncoded) {
  const std::string longest = "-" + std::string(63, 's');
  check({
      {"intermission-bypass=secret", "intermission-bypass=(hidden)"},
      {"intermission%2dbypass=secret", "intermission%2dbypass=(hidden)"},
      {"/?intermission%252Dbypass%253Dsecret", "/?intermission%252Dbypass%253D(hidden)"},
      {"/?intermission%25252dbypass=secret", "/?intermission%25252dbypass=(hidden)"},
      {"intermission-bypas%2573=secret", "intermission-bypas%2573=(hidden)"},
      {"%2569ntermission-bypass=secret", "%2569ntermission-bypass=(hidden)"},
      {"intermission-bypass-Orders_2.b-c=secret; x=1",
       "intermission-bypass-Orders_2.b-c=(hidden); x=1"},
      {"intermission-bypass" + longest + "=secret", "intermission-bypass" + longest + "=(hidden)"},
      {"intermission-bypass" + longest + "s=secret", "intermission-bypass" + longest + "s=secret"},
      {"intermission-bypass!=secret", "intermission-bypass!=secret"},
  });
}

TEST(HidePasses, AValueEndsAtASeparatorHoweverOftenThatIsEncoded) {
  check({
      {"intermission-bypass=secret%09rest", "intermission-bypass=(hidden)%09rest"},
      {"intermission-bypass=secret%20rest", "intermission-bypass=(hidden)%20rest"},
      {"intermission-bypass=secret%2509rest", "intermission-bypass=(hidden)%2509rest"},
      {"intermission-bypass=secret%2520rest", "intermission-bypass=(hidden)%2520rest"},
      {"intermission-bypass=secret%26a=1", "intermission-bypass=(hidden)%26a=1"},
      // What is no escape is part of the value, up to the separator.
      {"intermission-bypass=secret%&2=x", "intermission-bypass=(hidden)&2=x"},
      {"intermission-bypass=secret%2&b=1", "intermission-bypass=(hidden)&b=1"},
      {"intermission-bypass=secret%25&b=1", "intermission-bypass=(hidden)&b=1"},
  });
}

TEST(HidePasses, APassIsHiddenToItsLastCharacterAndNoFurther) {
  const std::string part(20, 'S');
  check({
      {"/p/" + a_pass() + "/q", "/p/(hidden)/q"},
      {"a" + a_pass() + "b", "a(hidden)b"},
      {"/p/1." + part, "/p/(hidden)"},
      {"/p/1." + part.substr(1), "/p/1." + part.substr(1)},
      {"/p/1796167800-" + part + part, "/p/1796167800-" + part + part},
      {"/p/." + part + part, "/p/." + part + part},
      // "%25" is a percent sign, whatever stands behind it.
      {"/?x=%25.abcdef" + part, "/?x=%25.abcdef" + part},
      {"/?x=%253." + part, "/?x=%25(hidden)"},
  });
}

TEST(HidePasses, EncodedToTheLastCharacter) {
  const std::string coded = percent_coded(a_pass());
  const std::string tail = coded.substr(coded.size() - 60);
  EXPECT_THAT(hide_passes("/?intermission-bypass=" + coded), Not(HasSubstr(tail)));
  EXPECT_THAT(hide_passes("/?x=" + coded), Not(HasSubstr(tail)));
}

TEST(HidePasses, OfATextThatIsCutNothingBehindItMatters) {
  const std::string value = "1796108400.5EaZ35bFh-uv_rGP_tr26DP0Au7Wrgh9Js6dyq5WKR8";
  for (const std::string equals : {"=", "%3D", "%253D", "%25253D"}) {
    for (const std::string name : {"intermission-bypass", "intermission%2Dbypass-orders"}) {
      const std::string whole = "/a?" + name + equals + value + "%26b";
      for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::string alone = whole.substr(0, size);
        EXPECT_EQ(hide_passes(std::string_view(whole).substr(0, size)), hide_passes(alone))
            << alone;
      }
    }
  }
}

TEST(HidePasses, LeavesTheRestAsItIs) {
  for (const std::string text : {"", "/", "/orders/7?x=1", "/intermission", "/?intermission-bypass",
                                 "/?intermission-bypass=", "/?intermission=1", "/1.2.3", "/%",
                                 "/%2", "/%zz", "%25%25%25", "/a%20b", "/v1.0/x?t=1796167800.5"}) {
    EXPECT_EQ(hide_passes(text), text);
    EXPECT_FALSE(shows_pass(text)) << text;
  }
}

// What is quadratic does not end within the time that a test has.
TEST(HidePasses, TakesLinearTime) {
  for (const char* part : {"intermission-bypass", "i", "1", "1.a", "%", "%25", "%2525", "%69"}) {
    std::string text;
    while (text.size() < (std::size_t{1} << 20)) text += part;
    EXPECT_EQ(hide_passes(text), text) << part;
  }
}

TEST(BypassName, IsKnownInEverySpelling) {
  EXPECT_TRUE(is_bypass_name("intermission-bypass"));
  EXPECT_TRUE(is_bypass_name("Intermission%2dBypass"));
  EXPECT_TRUE(is_bypass_name("intermission-bypas%73"));
  EXPECT_TRUE(is_bypass_name("intermission-bypas%2573"));
  EXPECT_FALSE(is_bypass_name("intermission-bypas%257"));
  EXPECT_FALSE(is_bypass_name("intermission-bypass-orders"));
  EXPECT_FALSE(is_bypass_name("intermission-bypas"));
  EXPECT_FALSE(is_bypass_name(""));
}

}  // namespace
}  // namespace intermission::gate
