// Trino and Presto (trino.io/docs, "Trino client REST API"): a query that failed, under 200. Their
// clients take 503 for a server that is busy for a moment: they ask again after 50 to 100 ms, some
// of them for ever, and none of them reads its body.
//
// The paths are those of a query. A client that sends one says who asks in a field of its own. When
// it fetches the next rows it may send no such field, but two of them say their name.
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "page/words.h"

namespace intermission::dialect::trino {
namespace {

using http::Field;

const Field kXPrestoUser = http::named_field("X-Presto-User");
const Field kXTrinoUser = http::named_field("X-Trino-User");

constexpr std::string_view kPath = "/v1/statement";
// The one in Java is that of the command line and of JDBC.
const Names kProducts = {"StatementClientV1", "presto-client-node"};

Claim sure(std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  if (!path.starts_with(kPath)) return {};
  if (path.size() > kPath.size() && path[kPath.size()] != '/') return {};
  const std::string_view agent = evidence.value(Field::kUserAgent);
  for (const std::string_view product : kProducts) {
    if (is_product(agent, product)) return sure("User-Agent is one of Trino's");
  }
  // Trino's client for Node stands on it. It drops the last page of a result, and this would be it;
  // a 503 it throws.
  if (is_product(agent, "axios")) return {};
  if (evidence.has(kXTrinoUser)) return sure("X-Trino-User is given");
  if (evidence.has(kXPrestoUser)) return sure("X-Presto-User is given");
  return {};
}

// The client in Java wants all that is in here but the numbers of `error`; of `stats`, the state.
std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  constexpr int kGenericInternalError = 65536;  // io.trino.spi.StandardErrorCode
  const std::string spoken = page::spoken_text(notice);
  JsonObject results;
  results.text("id", notice.is_outage ? "outage" : "maintenance");
  results.text("infoUri", notice.problem_type);
  results.open("stats").text("state", "FAILED").truth("queued", false).truth("scheduled", false);
  for (const char* count :
       {"nodes", "totalSplits", "queuedSplits", "runningSplits", "completedSplits", "cpuTimeMillis",
        "wallTimeMillis", "queuedTimeMillis", "elapsedTimeMillis", "processedRows",
        "processedBytes", "peakMemoryBytes", "spilledBytes"}) {
    results.number(count, 0);
  }
  results.close();
  results.open("error").text("message", spoken).number("errorCode", kGenericInternalError);
  results.text("errorName", "GENERIC_INTERNAL_ERROR").text("errorType", "INTERNAL_ERROR");
  results.open("failureInfo").text("type", "ServiceUnavailable").text("message", spoken);
  results.open_list("suppressed").close_list().open_list("stack").close_list().close();
  results.about(notice).close();
  results.open_list("warnings").close_list();
  Representation said = in_json(results.finish());
  said.status = 200;
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "trino",
    .speaks_to = "clients of Trino and Presto",
    .known_by =
        "X-Trino-User or X-Presto-User where a query is sent, /v1/statement; User-Agent "
        "StatementClientV1/ or presto-client-node there and where its rows are fetched",
    .triggers = {{.methods = kPost, .last_segments = {"statement"}}, {.products = kProducts}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::trino
