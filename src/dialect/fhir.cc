// FHIR (hl7.org/fhir/http.html, OperationOutcome): an outcome of one issue, transient, in the
// family that the client speaks. `_format` beats Accept; it comes from those who cannot set it.
#include <pugixml.hpp>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/xml.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::fhir {
namespace {

constexpr std::size_t kJson = 0;  // indexes into render()'s list
constexpr std::size_t kXml = 1;
constexpr std::string_view kTypes[] = {"application/fhir+json", "application/fhir+xml"};

std::optional<std::size_t> format_asked(std::string_view query) {
  const auto format = http::query_value(query, "_format");
  if (!format) return {};
  if (base::icontains(*format, "json")) return kJson;
  if (base::icontains(*format, "xml")) return kXml;
  return {};
}

// `_format` alone is no evidence of FHIR unless its value is a type of FHIR.
Claim recognise(RequestEvidence& evidence) {
  const std::string_view query = evidence.request().query();
  const auto format = format_asked(query);
  const auto& type = evidence.content_type();
  Claim claim{.strength = Claim::Strength::kOffers, .why = "Accept names a type of FHIR"};
  for (std::size_t i = 0; type && i < std::size(kTypes); ++i) {
    if (!type->is(kTypes[i])) continue;
    claim.favours = i;
    claim.why = "the request's own content is FHIR";
  }
  const bool named = format && base::icontains(*http::query_value(query, "_format"), "fhir");
  if (!named && !claim.favours && !evidence.accepts(kTypes[kJson]) &&
      !evidence.accepts(kTypes[kXml])) {
    return {};
  }
  if (!format) return claim;
  return {.strength = Claim::Strength::kSure, .favours = format, .why = "_format asks for it"};
}

std::string json(const page::Notice& notice) {
  JsonObject outcome;
  outcome.text("resourceType", "OperationOutcome").open_list("issue").open_item();
  outcome.text("severity", "error").text("code", "transient");
  outcome.open("details").text("text", page::spoken_text(notice)).close();
  outcome.close().close_list();
  return outcome.finish();
}

std::string xml(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node outcome = document.append_child("OperationOutcome");
  outcome.append_attribute("xmlns") = "http://hl7.org/fhir";
  pugi::xml_node issue = outcome.append_child("issue");
  issue.append_child("severity").append_attribute("value") = "error";
  issue.append_child("code").append_attribute("value") = "transient";
  pugi::xml_node text = issue.append_child("details").append_child("text");
  text.append_attribute("value") = fit_for_xml(page::spoken_text(notice)).c_str();
  return to_string(document);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  std::vector<Representation> said(2);
  for (std::size_t i = 0; i < said.size(); ++i) {
    said[i].media_type = kTypes[i];
    said[i].content_type = std::string(kTypes[i]) + "; charset=utf-8";
  }
  said[kJson].body = json(notice);
  said[kXml].body = xml(notice);
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "fhir",
    .speaks_to = "FHIR clients, in JSON or XML",
    .known_by = "Content-Type, Accept or _format names application/fhir+json or +xml",
    .triggers = {{.methods = kRead, .accepts = {"application/fhir"}, .parameters = {"_format"}},
                 {.methods = kAnyMethod ^ kRead,
                  .content_types = {"application/fhir"},
                  .accepts = {"application/fhir"},
                  .parameters = {"_format"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::fhir
