// OData v4 (Protocol §8.2.6 to §8.2.8, JSON Format §21). The first request of a batch that cannot
// be processed fails the whole of it, so $batch gets the same error.
#include <algorithm>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::odata {
namespace {

using http::Field;

const Field kOdataMaxVersion = http::named_field("OData-MaxVersion");
const Field kOdataVersion = http::named_field("OData-Version");

Claim sure(std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = why};
}

// OData URL Conventions §5.1, as clients send them: the dollar plain or encoded. Other
// conventions have some names in common ($select), so they speak for OData and prove nothing.
constexpr Names kQueryOptions = {"$filter", "$expand", "$orderby",  "$top",      "$skip",
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
  const std::string_view path = evidence.request().path();
  if (path.substr(path.rfind('/') + 1) == "$batch") return sure("the path ends in $batch");
  for (const std::string_view accepted : evidence.values(Field::kAccept)) {
    if (base::icontains(accepted, "odata.metadata=")) return sure("Accept names odata.metadata");
  }
  const auto& type = evidence.content_type();
  if (type && type->parameter("odata.metadata")) return sure("Content-Type names odata.metadata");
  if (has_query_option(evidence.request().query())) {
    return {.strength = Claim::Strength::kOffers,
            .favours = 0,
            .why = "the query holds options of OData such as $filter"};
  }
  // Clients such as o.js send nothing else of OData when they ask for all of a set.
  if (path.starts_with("/odata/") && leaves_form_to_path(evidence, {"application/json"})) {
    return {.strength = Claim::Strength::kOffers, .favours = 0, .why = "the path is one of OData"};
  }
  return {};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject answer;
  answer.open("error")
      .text("code", "ServiceUnavailable")
      .text("message", page::spoken_text(notice));
  answer.open("innererror").about(notice).close();
  answer.close();
  Representation said;
  said.media_type = said.content_type = "application/json";
  said.fields = "OData-Version: 4.0\r\n";
  said.body = answer.finish();
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "odata",
    .speaks_to = "OData v4 clients",
    .known_by =
        "OData-Version, OData-MaxVersion; odata.metadata in Accept or Content-Type; $batch; "
        "query options such as $filter; paths under /odata/",
    .triggers = {{.fields = {kOdataVersion, kOdataMaxVersion},
                  .accepts = {"application/json"},
                  .last_segments = {"$batch"},
                  .first_segments = {"odata"},
                  .parameters = kQueryOptions},
                 {.methods = kPost | kWrite, .content_types = {"application/json"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::odata
