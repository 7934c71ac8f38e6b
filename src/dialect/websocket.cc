// WebSocket (RFC 6455). The plain answer is a refusal of the upgrade, which browsers show their
// scripts as code 1006 and nothing else. Where the configuration names a close code, the upgrade
// is accepted and at once closed with that code and the message as its reason: scripts see both.
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/text.h"
#include "base/utf8.h"
#include "dialect/dialect.h"
#include "dialect/text.h"
#include "http/media_type.h"

namespace intermission::dialect::websocket {
namespace {

using http::Field;

const Field kSecWebsocketKey = http::named_field("Sec-WebSocket-Key");
const Field kSecWebsocketProtocol = http::named_field("Sec-WebSocket-Protocol");
const Field kSecWebsocketVersion = http::named_field("Sec-WebSocket-Version");

constexpr std::size_t kRefusal = 0;  // indexes into render()'s list
constexpr std::size_t kClosing = 1;

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 §1.3

bool lists(http::FieldValues values, std::string_view token) {
  for (const std::string_view value : values) {
    std::string_view member;
    for (http::Splitter members(value, ','); members.next(member);) {
      if (base::iequals(member, token)) return true;
    }
  }
  return false;
}

// 16 bytes in base64 (RFC 6455 §4.1): 22 digits and the padding.
bool is_key(std::string_view key) {
  const auto is_digit = [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '/';
  };
  return key.size() == 24 && key.ends_with("==") &&
         std::all_of(key.begin(), key.end() - 2, is_digit);
}

// What a server needs to accept the upgrade (RFC 6455 §4.2.1). A request that lacks a part
// of it is refused, as all are where no code is configured.
bool can_be_accepted(RequestEvidence& evidence) {
  return evidence.request().version() >= 11 &&
         lists(evidence.values(Field::kConnection), "upgrade") &&
         evidence.value(kSecWebsocketVersion) == "13" && is_key(evidence.value(kSecWebsocketKey));
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method() != "GET" || !lists(evidence.values(Field::kUpgrade), "websocket"))
    return {};
  return {.strength = Claim::Strength::kSure,
          .favours = can_be_accepted(evidence) ? kClosing : kRefusal,
          .why = "Upgrade asks for a WebSocket"};
}

// ------------------------------------------------------------------ speaking

//   0x88 | length | code, two bytes | reason        RFC 6455 §5.5.1: at most 125 bytes of payload
std::string close_frame(int code, std::string_view message) {
  const std::string_view reason = base::fitting(message, 123);
  std::string frame = "\x88";
  frame += static_cast<char>(reason.size() + 2);
  frame += static_cast<char>(code >> 8);
  frame += static_cast<char>(code & 0xff);
  return frame.append(reason);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  const Representation refusal = plain_text(notice);
  if (service.websocket.close == 0) return {refusal, refusal};
  Representation closing;
  closing.media_type = refusal.media_type;  // never what Accept chooses: the refusal is before it
  closing.status = 101;
  closing.fields = "Upgrade: websocket\r\n";
  closing.body = close_frame(service.websocket.close, notice.message);
  closing.may_be_coded = false;
  closing.omit_maintenance_headers = true;
  return {refusal, closing};
}

std::string accept_value(std::string_view key) {
  const std::string text = std::string(key).append(kGuid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base::base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// A browser that offers subprotocols fails the connection unless one of them is taken.
std::string_view first_protocol(RequestEvidence& evidence) {
  std::string_view protocol;
  http::Splitter(evidence.value(kSecWebsocketProtocol), ',').next(protocol);
  return http::is_token(protocol) ? protocol : std::string_view{};
}

Repeated repeat(RequestEvidence& evidence, const page::Notice&, const Representation& said,
                const Claim&) {
  if (said.status != 101) return {};
  Repeated handshake;
  handshake.fields.add("Sec-WebSocket-Accept", accept_value(evidence.value(kSecWebsocketKey)));
  if (const std::string_view protocol = first_protocol(evidence); !protocol.empty()) {
    handshake.fields.add("Sec-WebSocket-Protocol", protocol);
  }
  return handshake;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "websocket",
    .speaks_to = "WebSocket clients",
    .known_by = "Upgrade: websocket",
    .triggers = {{.methods = kRead, .fields = {Field::kUpgrade}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::websocket
