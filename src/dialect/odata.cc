// OData v4 (Protocol §8.2.6 to §8.2.8, JSON Format §21). The first request of a batch that cannot
// be processed fails the whole of it, so $batch gets the same error.
//
// Versions 1 to 3 (OData v3 JSON Verbose §20, Atom §6), which SAP's Fiori applications speak: their
// clients send DataServiceVersion or MaxDataServiceVersion, and read a message with its language.
#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "dialect/xml.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::odata {
namespace {

using http::Field;

const Field kDataServiceVersion = http::named_field("DataServiceVersion");
const Field kMaxDataServiceVersion = http::named_field("MaxDataServiceVersion");
const Field kOdataMaxVersion = http::named_field("OData-MaxVersion");
const Field kOdataVersion = http::named_field("OData-Version");

// Places in render()'s list.
enum Form : std::uint8_t { kV4, kVerboseJson, kAtom };

constexpr std::string_view kJson = "application/json";

Claim sure(std::string_view why, Form form = kV4) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

// Atom, in which errors are plain XML, is what they speak unless they ask for JSON.
Claim by_old_version(RequestEvidence& evidence) {
  const bool is_given = evidence.has(kDataServiceVersion) || evidence.has(kMaxDataServiceVersion);
  if (!is_given) return {};
  // It shows the whole body, and gets plain text as those get who read feeds.
  if (base::istarts_with(evidence.value(Field::kUserAgent), "Microsoft ADO.NET Data Services")) {
    return {};
  }
  const bool is_json =
      evidence.accepts(kJson) || (evidence.sends(kJson) && evidence.accept().empty());
  return sure("DataServiceVersion or MaxDataServiceVersion is given",
              is_json ? kVerboseJson : kAtom);
}

// OData URL Conventions §5.1, as clients send them: the dollar plain or encoded. Other
// conventions have some names in common ($select), so they speak for OData and prove nothing.
const Names kQueryOptions = {"$filter", "$expand", "$orderby",  "$top",      "$skip",
                             "$count",  "$apply",  "%24filter", "%24expand", "%24orderby",
                             "%24top",  "%24skip", "%24count",  "%24apply"};

bool has_query_option(std::string_view query) {
  if (query.find('$') == std::string_view::npos && query.find("%24") == std::string_view::npos) {
    return false;
  }
  return std::any_of(kQueryOptions.begin(), kQueryOptions.end(), [&](std::string_view name) {
    return http::query_value(query, name).has_value();
  });
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.has(kOdataVersion)) return sure("OData-Version is given");
  if (evidence.has(kOdataMaxVersion)) return sure("OData-MaxVersion is given");
  if (const Claim claim = by_old_version(evidence); claim.favours) return claim;
  const std::string_view path = evidence.request().path();
  if (path.substr(path.rfind('/') + 1) == "$batch") return sure("the path ends in $batch");
  for (const std::string_view accepted : evidence.values(Field::kAccept)) {
    if (base::icontains(accepted, "odata.metadata=")) return sure("Accept names odata.metadata");
    if (base::icontains(accepted, "odata=verbose")) {
      return sure("Accept names odata=verbose", kVerboseJson);
    }
  }
  const auto& type = evidence.content_type();
  if (type && type->parameter("odata.metadata")) return sure("Content-Type names odata.metadata");
  if (has_query_option(evidence.request().query())) {
    return {.strength = Claim::Strength::kOffers,
            .favours = 0,
            .why = "the query holds options of OData such as $filter"};
  }
  // Clients such as o.js send nothing else of OData when they ask for all of a set. axios, under
  // some of them, names plain text behind JSON.
  if (path.starts_with("/odata/") &&
      leaves_form_to_path(evidence, {"application/json", "text/plain"})) {
    return {.strength = Claim::Strength::kOffers, .favours = 0, .why = "the path is one of OData"};
  }
  return {};
}

constexpr const char* kCode = "ServiceUnavailable";

Representation verbose_json(const page::Notice& notice) {
  JsonObject answer;
  answer.open("error").text("code", kCode);
  answer.open("message").text("lang", notice.language).text("value", page::spoken_text(notice));
  answer.close().open("innererror").about(notice).close();
  answer.close();
  Representation said = in_json(answer.finish());
  said.fields = "DataServiceVersion: 1.0\r\n";
  return said;
}

Representation atom(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node error = document.append_child("error");
  error.append_attribute("xmlns") =
      "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata";
  append_text(error, "code", kCode);
  append_text(error, "message", page::spoken_text(notice));
  error.child("message").append_attribute("xml:lang") = std::string(notice.language).c_str();
  Representation said;
  said.media_type = "application/xml";
  said.content_type = "application/xml; charset=utf-8";
  said.fields = "DataServiceVersion: 1.0\r\n";
  said.body = to_string(document);
  return said;
}

Representation v4(const page::Notice& notice) {
  JsonObject answer;
  answer.open("error").text("code", kCode).text("message", page::spoken_text(notice));
  answer.open("innererror").about(notice).close();
  answer.close();
  Representation said = in_json(answer.finish());
  said.fields = "OData-Version: 4.0\r\n";
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {v4(notice), verbose_json(notice), atom(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "odata",
    .speaks_to = "OData clients, such as SAP's Fiori applications",
    .known_by =
        "OData-Version, OData-MaxVersion, DataServiceVersion, MaxDataServiceVersion; "
        "odata.metadata or odata=verbose in Accept; odata.metadata in Content-Type; $batch; "
        "query options such as $filter; paths under /odata/",
    .triggers = {{.fields = {kOdataVersion, kOdataMaxVersion, kDataServiceVersion,
                             kMaxDataServiceVersion},
                  .accepts = {"application/json"},
                  .last_segments = {"$batch"},
                  .first_segments = {"odata"},
                  .parameters = kQueryOptions},
                 {.methods = kPost | kWrite, .content_types = {"application/json"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::odata
