#include "server/response_writer.h"

#include <charconv>
#include <utility>

#include "base/number_text.h"
#include "http/date.h"
#include "http/status.h"

namespace intermission::server {
namespace {

using std::string_view_literals::operator""sv;  // whose length need not be counted at each answer

void append_connection(int status, const ResponseFraming& framing, std::string& out) {
  if (status == 101) {
    out += "Connection: Upgrade\r\n";
  } else if (framing.close) {
    out += "Connection: close\r\n";
  } else if (framing.http10) {
    out += "Connection: keep-alive\r\n";
  }
}

void append_body(http::Response& response, Output& out) {
  http::Body& body = response.body;
  if (body.size() <= Output::kCopied) {
    out.bytes() += body.view();
  } else if (body.is_own()) {
    out.borrow(body.view());
  } else {
    out.refer(body.view(), body.take_owner());
  }
}

}  // namespace

void DateCache::update(base::TimePoint now) {
  if (now == time_) return;
  time_ = now;
  text_ = http::imf_fixdate(now);
}

bool is_final_status(int status) {
  return status == 101 || (status >= 200 && status <= 599);
}

void write_response(http::Response& response, const ResponseFraming& framing, Output& out) {
  const int status = response.status;
  std::string& head = out.bytes();
  head += "HTTP/1.1 "sv;
  base::append_number(head, response.status);
  head += ' ';
  head += response.reason.empty() ? http::reason_phrase(status) : std::string_view(response.reason);
  head += "\r\nDate: "sv;
  head += framing.date;
  head += "\r\n"sv;
  head += response.fields.text();
  const bool streams = response.stream != nullptr;
  if (streams && !framing.http10) head += "Transfer-Encoding: chunked\r\n"sv;
  // The length of a 304 would be that of the representation it does not carry.
  if (!streams && status != 101 && status != 204 && status != 304) {
    head += "Content-Length: "sv;
    base::append_number(head, response.body.size());
    head += "\r\n"sv;
  }
  append_connection(status, framing, head);
  head += "\r\n"sv;
  if (streams || framing.head_only || status == 204 || status == 304) return;
  append_body(response, out);
}

void write_chunk(std::string_view text, bool http10, Output& out) {
  if (text.empty()) return;
  std::string& bytes = out.bytes();
  if (http10) {
    bytes += text;
    return;
  }
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, text.size(), 16);
  bytes.append(digits, end.ptr);
  bytes += "\r\n";
  bytes += text;
  bytes += "\r\n";
}

void write_last_chunk(bool http10, Output& out) {
  if (!http10) out.bytes() += "0\r\n\r\n";
}

void fault_response(const Fault& fault, http::Response& response) {
  response.reset();
  response.status = fault.status;
  response.fields = "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n";
  if (fault.status == 503) response.fields += "Retry-After: 120\r\n";
  std::string& text = response.body.own();
  base::append_number(text, fault.status);
  text += ' ';
  text += http::reason_phrase(fault.status);
  text += ": ";
  text += fault.why;
  text += ".\n";
}

}  // namespace intermission::server
