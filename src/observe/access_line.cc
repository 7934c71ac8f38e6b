#include "observe/access_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <iterator>
#include <tuple>

#include "base/text.h"
#include "gate/pass_text.h"
#include "http/date.h"

namespace intermission::observe {
namespace {

using gateway::Answered;
using http::Field;

// So much of each foreign text is taken. With \xNN a byte becomes four, so the bounds of all
// texts together stay below a fourth of a line.
constexpr std::size_t kLongestTarget = 400;
constexpr std::size_t kLongestText = 120;

// Everything foreign goes through here, whole: a part of a pass is no more to be shown than all.
std::string shown(std::string_view text) {
  return gate::hide_passes(text);
}

// As base::printable, but a quotation mark and a backslash cannot end or fake a field either.
std::string quoted(std::string_view whole, std::size_t limit) {
  const std::string text = shown(whole);
  std::string out = "\"";
  for (const char c : std::string_view(text).substr(0, limit)) {
    if (c == '"' || c == '\\') {
      out += c == '"' ? "\\x22" : "\\x5c";
    } else {
      out += base::printable({&c, 1});
    }
  }
  if (text.size() > limit) out += "...";
  out += '"';
  return out;
}

std::string quoted_or_dash(std::string_view text) {
  return text.empty() ? "\"-\"" : quoted(text, kLongestText);
}

std::string address_of(const Answered& answered) {
  if (answered.outcome.client) return answered.outcome.client->text();
  return answered.request.peer() ? answered.request.peer()->text() : "-";
}

std::string_view protocol_of(int version) {
  switch (version) {
    case 10:
      return " HTTP/1.0";
    case 11:
      return " HTTP/1.1";
    case 20:
      return " HTTP/2.0";
    default:
      return "";
  }
}

// "-" where nothing could be read.
std::string request_line(const http::Request& request) {
  if (request.method().empty()) return "-";
  std::string line(request.method().substr(0, kLongestText));
  const std::string target = shown(request.target());
  if (!target.empty()) line += ' ';
  line += std::string_view(target).substr(0, kLongestTarget);
  if (target.size() > kLongestTarget) line += "...";
  line += protocol_of(request.version());
  return line;
}

// HEAD has the head of what would have been sent, and nothing behind it.
std::size_t bytes_sent(const Answered& answered) {
  return answered.request.method() == "HEAD" ? 0 : answered.response.body.size();
}

class JsonLine {
 public:
  JsonLine() : writer_(buffer_) { writer_.StartObject(); }

  void ours(const char* name, std::string_view value) {
    writer_.Key(name);
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void foreign(const char* name, std::string_view value, std::size_t limit = kLongestText) {
    if (!value.empty()) ours(name, base::printable(shown(value), limit));
  }
  void number(const char* name, std::uint64_t value) {
    writer_.Key(name);
    writer_.Uint64(value);
  }
  std::string_view finish() {
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace

void append_combined(std::string& out, const Answered& answered) {
  const http::Request& request = answered.request;
  fmt::format_to(std::back_inserter(out), "{} - - [{:%d/%b/%Y:%H:%M:%S} +0000] {} {} {} {} {}\n",
                 address_of(answered), answered.now,
                 quoted(request_line(request), 2 * kLongestTarget), answered.response.status,
                 bytes_sent(answered), quoted_or_dash(request.value(Field::kReferer)),
                 quoted_or_dash(request.value(Field::kUserAgent)));
}

void append_json(std::string& out, const Answered& answered) {
  const http::Request& request = answered.request;
  JsonLine line;
  line.ours("time", http::rfc3339(answered.now));
  const auto& [client, peer] = std::tie(answered.outcome.client, request.peer());
  if (client) line.ours("client", client->text());
  if (peer && peer != client) line.ours("peer", peer->text());
  if (!answered.outcome.service.empty()) line.ours("service", answered.outcome.service);
  line.ours("kind", answered.outcome.kind);
  line.foreign("method", request.method());
  line.foreign("host", request.host());
  line.foreign("target", request.target(), kLongestTarget);
  if (answered.outcome.target != request.target()) {
    line.foreign("asked", answered.outcome.target, kLongestTarget);
  }
  line.number("status", answered.response.status);
  line.number("bytes", bytes_sent(answered));
  line.foreign("referer", request.value(Field::kReferer));
  line.foreign("userAgent", request.value(Field::kUserAgent));
  line.foreign("requestId", request.value(Field::kXRequestId));
  line.foreign("vcapRequestId", request.value(Field::kXVcapRequestId));
  line.foreign("traceparent", request.value(Field::kTraceparent));
  out += line.finish();
  out += '\n';
}

}  // namespace intermission::observe
