// Problem details for REST clients, in JSON and XML (RFC 9457). The same body is sent as plain JSON
// or XML to clients that accept only that, that accept only a vendor's +json or +xml type, which
// promises another body, that send no Accept, and to scripts: many of those parse nothing else.
//
// SDKs show `message`, and some clients the first characters of the body; so `detail` stands first.
#include "dialect/problem.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"
#include "dialect/api_use.h"
#include "dialect/in_json.h"
#include "dialect/xml.h"
#include "http/date.h"
#include "page/words.h"

namespace intermission::dialect::problem {
namespace {

enum Form : std::uint8_t { kJson, kXml, kPlainJson, kPlainXml };  // places in render()'s list

// RFC 9457 §4.2.1: so it is with about:blank, which means no more than the status code.
constexpr const char* kTitle = "Service Unavailable";

// RFC 9457 appendix B.
constexpr const char* kNamespace = "urn:ietf:rfc:7807";

// What runs scripts elsewhere than in a page; Node's own fetch() says so with Sec-Fetch-Mode.
const Names kRuntimes = {"node-fetch", "Deno", "Bun"};

bool is_of_script(RequestEvidence& evidence) {
  if (is_script(evidence)) return true;
  if (evidence.has(http::Field::kSecFetchMode)) return false;
  const std::string_view product = product_of(evidence.value(http::Field::kUserAgent));
  return std::any_of(kRuntimes.begin(), kRuntimes.end(),
                     [&](auto name) { return base::iequals(product, name); });
}

Claim recognise(RequestEvidence& evidence) {
  Claim claim{.strength = Claim::Strength::kOffers,
              .plainly = is_of_script(evidence),
              .why = "problem details are always on offer"};
  if (const std::string_view requested = syntax_in_target(evidence.request()); !requested.empty()) {
    claim.favours = base::iequals(requested, "xml") ? kXml : kJson;
    claim.why = "the target asks for this syntax";
    return claim;
  }
  const auto& sent = evidence.content_type();
  if (sent && sent->is_xml()) {
    claim.favours = kXml;
    claim.why = "the request's own content is XML";
  } else if (sent && sent->is_json()) {
    claim.favours = kJson;
    claim.why = "the request's own content is JSON";
  } else if (claim.plainly) {
    claim.favours = kJson;
    claim.why = "a script asks";
  }
  return claim;
}

std::string xml(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node problem = document.append_child("problem");
  problem.append_attribute("xmlns") = kNamespace;
  append_text(problem, "detail", notice.message);
  append_text(problem, "message", page::spoken_text(notice));
  append_text(problem, "type", notice.problem_type);
  append_text(problem, "title", kTitle);
  append_text(problem, "status", "503");
  append_text(problem, "service", notice.service);
  append_text(problem, "retryAfter", page::kSecondsMark);
  if (notice.since) append_text(problem, "startsAt", http::rfc3339(*notice.since));
  if (notice.until) append_text(problem, "endsAt", http::rfc3339(*notice.until));
  return to_string(document);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string as_json = problem_json(notice);
  const std::string as_xml = xml(notice);
  const auto with = [](const char* media_type, const char* content_type, const std::string& body) {
    return Representation{.media_type = media_type, .content_type = content_type, .body = body};
  };
  std::vector<Representation> said = {
      with("application/problem+json", "application/problem+json", as_json),
      with("application/problem+xml", "application/problem+xml; charset=utf-8", as_xml),
      with("application/json", "application/json", as_json),
      with("application/xml", "application/xml; charset=utf-8", as_xml),
      with("text/json", "text/json; charset=utf-8", as_json),
      with("text/xml", "text/xml; charset=utf-8", as_xml),
  };
  said[kJson].plain = kPlainJson;
  said[kXml].plain = kPlainXml;
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "problem",
    .speaks_to = "REST clients, in JSON or XML",
    .known_by = "everything else",
    .triggers = {{.always = true}},
    .yields_to_contract = true,
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::problem

namespace intermission::dialect {

std::string problem_json(const page::Notice& notice) {
  JsonObject object;
  object.text("detail", notice.message)
      .text("message", page::spoken_text(notice))
      .text("type", notice.problem_type)
      .text("title", problem::kTitle)
      .number("status", 503)
      .about(notice);
  return object.finish();
}

Representation extended_problem(const page::Notice& notice, JsonObject& members) {
  return in_json(merge_objects(problem_json(notice), members.finish()));
}

Representation problem_with_error(const page::Notice& notice) {
  JsonObject error;
  error.text("error", page::spoken_text(notice));
  return extended_problem(notice, error);
}

}  // namespace intermission::dialect
