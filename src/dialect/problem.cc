// Problem details for REST clients, in JSON and XML (RFC 9457). A client that accepts only
// plain JSON or XML, or a vendor's +json or +xml type, hears the same body under that type.
#include "dialect/problem.h"

#include <pugixml.hpp>

#include "base/text.h"
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

// "json" or "xml", where the client asks for one of them in the target: with a parameter
// (format=xml, _format=json) or by the end of the path (/orders/7.json).
std::string_view asked_in_target(const http::Request& request) {
  for (const std::string_view name : {"format", "_format"}) {
    const std::string_view value = http::query_value(request.query(), name).value_or("");
    if (base::iequals(value, "json") || base::iequals(value, "xml")) return value;
  }
  for (const std::string_view ending : {".json", ".xml"}) {
    if (request.path().ends_with(ending)) return ending.substr(1);
  }
  return {};
}

Claim recognise(Clues& clues) {
  Claim claim{.strength = Claim::Strength::kOffers, .why = "problem details are always on offer"};
  if (const std::string_view asked = asked_in_target(clues.request()); !asked.empty()) {
    claim.favours = base::iequals(asked, "xml") ? kXml : kJson;
    claim.why = "the target asks for this syntax";
    return claim;
  }
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
  const std::string as_json = problem_json(notice);
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

std::string problem_json(const Notice& notice) {
  JsonObject object;
  object.text("type", kType)
      .text("title", kTitle)
      .number("status", 503)
      .text("detail", notice.message)
      .about(notice);
  return object.finish();
}

extern const Dialect kProblem;
const Dialect kProblem = {
    .name = "problem",
    .speaks_to = "REST clients, in JSON or XML",
    .known_by = "everything else",
    .asked = {{.always = true}},
    .yields_to_contract = true,
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
