// Problem details for REST clients that accept no JSON, but one of its binary forms: CBOR (RFC
// 8949), MessagePack, and the concise problem details of RFC 9290, which name their members by
// numbers.
#include "document/binary_json.h"

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/problem.h"
#include "document/parse_json.h"
#include "http/media_type.h"
#include "page/words.h"

namespace intermission::dialect::binary_json {
namespace {

// What a type is written in. Each is also the place of its first type in render()'s list.
enum Form : std::uint8_t { kCbor, kConcise, kMessagePack };

struct Type {
  std::string_view name;
  Form form;
};
// IANA has the last one; most clients of MessagePack say one of the other two.
constexpr Type kTypes[] = {{"application/cbor", kCbor},
                           {"application/concise-problem-details+cbor", kConcise},
                           {"application/msgpack", kMessagePack},
                           {"application/x-msgpack", kMessagePack},
                           {"application/vnd.msgpack", kMessagePack}};

// Which of the types answers `sent`.
std::optional<std::size_t> type_for(const http::MediaType& sent) {
  for (std::size_t i = 0; i < std::size(kTypes); ++i) {
    if (sent.is(kTypes[i].name)) return i;
  }
  if (base::iequals(sent.suffix(), "cbor")) return kCbor;
  if (base::iequals(sent.suffix(), "msgpack")) return kMessagePack;
  return {};
}

bool accepts_one(RequestEvidence& evidence) {
  for (const Type& type : kTypes) {
    if (evidence.accepts(type.name)) return true;
  }
  for (const std::string_view accepted : evidence.values(http::Field::kAccept)) {
    if (base::icontains(accepted, "+cbor") || base::icontains(accepted, "+msgpack")) return true;
  }
  return false;
}

Claim recognise(RequestEvidence& evidence) {
  Claim claim{.strength = Claim::Strength::kOffers};
  if (evidence.method_class() != kRead && evidence.content_type()) {
    claim.favours = type_for(*evidence.content_type());
    claim.why = "the request's own content is CBOR or MessagePack";
  }
  if (claim.favours) return claim;
  claim.why = "Accept names CBOR or MessagePack";
  return accepts_one(evidence) ? claim : Claim{};
}

std::vector<Representation> render(const page::Notice&, const catalog::Service&) {
  std::vector<Representation> said;
  for (const Type& type : kTypes) {
    said.push_back({.media_type = std::string(type.name),
                    .content_type = std::string(type.name),
                    .may_be_coded = false});
  }
  return said;
}

// RFC 9290 §2: a map of two, title (-1) and detail (-2). Its response code (-4) is one of CoAP.
std::string concise(const page::Notice& notice) {
  return "\xa2\x20" + document::cbor_text("Service Unavailable") + "\x21" +
         document::cbor_text(page::spoken_text(notice));
}

std::string body(Form form, const page::Notice& notice) {
  if (form == kConcise) return concise(notice);
  const auto problem = document::parse_json(problem_json(notice));
  return form == kCbor ? document::cbor_of(problem) : document::message_pack_of(problem);
}

// How long a number is depends on the wait.
Repeated repeat(RequestEvidence&, const page::Notice& notice, const Representation& said,
                const Claim&) {
  for (const Type& type : kTypes) {
    if (said.media_type == type.name) return {.body = body(type.form, notice)};
  }
  return {};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "binary_json",
    .speaks_to = "REST clients, in CBOR or MessagePack",
    .known_by =
        "Content-Type or Accept application/cbor, application/msgpack, application/x-msgpack, "
        "application/vnd.msgpack or a type in +cbor or +msgpack",
    .triggers = {{.methods = kRead,
                  .accepts = {"application/cbor", "+cbor", "application/msgpack",
                              "application/x-msgpack", "application/vnd.msgpack", "+msgpack"}},
                 {.methods = kAnyMethod ^ kRead,
                  .content_types = {"application/cbor", "+cbor", "application/msgpack",
                                    "application/x-msgpack", "application/vnd.msgpack", "+msgpack"},
                  .accepts = {"application/cbor", "+cbor", "application/msgpack",
                              "application/x-msgpack", "application/vnd.msgpack", "+msgpack"}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::binary_json
