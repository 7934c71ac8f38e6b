// Problem details for REST clients, in JSON and XML (RFC 9457). A client that accepts only
// plain JSON or XML, or a vendor's +json or +xml type, hears the same body under that type.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/xml.h"
#include "http/date.h"

namespace intermission::dialect {
namespace {

constexpr std::size_t kJson = 0;  // index of problem+json in render()'s list
constexpr std::size_t kXml = 1;

// RFC 9457 §4.2.1: about:blank means no more than the status code, whose phrase is the title.
constexpr const char* kType = "about:blank";
constexpr const char* kTitle = "Service Unavailable";

// RFC 9457 appendix B.
constexpr const char* kNamespace = "urn:ietf:rfc:7807";

Claim recognise(Clues& clues) {
  Claim claim{.strength = Claim::Strength::kOffers, .why = "problem details are always on offer"};
  const auto& sent = clues.content_type();
  if (sent && sent->is_xml()) {
    claim.favours = kXml;
    claim.why = "the request's own content is XML";
  } else if (sent && sent->is_json()) {
    claim.favours = kJson;
    claim.why = "the request's own content is JSON";
  }
  return claim;
}

std::string json(const Notice& notice) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto text = [&](const char* name, std::string_view value) {
    writer.Key(name);
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  writer.StartObject();
  text("type", kType);
  text("title", kTitle);
  writer.Key("status");
  writer.Int(503);
  text("detail", notice.message);
  text("service", notice.service);
  writer.Key("retryAfter");
  writer.RawValue(kSecondsMark.data(), kSecondsMark.size(), rapidjson::kNumberType);
  if (notice.since) text("startsAt", http::rfc3339(*notice.since));
  if (notice.until) text("endsAt", http::rfc3339(*notice.until));
  writer.EndObject();
  return buffer.GetString();
}

std::string xml(const Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node problem = document.append_child("problem");
  problem.append_attribute("xmlns") = kNamespace;
  append_text(problem, "type", kType);
  append_text(problem, "title", kTitle);
  append_text(problem, "status", "503");
  append_text(problem, "detail", notice.message);
  append_text(problem, "service", notice.service);
  append_text(problem, "retryAfter", kSecondsMark);
  if (notice.since) append_text(problem, "startsAt", http::rfc3339(*notice.since));
  if (notice.until) append_text(problem, "endsAt", http::rfc3339(*notice.until));
  return to_string(document);
}

std::vector<Representation> render(const Notice& notice, const catalog::Service&) {
  const std::string as_json = json(notice);
  const std::string as_xml = xml(notice);
  const auto with = [](const char* media_type, const char* content_type, const std::string& body) {
    return Representation{.media_type = media_type, .content_type = content_type, .body = body};
  };
  return {
      with("application/problem+json", "application/problem+json", as_json),
      with("application/problem+xml", "application/problem+xml; charset=utf-8", as_xml),
      with("application/json", "application/json", as_json),
      with("text/json", "text/json; charset=utf-8", as_json),
      with("application/xml", "application/xml; charset=utf-8", as_xml),
      with("text/xml", "text/xml; charset=utf-8", as_xml),
  };
}

}  // namespace

extern const Dialect kProblem;
const Dialect kProblem = {
    .name = "problem",
    .speaks_to = "REST clients, in JSON or XML",
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
