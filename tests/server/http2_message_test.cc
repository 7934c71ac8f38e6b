#include "server/http2_message.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intermission::server {
namespace {

using std::string_view_literals::operator""sv;

using Fields = std::vector<std::pair<std::string, std::string>>;

const Fields kGet = {{":method", "GET"}, {":scheme", "https"}, {":path", "/"}};

Fields get(const Fields& more) {
  Fields fields = kGet;
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

Http2Message head_of(const Fields& fields) {
  Http2Message message;
  for (const auto& [name, value] : fields) message.take_field(name, value);
  message.end_head();
  return message;
}

bool is_sound(const Fields& fields) {
  Http2Message message = head_of(fields);
  message.end();
  return !message.is_malformed();
}

TEST(Http2Message, NeedsNoHost) {  // §8.3.1
  EXPECT_TRUE(is_sound(kGet));
  EXPECT_TRUE(is_sound(get({{":authority", "h"}})));
  EXPECT_TRUE(is_sound(get({{"host", "h:8080"}})));
  EXPECT_FALSE(is_sound(get({{":authority", ""}})));
  EXPECT_FALSE(is_sound(get({{"host", ""}})));
  EXPECT_FALSE(is_sound(get({{"host", "a b"}})));
  EXPECT_FALSE(is_sound(get({{":authority", "a b"}})));
  EXPECT_FALSE(is_sound(get({{"host", "h"}, {"host", "h"}})));
}

TEST(Http2Message, NeedsMethodSchemeAndPathOnce) {  // §8.3.1
  for (std::size_t i = 0; i < kGet.size(); ++i) {
    Fields without = kGet;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(is_sound(without)) << kGet[i].first;
    EXPECT_FALSE(is_sound(get({kGet[i]}))) << kGet[i].first;
  }
  for (const char* method : {"", "GE T", "G\x01", "G:"}) {
    EXPECT_FALSE(is_sound({{":method", method}, {":scheme", "http"}, {":path", "/"}})) << method;
  }
  for (const char* scheme : {"", "1http", "ht tp", "http:", "\xFF"}) {
    EXPECT_FALSE(is_sound({{":method", "GET"}, {":scheme", scheme}, {":path", "/"}})) << scheme;
  }
  EXPECT_TRUE(is_sound({{":method", "GET"}, {":scheme", "a+b-c.1"}, {":path", "/"}}));
  for (const char* path : {"", "a", "*", " /", "/a b", "/\t", "/\x7f", "http://h/"}) {
    EXPECT_FALSE(is_sound({{":method", "GET"}, {":scheme", "http"}, {":path", path}})) << path;
  }
  for (const char* path : {"*", "/"}) {
    EXPECT_TRUE(is_sound({{":method", "OPTIONS"}, {":scheme", "http"}, {":path", path}})) << path;
    EXPECT_TRUE(is_sound({{":scheme", "http"}, {":path", path}, {":method", "OPTIONS"}})) << path;
  }
}

TEST(Http2Message, HasPseudoHeaderFieldsInFrontAlone) {  // §8.3
  EXPECT_FALSE(is_sound({{":method", "GET"}, {"a", "b"}, {":scheme", "http"}, {":path", "/"}}));
  EXPECT_FALSE(is_sound(get({{"host", "h"}, {":authority", "h"}})));
  Http2Message trailers;
  for (const auto& [name, value] :
       {std::pair{":method", "GET"}, {":scheme", "http"}, {":path", "/"}}) {
    trailers.take_field(name, value);
  }
  trailers.end_head();
  EXPECT_FALSE(trailers.is_malformed());
  trailers.take_field(":authority", "h");
  EXPECT_TRUE(trailers.is_malformed());
  for (const char* name : {":status", ":protocol", ":unknown", ":", ":Method"}) {
    EXPECT_FALSE(is_sound(get({{name, "200"}}))) << name;
  }
}

TEST(Http2Message, HasNamesInLowerCaseAndNoControls) {  // §8.2.1
  for (const char* name : {"", "Accept", "a b", "a:", "\x7f", "a\xC3\xA4"}) {
    EXPECT_FALSE(is_sound(get({{name, "x"}}))) << name;
  }
  for (const std::string_view value : {"a\rb"sv, "a\nb"sv, "a\0b"sv, " a"sv, "a "sv, "\ta"sv}) {
    EXPECT_FALSE(is_sound(get({{"a", std::string(value)}}))) << value;
  }
  for (const char* value : {"", "a b", "a\tb", "\xC3\xA4"}) {
    EXPECT_TRUE(is_sound(get({{"a", value}}))) << value;
  }
}

TEST(Http2Message, SaysNothingOfTheConnection) {  // §8.2.2
  for (const char* name :
       {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}) {
    EXPECT_FALSE(is_sound(get({{name, "x"}}))) << name;
  }
  EXPECT_TRUE(is_sound(get({{"te", "trailers"}})));
  EXPECT_TRUE(is_sound(get({{"te", "Trailers"}})));
  EXPECT_FALSE(is_sound(get({{"te", "gzip"}})));
  EXPECT_FALSE(is_sound(get({{"te", "trailers, gzip"}})));
}

TEST(Http2Message, OfConnectHasAnAuthorityAlone) {  // §8.5
  EXPECT_TRUE(is_sound({{":method", "CONNECT"}, {":authority", "h:1"}}));
  EXPECT_FALSE(is_sound({{":method", "CONNECT"}}));
  EXPECT_FALSE(is_sound({{":method", "CONNECT"}, {"host", "h:1"}}));
  EXPECT_FALSE(is_sound({{":method", "CONNECT"}, {":authority", "h:1"}, {":path", "/"}}));
  EXPECT_FALSE(is_sound({{":scheme", "http"}, {":method", "CONNECT"}, {":authority", "h:1"}}));
}

TEST(Http2Message, IsAsLongAsItSays) {  // §8.1.1
  for (const char* length : {"", "x", "-1", "+1", "1,1", "18446744073709551616"}) {
    EXPECT_FALSE(is_sound(get({{"content-length", length}}))) << length;
  }
  EXPECT_TRUE(is_sound(get({{"content-length", "0"}})));
  EXPECT_FALSE(is_sound(get({{"content-length", "0"}, {"content-length", "0"}})));
  Http2Message message = head_of(get({{"content-length", "5"}}));
  message.take_data(3);
  EXPECT_FALSE(message.is_malformed());
  Http2Message too_short = message;
  too_short.end();
  EXPECT_TRUE(too_short.is_malformed());
  message.take_data(2);
  Http2Message whole = message;
  whole.end();
  EXPECT_FALSE(whole.is_malformed());
  message.take_data(1);
  EXPECT_TRUE(message.is_malformed());
  Http2Message unannounced = head_of(kGet);
  unannounced.take_data(1'000'000);
  unannounced.end();
  EXPECT_FALSE(unannounced.is_malformed());
}

TEST(Http2Message, MayHaveTrailersThatEndIt) {  // §8.1
  const auto trailers = [](const Fields& fields, bool ends) {
    Http2Message message = head_of(kGet);
    message.take_data(1);
    for (const auto& [name, value] : fields) message.take_field(name, value);
    message.end_trailers(ends);
    return !message.is_malformed();
  };
  EXPECT_TRUE(trailers({{"a", "b"}}, true));
  EXPECT_TRUE(trailers({{"content-length", "7"}}, true)) << "means nothing there";
  EXPECT_FALSE(trailers({{"a", "b"}}, false));
  EXPECT_FALSE(trailers({{":path", "/"}}, true));
  EXPECT_FALSE(trailers({{"A", "b"}}, true));
  EXPECT_FALSE(trailers({{"connection", "close"}}, true));
}

}  // namespace
}  // namespace intermission::server
