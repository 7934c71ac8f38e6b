// Time-stamping (RFC 3161): a signer asks an authority to confirm when a signature was made. An
// authority that cannot says so in a response with a reason, under 200, because section 3.4 knows
// no other status and clients read no body under it.
//
//   30 LEN              SEQUENCE TimeStampResp
//     30 LEN              SEQUENCE PKIStatusInfo
//       02 01 02            INTEGER status: rejection(2)
//       30 LEN              SEQUENCE statusString
//         0c LEN …            UTF8String: the message
//       03 05 06 00000040   BIT STRING failInfo: systemFailure(25)
#include "dialect/dialect.h"
#include "dialect/slotted.h"
#include "page/words.h"

namespace intermission::dialect::timestamp {
namespace {

constexpr std::string_view kQuery = "application/timestamp-query";
constexpr std::string_view kReply = "application/timestamp-reply";

constexpr std::string_view kRejection("\x02\x01\x02", 3);
constexpr std::string_view kSystemFailure("\x03\x05\x06\x00\x00\x00\x40", 7);
constexpr char kSequence = 0x30;
constexpr char kUtf8String = 0x0c;

std::string der(char tag, std::string_view content) {
  return tag + section(Section::kDerLength, content);
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost || !evidence.sends(kQuery)) return {};
  return {.strength = Claim::Strength::kSure,
          .favours = 0,
          .why = "Content-Type is application/timestamp-query"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string message = der(kSequence, der(kUtf8String, page::spoken_text(notice)));
  const std::string status = std::string(kRejection) + message + std::string(kSystemFailure);
  Representation said;
  said.media_type = said.content_type = kReply;
  said.status = 200;
  said.body = der(kSequence, der(kSequence, status));
  said.may_be_coded = false;
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "timestamp",
    .speaks_to = "signers, which ask an authority for a time-stamp",
    .known_by = "Content-Type application/timestamp-query",
    .triggers = {{.methods = kPost, .content_types = {kQuery}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::timestamp
