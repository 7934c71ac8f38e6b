// gRPC-Web (PROTOCOL-WEB.md): 200 and one frame that holds the trailers. The status stands there
// alone: also in the head, it would reach the user twice.
//
//   +------+--------------------+------------------------------------------------+
//   | 0x80 | length, 4 bytes BE | "grpc-status: 14\r\ngrpc-message: ...\r\n"...  |
//   +------+--------------------+------------------------------------------------+
//
// In base64 for the -text types. The length depends on the digits of the wait.
#include "dialect/dialect.h"
#include "dialect/frame.h"
#include "dialect/grpc_status.h"

namespace intermission::dialect::grpc_web {
namespace {

constexpr char kTrailers = '\x80';

constexpr std::string_view kBinary[] = {"application/grpc-web", "application/grpc-web+proto"};
constexpr std::string_view kText[] = {"application/grpc-web-text",
                                      "application/grpc-web-text+proto"};

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  auto form = grpc_form(evidence.content_type(), kBinary);
  if (!form) {
    form = grpc_form(evidence.content_type(), kText);
    if (!form) return {};
    *form += std::size(kBinary);
  }
  return {.strength = Claim::Strength::kSure,
          .favours = form,
          .why = "Content-Type is application/grpc-web"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string binary = frame(kTrailers, grpc_status_lines(notice));
  const std::string text = section(Section::kBase64, binary);
  std::vector<Representation> said;
  const auto add = [&](std::string_view type, const std::string& body) {
    Representation& one = said.emplace_back();
    one.media_type = type;
    one.content_type = type;
    one.status = 200;
    one.body = body;
    one.may_be_coded = false;
  };
  for (const std::string_view type : kBinary) add(type, binary);
  for (const std::string_view type : kText) add(type, text);
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "grpc_web",
    .speaks_to = "gRPC-Web clients, binary and text",
    .known_by = "Content-Type application/grpc-web",
    .triggers = {{.methods = kPost, .content_types = {kBinary[0], kText[0]}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::grpc_web
