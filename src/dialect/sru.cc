// SRU (loc.gov/standards/sru, OASIS searchRetrieve 1.0): libraries' clients search a catalogue by
// GET or by a form, and show the diagnostics of the answer. "System temporarily unavailable" is
// one of the protocol's own (info:srw/diagnostic/1/2). Clients show its message, its details, or
// both.
//
//   /catalogue?version=1.1&operation=searchRetrieve&query=cat
#include <array>
#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/xml.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::sru {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

enum Version : std::uint8_t { kVersion11, kVersion12, kVersion20, kVersions };

struct Operation {
  std::string_view name;
  const char* root;
  const char* namespace_of_20;
};
constexpr std::array kOperations = {
    Operation{"searchRetrieve", "searchRetrieveResponse",
              "http://docs.oasis-open.org/ns/search-ws/sruResponse"},
    Operation{"scan", "scanResponse", "http://docs.oasis-open.org/ns/search-ws/scan"},
    Operation{"explain", "explainResponse", "http://docs.oasis-open.org/ns/search-ws/sruResponse"},
};

// The highest that is none above the client's.
std::optional<Version> version_of(std::string_view asked) {
  if (asked.starts_with("2.")) return kVersion20;
  if (asked == "1.0" || asked == "1.1") return kVersion11;
  if (asked.starts_with("1.")) return kVersion12;
  return {};
}

// Other APIs have an operation and a version too: both must be SRU's.
Claim claim_by(std::string_view parameters) {
  const auto operation = http::query_value(parameters, "operation");
  const auto version = http::query_value(parameters, "version");
  const auto known = version ? version_of(*version) : std::nullopt;
  if (!operation || !known) return {};
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    if (*operation != kOperations[i].name) continue;
    return {.strength = Claim::Strength::kSure,
            .favours = i * kVersions + *known,
            .why = "operation and version are those of SRU"};
  }
  return {};
}

// A person who follows a link to a catalogue wants the page.
Claim recognise(RequestEvidence& evidence) {
  if (evidence.accepts("text/html")) return {};
  const http::Request& request = evidence.request();
  if (evidence.method_class() == kRead) return claim_by(request.query());
  if (!evidence.sends(kForm)) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  return claim_by(request.body());
}

Representation answer(const page::Notice& notice, const Operation& operation, Version version) {
  const bool is_20 = version == kVersion20;
  pugi::xml_document document;
  pugi::xml_node response = document.append_child(operation.root);
  response.append_attribute("xmlns") =
      is_20 ? operation.namespace_of_20 : "http://www.loc.gov/zing/srw/";
  if (!is_20) append_text(response, "version", version == kVersion11 ? "1.1" : "1.2");
  if (operation.name == "searchRetrieve") append_text(response, "numberOfRecords", "0");
  pugi::xml_node diagnostic = response.append_child("diagnostics").append_child("diagnostic");
  diagnostic.append_attribute("xmlns") = is_20
                                             ? "http://docs.oasis-open.org/ns/search-ws/diagnostic"
                                             : "http://www.loc.gov/zing/srw/diagnostic/";
  append_text(diagnostic, "uri", "info:srw/diagnostic/1/2");
  append_text(diagnostic, "details", page::spoken_text(notice));
  append_text(diagnostic, "message", page::heading(notice, page::words_for(notice.language)));
  Representation said;
  said.media_type = "text/xml";
  said.content_type = "text/xml; charset=utf-8";
  said.body = to_string(document);
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  std::vector<Representation> said;
  for (const Operation& operation : kOperations) {
    for (const Version version : {kVersion11, kVersion12, kVersion20}) {
      said.push_back(answer(notice, operation, version));
    }
  }
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "sru",
    .speaks_to = "clients of library catalogues (SRU)",
    .known_by =
        "operation=searchRetrieve, scan or explain with version=1.1, 1.2 or 2.0, in the "
        "query or in a form",
    .triggers = {{.methods = kRead, .parameters = {"operation"}},
                 {.methods = kPost, .content_types = {kForm}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::sru
