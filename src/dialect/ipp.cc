// IPP, by which jobs are sent to printers (RFC 8010, RFC 8011): a request and its response are
// bytes in a POST, and a printer that refuses says so in a response under 200, because clients read
// no body under any other status (RFC 8010 §3.4.3).
//
//   02 00         version, of the request (RFC 8011 §4.1.8)
//   05 07         status-code: server-error-busy
//   00 00 00 01   request-id, of the request (RFC 8011 §4.1.1)
//   01            operation-attributes-tag
//     47 LEN NAME LEN VALUE   charset: attributes-charset, always utf-8
//     48 LEN NAME LEN VALUE   naturalLanguage: attributes-natural-language
//     41 LEN NAME LEN VALUE   textWithoutLanguage: status-message
//   03            end-of-attributes-tag
//
// server-error-service-unavailable (0x0502) names maintenance, but CUPS' programs have a sentence
// of their own for it. With server-error-busy they show status-message, and a queue keeps its job
// and tries again with either.
#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "dialect/dialect.h"
#include "page/words.h"

namespace intermission::dialect::ipp {
namespace {

constexpr std::string_view kMediaType = "application/ipp";

constexpr std::string_view kBusy = "\x05\x07";
constexpr char kOperationAttributes = 0x01;
constexpr char kEndOfAttributes = 0x03;
constexpr char kText = 0x41;
constexpr char kCharset = 0x47;
constexpr char kNaturalLanguage = 0x48;

// RFC 8011 §4.1.6.2: status-message (text(255)).
constexpr std::size_t kMostText = 255;

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost || !evidence.sends(kMediaType)) return {};
  return {.strength = Claim::Strength::kSure,
          .needs_body = true,
          .favours = 0,
          .why = "Content-Type is application/ipp"};
}

// ------------------------------------------------------------------ reading the request

// What a response has in common with its request. Where the request's first bytes are not known,
// the version is that which all printers support, and the id the first that there is.
struct Header {
  std::string_view version = "\x01\x01";
  std::string_view request_id = std::string_view("\x00\x00\x00\x01", 4);
};

Header header_of(std::string_view request) {
  constexpr std::size_t kSize = 8;
  Header header;
  if (request.size() < kSize) return header;
  // A printer answers in the version that is closest: no other is known.
  if (request[0] == 1 || request[0] == 2) header.version = request.substr(0, 2);
  header.request_id = request.substr(4, 4);
  return header;
}

// ------------------------------------------------------------------ speaking

// Where not all of it fits, the operator's words are cut, so that the wait is told.
std::string status_message(const page::Notice& notice) {
  std::string whole = page::spoken_text(notice);
  if (whole.size() <= kMostText) return whole;
  const std::size_t excess = whole.size() - kMostText + kEllipsis.size();
  const std::size_t room = notice.message.size() - std::min(excess, notice.message.size());
  std::string message(base::fitting(notice.message, room));
  message += kEllipsis;
  page::Notice brief = notice;
  brief.message = message;
  return std::string(base::fitting(page::spoken_text(brief), kMostText));
}

// Its length takes two bytes, and none is longer than 255.
void append_text(std::string& out, std::string_view text) {
  out += '\0';
  out += static_cast<char>(text.size());
  out += text;
}

void append_attribute(std::string& out, char tag, std::string_view name, std::string_view value) {
  out += tag;
  append_text(out, name);
  append_text(out, value);
}

std::string response(const Header& header, const page::Notice& notice) {
  std::string out(header.version);
  out.append(kBusy).append(header.request_id);
  out += kOperationAttributes;
  append_attribute(out, kCharset, "attributes-charset", "utf-8");
  append_attribute(out, kNaturalLanguage, "attributes-natural-language",
                   base::to_lower(notice.language));
  append_attribute(out, kText, "status-message", status_message(notice));
  out += kEndOfAttributes;
  return out;
}

std::vector<Representation> render(const page::Notice&, const catalog::Service&) {
  Representation said;
  said.media_type = said.content_type = kMediaType;
  said.status = 200;
  said.may_be_coded = false;
  return {said};
}

// The length of the message depends on the wait.
Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation&,
                const Claim&) {
  return {.body = response(header_of(evidence.request().body()), notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "ipp",
    .speaks_to = "printing clients (IPP): CUPS and others",
    .known_by = "Content-Type application/ipp",
    .triggers = {{.methods = kPost, .content_types = {kMediaType}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::ipp
