// Apache Thrift over HTTP (thrift.apache.org, "Thrift Remote Procedure Call"): a call is a message
// in a POST, and a call that failed is answered by a message of the type EXCEPTION that holds a
// TApplicationException, under 200. Some clients read the body whatever the status is and fail
// over anything else in it; others show the number of a status and read nothing.
//
//   80 01 00 01  LEN NAME  SEQID  …     the binary protocol: a call
//   80 01 00 03  LEN NAME  SEQID  EXCEPTION
//     0B 00 01 LEN TEXT                   message
//     08 00 02 00 00 00 06                type: INTERNAL_ERROR
//     00                                  the end
//
//   82 21 SEQID LEN NAME …              the compact protocol, with variable lengths
//   [1,"NAME",1,SEQID,{…}]              the JSON protocol
//
// A length of four bytes stands in front of all that where the client's transport is framed.
#include <optional>

#include "base/number_text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "page/words.h"

namespace intermission::dialect::thrift {
namespace {

// Libraries name the first, and those of pages, which write JSON, the last.
constexpr std::string_view kAny = "application/x-thrift";
constexpr std::string_view kBinaryType = "application/vnd.apache.thrift.binary";
constexpr std::string_view kCompactType = "application/vnd.apache.thrift.compact";
constexpr std::string_view kJsonType = "application/vnd.apache.thrift.json";

enum Form : std::uint8_t { kBinary, kCompact, kJson };  // places in render()'s list

constexpr int kException = 3;
constexpr int kInternalError = 6;

// Of a call's name, which the answer repeats. No library makes longer ones.
constexpr std::size_t kMostName = 1024;

// ------------------------------------------------------------------ reading the request

/// What an answer repeats of its call. Views into the body.
struct Call {
  Form protocol = kBinary;
  bool is_framed = false;
  std::string_view name = {};    // in JSON as it stands, with its quotes
  std::string_view number = {};  // the sequence id as it stands
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  /// Empty where there are not as many.
  std::string_view bytes(std::size_t size) {
    const std::string_view taken = size <= rest_.size() ? rest_.substr(0, size) : "";
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::optional<std::uint32_t> number() {
    const std::string_view four = bytes(4);
    if (four.empty()) return {};
    std::uint32_t value = 0;
    for (const char c : four) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  /// A number of variable length, as it stands; empty where it has no end.
  std::string_view varint() {
    std::size_t size = 0;
    while (size < rest_.size() && size < 5) {
      if ((static_cast<unsigned char>(rest_[size++]) & 0x80U) == 0) return bytes(size);
    }
    return {};
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::optional<Call> with_name(Call call, std::string_view name) {
  if (name.empty() || name.size() > kMostName) return {};
  call.name = name;
  return call;
}

// Before version 1 the name came first, and the type behind it.
std::optional<Call> binary_call(std::string_view body) {
  Reader reader(body);
  const bool has_version = reader.take(std::string_view("\x80\x01\x00", 3));
  if (has_version) reader.bytes(1);
  const auto size = reader.number();
  if (!size || *size > kMostName) return {};
  const std::string_view name = reader.bytes(*size);
  if (!has_version) reader.bytes(1);
  const std::string_view number = reader.bytes(4);
  if (number.empty()) return {};
  return with_name({.protocol = kBinary, .number = number}, name);
}

std::optional<Call> compact_call(std::string_view body) {
  Reader reader(body);
  if (!reader.take("\x82")) return {};
  reader.bytes(1);
  const std::string_view number = reader.varint();
  const std::string_view size = reader.varint();
  if (number.empty() || size.empty() || size.size() > 2) return {};
  std::size_t length = static_cast<unsigned char>(size[0]) & 0x7FU;
  if (size.size() == 2) length |= static_cast<std::size_t>(size[1]) << 7;
  return with_name({.protocol = kCompact, .number = number}, reader.bytes(length));
}

std::optional<Call> json_call(std::string_view body) {
  Reader reader(body);
  if (!reader.take("[1,\"")) return {};
  const auto end = reader.rest().find('"');
  if (end == std::string_view::npos || end == 0 || end > kMostName) return {};
  const std::string_view name = body.substr(3, end + 2);
  reader.bytes(end + 1);
  if (!reader.take(",")) return {};
  reader.bytes(1);  // the type
  if (!reader.take(",")) return {};
  const std::string_view number = reader.rest().substr(0, reader.rest().find(','));
  if (!is_json(name) || !is_json(number)) return {};
  return with_name({.protocol = kJson, .number = number}, name);
}

std::optional<Call> call_in(std::string_view body) {
  if (auto call = json_call(body)) return call;
  if (auto call = compact_call(body)) return call;
  return binary_call(body);
}

std::optional<Call> read_call(std::string_view body) {
  if (auto call = call_in(body)) return call;
  // The first bytes of a frame are zero, for none is that long.
  if (body.size() < 4 || body[0] != '\0') return {};
  auto call = call_in(body.substr(4));
  if (call) call->is_framed = true;
  return call;
}

// A service among several is named in front: "orders:get". The answer comes from that service.
std::string_view without_service(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

Form form_of(RequestEvidence& evidence, const std::optional<Call>& call) {
  if (call) return call->protocol;
  if (evidence.sends(kJsonType)) return kJson;
  return evidence.sends(kCompactType) ? kCompact : kBinary;
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  if (!evidence.sends(kAny) && !evidence.sends(kBinaryType) && !evidence.sends(kCompactType) &&
      !evidence.sends(kJsonType)) {
    return {};
  }
  if (evidence.body_unread()) return {.needs_body = true};
  return {.strength = Claim::Strength::kSure,
          .favours = form_of(evidence, read_call(evidence.request().body())),
          .why = "Content-Type is one of Apache Thrift"};
}

// ------------------------------------------------------------------ speaking

void append_number(std::string& out, std::size_t value) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xFFU);
}

std::string binary(const Call& call, std::string_view text) {
  std::string out("\x80\x01\x00", 3);
  out += static_cast<char>(kException);
  const std::string_view name = without_service(call.name);
  append_number(out, name.size());
  out.append(name).append(call.number.empty() ? std::string_view("\0\0\0\0", 4) : call.number);
  out.append("\x0B\x00\x01", 3);
  append_number(out, text.size());
  out.append(text).append("\x08\x00\x02", 3);
  append_number(out, kInternalError);
  out += '\0';
  return out;
}

std::string compact(const Call& call, std::string_view text) {
  std::string out = "\x82";
  out += static_cast<char>(kException << 5 | 1);
  out.append(call.number.empty() ? std::string_view("\0", 1) : call.number);
  const std::string_view name = without_service(call.name);
  base::append_varint(out, name.size());
  out.append(name).append("\x18");  // field 1, a text
  base::append_varint(out, text.size());
  out.append(text).append("\x15");  // field 2 is the next one, a number
  base::append_varint(out, std::size_t{kInternalError} << 1);
  out += '\0';
  return out;
}

std::string json(const Call& call, std::string_view text) {
  JsonObject error;
  error.open("1").text("str", text).close();
  error.open("2").number("i32", kInternalError).close();
  std::string out = "[1,\"";
  const std::string_view name = between_quotes(call.name.empty() ? "\"\"" : call.name);
  out.append(without_service(name)).append("\",").append(std::to_string(kException)).append(",");
  out.append(call.number.empty() ? "0" : call.number).append(",").append(error.finish());
  return out + "]";
}

std::string exception(const Call& call, Form form, const page::Notice& notice) {
  const std::string text = page::spoken_text(notice);
  const std::string message = form == kJson      ? json(call, text)
                              : form == kCompact ? compact(call, text)
                                                 : binary(call, text);
  if (!call.is_framed) return message;
  std::string framed;
  append_number(framed, message.size());
  return framed + message;
}

std::vector<Representation> render(const page::Notice&, const catalog::Service&) {
  std::vector<Representation> said(3);
  said[kBinary].media_type = said[kCompact].media_type = kAny;
  said[kJson].media_type = kJsonType;
  for (Representation& one : said) {
    one.content_type = one.media_type;
    one.status = 200;
    one.may_be_coded = false;
  }
  return said;
}

// The length of the message depends on the wait.
Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation&,
                const Claim& claim) {
  const auto call = read_call(evidence.request().body());
  return {.body = exception(call.value_or(Call{}),
                            static_cast<Form>(claim.favours.value_or(kBinary)), notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "thrift",
    .speaks_to = "clients of Apache Thrift over HTTP",
    .known_by = "Content-Type application/x-thrift or application/vnd.apache.thrift.…",
    .triggers = {{.methods = kPost, .content_types = {kAny, kBinaryType, kCompactType, kJsonType}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::thrift
