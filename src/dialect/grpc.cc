// gRPC, by HTTP/2 or behind a router that turns it into HTTP/1.1: "Trailers-Only" (gRPC over
// HTTP/2, Responses), so status and message stand in the head and there is no content. The status
// code is 200; of any other, clients show their own words in place of the operator's.
#include "dialect/dialect.h"
#include "dialect/grpc_status.h"

namespace intermission::dialect::grpc {
namespace {

constexpr std::string_view kTypes[] = {"application/grpc", "application/grpc+proto"};

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  const auto form = grpc_form(evidence.content_type(), kTypes);
  if (!form) return {};
  return {.strength = Claim::Strength::kSure,
          .favours = form,
          .why = "Content-Type is application/grpc"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  std::vector<Representation> said;
  for (const std::string_view type : kTypes) {
    Representation& one = said.emplace_back();
    one.media_type = type;
    one.content_type = type;
    one.status = 200;
    one.may_be_coded = false;
    // Milliseconds; a client with a retry policy waits that long (gRFC A6).
    one.fields = grpc_status_lines(notice) +
                 "grpc-retry-pushback-ms: " + std::string(page::kSecondsMark) + "000\r\n";
  }
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "grpc",
    .speaks_to = "gRPC clients, by HTTP/2 or behind a router",
    .known_by = "Content-Type application/grpc",
    .triggers = {{.methods = kPost, .content_types = {kTypes[0]}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::grpc
