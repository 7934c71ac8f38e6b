// Problem details for REST clients, in JSON and XML (RFC 9457). A client that accepts only
// plain JSON or XML, or a vendor's +json or +xml type, hears the same body under that type.
#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/xml.h"
#include "http/date.h"

namespace intermission::dialect {
namespace {

using http::Field;

constexpr std::size_t kJson = 0;  // index of problem+json in render()'s list
constexpr std::size_t kXml = 1;

// RFC 9457 §4.2.1: about:blank means no more than the status code, whose phrase is the title.
constexpr const char* kType = "about:blank";
constexpr const char* kTitle = "Service Unavailable";

// RFC 9457 appendix B.
constexpr const char* kNamespace = "urn:ietf:rfc:7807";

// A script in a page asks for data: its wildcard never means the page that people are shown.
bool is_script(Clues& clues) {
  const std::string_view mode = clues.value(Field::kSecFetchMode);
  if (!mode.empty()) return mode != "navigate";
  return clues.has(Field::kXRequestedWith);
}

Claim recognise(Clues& clues) {
  Claim claim{.strength = Claim::Strength::kOffers, .why = "problem details are always on offer"};
  const auto& sent = clues.content_type();
  if (sent && sent->is_xml()) {
    claim.favours = kXml;
    claim.why = "the request's own content is XML";
  } else if (sent && sent->is_json()) {
    claim.favours = kJson;
    claim.why = "the request's own content is JSON";
  } else if (is_script(clues)) {
    claim.favours = kJson;
    claim.why = "a script in a page asks";
  }
  return claim;
}

std::string json(const Notice& notice) {
  JsonObject object;
  object.text("type", kType)
      .text("title", kTitle)
      .number("status", 503)
      .text("detail", notice.message)
      .text("service", notice.service)
      .seconds("retryAfter")
      .time("startsAt", notice.since)
      .time("endsAt", notice.until);
  return object.finish();
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
    .known_by = "everything else",
    .asked = {{.always = true}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
