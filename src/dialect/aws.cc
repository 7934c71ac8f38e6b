// Services that speak as those of AWS do, each protocol with its own error: S3 (XML), the query
// protocol (XML; EC2 has one of its own), JSON 1.0, 1.1 and REST (__type and x-amzn-ErrorType), and
// CBOR. Their SDKs retry a 503 and in the end show code and message.
//
// Known by the signature (Signature Version 4 names the service in its scope), X-Amz-Target, or
// the Action and Version of a query.
#include <pugixml.hpp>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/xml.h"
#include "document/binary_json.h"
#include "document/parse_json.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::aws {
namespace {

using http::Field;

const Field kSmithyProtocol = http::named_field("Smithy-Protocol");
const Field kXAmzTarget = http::named_field("X-Amz-Target");

// Places in render()'s list.
enum Form : std::uint8_t { kS3, kQuery, kJson10, kJson11, kRest, kAlibaba, kCborForm, kEc2 };

constexpr std::string_view kCode = "ServiceUnavailable";
constexpr std::string_view kCbor = "application/cbor";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

Claim sure(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

// Authorization: AWS4-HMAC-SHA256 Credential=ID/20261201/eu-west-1/s3/aws4_request, ...
Claim by_signature(RequestEvidence& evidence) {
  const std::string_view signature = evidence.value(Field::kAuthorization);
  if (base::istarts_with(signature, "AWS ")) return sure(kS3, "the signature is of S3, version 2");
  // Object storage of Alibaba, Huawei, Google and Tencent, with the errors of S3.
  for (const std::string_view scheme :
       {"OSS ", "OSS4-", "OBS ", "GOOG1 ", "GOOG4-", "q-sign-algorithm="}) {
    if (base::istarts_with(signature, scheme)) return sure(kS3, "the signature is like S3's");
  }
  if (!base::istarts_with(signature, "AWS4-")) return {};
  if (signature.find("/s3/aws4_request") != std::string_view::npos) {
    return sure(kS3, "the signature is for S3");
  }
  if (evidence.sends(kForm) || http::query_value(evidence.request().query(), "Action")) {
    if (signature.find("/ec2/aws4_request") != std::string_view::npos) {
      return sure(kEc2, "the signature is for EC2");
    }
    return sure(kQuery, "the signature is of AWS, the call a query");
  }
  for (const std::string_view scope : {"/route53/aws4_request", "/cloudfront/aws4_request"}) {
    if (signature.find(scope) != std::string_view::npos) {
      return sure(kQuery, "the signature is for a service of AWS that speaks XML");
    }
  }
  return sure(kRest, "the signature is of AWS");
}

// The names of a query as its first parameters stand in a form or a target.
bool is_query(std::string_view parameters) {
  return http::query_value(parameters, "Action") &&
         http::query_value(parameters, "Version").value_or("").starts_with("20");
}

// Alibaba's clouds are asked likewise, and say in which syntax they shall answer.
Claim by_query(std::string_view parameters, std::string_view why) {
  if (!is_query(parameters)) return {};
  if (!http::query_value(parameters, "SignatureNonce")) return sure(kQuery, why);
  const bool is_json = http::query_value(parameters, "Format").value_or("") == "JSON";
  return sure(is_json ? kAlibaba : kS3, "a query of AWS' kind is signed as for Alibaba");
}

// Smithy RPC v2 CBOR, the youngest of the protocols; such a service need not be one of AWS.
bool speaks_cbor(RequestEvidence& evidence) {
  return evidence.method_class() == kPost && evidence.sends(kCbor) &&
         evidence.value(kSmithyProtocol) == "rpc-v2-cbor";
}

Claim recognise(RequestEvidence& evidence) {
  if (speaks_cbor(evidence)) return sure(kCborForm, "Smithy-Protocol is rpc-v2-cbor");
  if (evidence.method_class() == kPost && evidence.has(kXAmzTarget)) {
    const bool is_10 = evidence.sends("application/x-amz-json-1.0");
    return sure(is_10 ? kJson10 : kJson11, "X-Amz-Target is given");
  }
  if (const Claim claim = by_signature(evidence); claim.strength == Claim::Strength::kSure) {
    return claim;
  }
  const http::Request& request = evidence.request();
  if (http::query_value(request.query(), "X-Amz-Signature")) {
    return sure(kS3, "the target is signed for S3");
  }
  if (is_query(request.query())) {
    return by_query(request.query(), "the target holds a query of AWS");
  }
  if (evidence.method_class() != kPost || !evidence.sends(kForm)) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  return by_query(request.body(), "the body holds a query of AWS");
}

// ------------------------------------------------------------------ speaking

Representation s3(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node error = document.append_child("Error");
  append_text(error, "Code", kCode);
  append_text(error, "Message", page::spoken_text(notice));
  return {.media_type = "application/xml",
          .content_type = "application/xml",
          .body = to_string(document)};
}

Representation query(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node error = document.append_child("ErrorResponse").append_child("Error");
  append_text(error, "Type", "Receiver");
  append_text(error, "Code", kCode);
  append_text(error, "Message", page::spoken_text(notice));
  return {.media_type = "text/xml", .content_type = "text/xml", .body = to_string(document)};
}

// smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html, "Error response serialization". Version
// 2 of the SDK for JavaScript reads nothing else.
Representation ec2(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node error =
      document.append_child("Response").append_child("Errors").append_child("Error");
  append_text(error, "Code", "Unavailable");
  append_text(error, "Message", page::spoken_text(notice));
  return {.media_type = "text/xml", .content_type = "text/xml", .body = to_string(document)};
}

Representation json(const page::Notice& notice, const char* media_type) {
  JsonObject error;
  error.text("__type", kCode).text("message", page::spoken_text(notice));
  return {.media_type = media_type,
          .content_type = media_type,
          .fields = "x-amzn-ErrorType: " + std::string(kCode) + "\r\n",
          .body = error.finish()};
}

Representation alibaba(const page::Notice& notice) {
  JsonObject error;
  error.text("Code", kCode).text("Message", page::spoken_text(notice));
  return {
      .media_type = "application/json", .content_type = "application/json", .body = error.finish()};
}

std::string cbor_error(const page::Notice& notice) {
  JsonObject error;
  error.text("__type", kCode).text("message", page::spoken_text(notice));
  return document::cbor_of(document::parse_json(error.finish()));
}

Representation cbor() {
  return {.media_type = std::string(kCbor),
          .content_type = std::string(kCbor),
          .fields = "smithy-protocol: rpc-v2-cbor\r\n",
          .may_be_coded = false};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {s3(notice),
          query(notice),
          json(notice, "application/x-amz-json-1.0"),
          json(notice, "application/x-amz-json-1.1"),
          json(notice, "application/json"),
          alibaba(notice),
          cbor(),
          ec2(notice)};
}

// The length of the message depends on the wait.
Repeated repeat(RequestEvidence&, const page::Notice& notice, const Representation& said,
                const Claim&) {
  if (said.media_type != kCbor) return {};
  return {.body = cbor_error(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "aws",
    .speaks_to =
        "AWS SDKs: S3, query, JSON and CBOR protocols; object storage and clouds that are like it",
    .known_by =
        "Authorization AWS4-..., OSS, OBS, GOOG1 or q-sign-algorithm; X-Amz-Target; "
        "Smithy-Protocol; Action "
        "and Version; X-Amz-Signature",
    .triggers = {{.fields = {Field::kAuthorization}, .parameters = {"Action", "X-Amz-Signature"}},
                 {.methods = kPost,
                  .fields = {kXAmzTarget},
                  .content_types = {"application/x-www-form-urlencoded", kCbor}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::aws
