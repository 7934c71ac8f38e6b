// WebDAV and what stands on it: CalDAV, CardDAV, DeltaV (RFC 4918 §16, RFC 3253, RFC 4791). Their
// methods give them away. Clients for people look for an element named "message" in the error.
#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/words.h"
#include "dialect/xml.h"

namespace intermission::dialect {
namespace {

constexpr std::array<std::string_view, 25> kMethods = {
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "LABEL",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKWORKSPACE",
    "MOVE",
    "ORDERPATCH",
    "PROPFIND",
    "PROPPATCH",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLOCK",
    "UPDATE",
    "VERSION-CONTROL",
};
static_assert(std::is_sorted(kMethods.begin(), kMethods.end()));

Claim recognise(Clues& clues) {
  if (!std::binary_search(kMethods.begin(), kMethods.end(), clues.method())) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "the method is WebDAV's"};
}

std::vector<Representation> render(const Notice& notice, const catalog::Service&) {
  pugi::xml_document document;
  pugi::xml_node error = document.append_child("D:error");
  error.append_attribute("xmlns:D") = "DAV:";
  error.append_attribute("xmlns:m") = "urn:intermission:maintenance";
  append_text(error, "m:message", spoken_text(notice));
  Representation refusal;
  refusal.media_type = "application/xml";
  refusal.content_type = "application/xml; charset=utf-8";
  refusal.body = to_string(document);
  return {refusal};
}

}  // namespace

extern const Dialect kWebdav;
const Dialect kWebdav = {
    .name = "webdav",
    .speaks_to = "WebDAV, CalDAV and CardDAV clients",
    .known_by = "methods such as PROPFIND, REPORT and LOCK",
    .asked = {{.methods = kExtension, .always = true}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
