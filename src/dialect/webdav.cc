// WebDAV and what stands on it: CalDAV, CardDAV, DeltaV (RFC 4918 §16, RFC 3253, RFC 4791). Their
// methods give them away, and Subversion its name: it begins with OPTIONS. Clients for people look
// for an element of sabre/dav or of Apache in the error.
#include "dialect/webdav.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/xml.h"
#include "page/words.h"

namespace intermission::dialect::webdav {
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

// What svn takes for the code of any error that has none of its own: SVN_ERR_RA_DAV_REQUEST_FAILED.
constexpr const char* kSvnCode = "175002";

enum Form : std::uint8_t { kApplicationXml, kTextXml };  // places in render()'s list

// In the type that the request is written in: Subversion reads no other than its own text/xml.
Claim sure(RequestEvidence& evidence, std::string_view why) {
  return {.strength = Claim::Strength::kSure,
          .favours = evidence.sends("text/xml") ? kTextXml : kApplicationXml,
          .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (std::binary_search(kMethods.begin(), kMethods.end(), evidence.method())) {
    return sure(evidence, "the method is WebDAV's");
  }
  return evidence.method_class() == kOptions &&
                 is_product(evidence.value(http::Field::kUserAgent), "SVN")
             ? sure(evidence, "User-Agent is Subversion's")
             : Claim{};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  std::vector<Representation> said(2);
  said[kApplicationXml].media_type = "application/xml";
  said[kTextXml].media_type = "text/xml";
  for (Representation& one : said) {
    one.content_type = one.media_type + "; charset=utf-8";
    one.body = dav_error(notice);
  }
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "webdav",
    .speaks_to = "WebDAV, CalDAV and CardDAV clients, Subversion",
    .known_by = "methods such as PROPFIND, REPORT and LOCK; OPTIONS by User-Agent SVN/",
    .triggers = {{.methods = kExtension, .always = true},
                 {.methods = kOptions, .products = {"SVN"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::webdav

namespace intermission::dialect {

std::string dav_error(const page::Notice& notice) {
  const std::string text = page::spoken_text(notice);
  pugi::xml_document document;
  pugi::xml_node error = document.append_child("d:error");
  error.append_attribute("xmlns:d") = "DAV:";
  error.append_attribute("xmlns:s") = "http://sabredav.org/ns";
  error.append_attribute("xmlns:m") = "http://apache.org/dav/xmlns";
  // mirall looks for this very name, and then leaves the server alone for a while.
  append_text(error, "s:exception", "Sabre\\DAV\\Exception\\ServiceUnavailable");
  append_text(error, "s:message", text);
  append_text(error, "m:human-readable", text).append_attribute("errcode") = webdav::kSvnCode;
  return to_string(document);
}

}  // namespace intermission::dialect
