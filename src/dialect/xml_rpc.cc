// XML-RPC (xmlrpc.com/spec): a fault, under 200, for the specification knows no other status and
// its clients throw the body of any other away.
#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/xml.h"
#include "page/words.h"

namespace intermission::dialect::xml_rpc {
namespace {

// A body cut off at the limit still parses up to the cut.
bool is_method_call(std::string_view body) {
  // Most XML is not XML-RPC, and need not be parsed.
  if (body.find("<methodCall") == std::string_view::npos) return false;
  pugi::xml_document document;
  document.load_buffer(body.data(), body.size(), pugi::parse_minimal);
  return std::string_view(document.document_element().name()) == "methodCall";
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  if (!is_method_call(evidence.request().body())) return {};
  return {.strength = Claim::Strength::kSure, .why = "the body is a methodCall"};
}

void append_member(pugi::xml_node structure, std::string_view name, const char* type,
                   std::string_view value) {
  pugi::xml_node member = structure.append_child("member");
  append_text(member, "name", name);
  append_text(member.append_child("value"), type, value);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  pugi::xml_document document;
  pugi::xml_node fault = document.append_child("methodResponse").append_child("fault");
  pugi::xml_node structure = fault.append_child("value").append_child("struct");
  append_member(structure, "faultCode", "int", "503");
  append_member(structure, "faultString", "string", page::spoken_text(notice));
  Representation said;
  said.media_type = "text/xml";
  said.content_type = "text/xml; charset=utf-8";
  said.status = 200;
  said.body = to_string(document);
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "xml_rpc",
    .speaks_to = "XML-RPC clients",
    .known_by = "the body is a methodCall",
    .triggers = {{.methods = kPost,
                  .content_types = {"text/xml", "application/xml", "application/soap+xml", ""}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::xml_rpc
