// The Connect protocol (connectrpc.com/docs/protocol). A unary call gets 503 and an error in
// JSON, also where its messages are protobuf; a stream gets 200 and a frame that ends it:
//
//   +------+--------------------+--------------------------------------------+
//   | 0x02 | length, 4 bytes BE | {"error":{"code":"unavailable",...}}       |
//   +------+--------------------+--------------------------------------------+
//
// The wait travels as a google.rpc.RetryInfo, which is protobuf in base64 as all details are.
#include "base/base64.h"
#include "dialect/dialect.h"
#include "dialect/error_details.h"
#include "dialect/frame.h"
#include "dialect/grpc_status.h"
#include "dialect/json.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::connect {
namespace {

using http::Field;

const Field kConnectProtocolVersion = http::named_field("Connect-Protocol-Version");

constexpr char kEndOfStream = '\x02';

constexpr std::size_t kUnary = 0;  // indexes into render()'s list; the streams follow
constexpr std::string_view kStreams[] = {"application/connect+proto", "application/connect+json"};

Claim recognise(RequestEvidence& evidence) {
  const Methods method = evidence.method_class();
  if (method == kRead) {
    if (http::query_value(evidence.request().query(), "connect") != "v1") return {};
    return {
        .strength = Claim::Strength::kSure, .favours = kUnary, .why = "connect=v1 is asked for"};
  }
  if (method != kPost) return {};
  const auto& type = evidence.content_type();
  for (std::size_t i = 0; type && i < std::size(kStreams); ++i) {
    if (type->is(kStreams[i])) {
      return {.strength = Claim::Strength::kSure,
              .favours = 1 + i,
              .why = "Content-Type is of a Connect stream"};
    }
  }
  if (!evidence.has(kConnectProtocolVersion)) return {};
  return {.strength = Claim::Strength::kSure,
          .favours = kUnary,
          .why = "Connect-Protocol-Version is given"};
}

void append_error(JsonObject& error, const page::Notice& notice) {
  error.text("code", "unavailable").text("message", page::spoken_text(notice));
  error.open_list("details");
  for (const ErrorDetail& detail : error_details(notice)) {
    error.open_item();
    error.text("type", detail.type).text("value", base::base64(detail.value, false));
    if (detail.type == kRetryInfo) {
      error.open("debug").text("retryDelay", page::wait_text(notice) + "s").close();
    }
    error.close();
  }
  error.close_list();
}

std::string unary(const page::Notice& notice) {
  JsonObject error;
  append_error(error, notice);
  return error.finish();
}

std::string end_of_stream(const page::Notice& notice) {
  JsonObject end;
  append_error(end.open("error"), notice);
  end.close();
  return frame(kEndOfStream, end.finish());
}

std::vector<Representation> render(const page::Notice&, const catalog::Service&) {
  std::vector<Representation> said(1);
  said[kUnary].media_type = said[kUnary].content_type = "application/json";
  for (const std::string_view type : kStreams) {
    Representation& stream = said.emplace_back();
    stream.media_type = type;
    stream.content_type = type;
    stream.status = 200;
    stream.may_be_coded = false;
  }
  return said;
}

Repeated repeat(RequestEvidence&, const page::Notice& notice, const Representation& said,
                const Claim&) {
  return {.body = said.status == 200 ? end_of_stream(notice) : unary(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "connect",
    .speaks_to = "Connect clients, unary and streams",
    .known_by =
        "Connect-Protocol-Version; Content-Type application/connect+proto or +json; "
        "?connect=v1",
    .triggers = {{.methods = kPost,
                  .fields = {kConnectProtocolVersion},
                  .content_types = {"application/connect"}},
                 {.methods = kRead, .parameters = {"connect"}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::connect
