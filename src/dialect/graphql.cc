// GraphQL over HTTP (graphql.github.io/graphql-over-http, draft): 503 and errors without data. The
// type of its own tells a client that the errors are GraphQL's and may be read at any status.
// Clients that know it name it in Accept; to others, such as Octokit, it is bytes, and they get the
// same body as application/json.
//
// A subscription over Server-Sent Events (graphql-sse, PROTOCOL.md, "distinct connections mode")
// reads events only, and those only under 200: one result, and the end.
//
// AWS Amplify reads `message` beside the errors, where GraphQL has nothing (§7.1), and no error.
#include "dialect/dialect.h"
#include "dialect/graphql_document.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::graphql {
namespace {

const http::Field kXAmzUserAgent = http::named_field("X-Amz-User-Agent");

constexpr std::string_view kType = "application/graphql-response+json";
constexpr std::size_t kJson = 0;  // indexes into render()'s list
constexpr std::size_t kOwnType = 1;

Claim sure(RequestEvidence& evidence, std::string_view why) {
  Claim claim{.strength = Claim::Strength::kSure, .why = why};
  if (evidence.accepts(kType)) claim.favours = kOwnType;
  return claim;
}

// Where the server knows the document, its hash alone is sent (Apollo, "Automatic Persisted
// Queries"), in JSON; encoded in ?extensions=.
constexpr std::string_view kPersisted = "\"persistedQuery\"";

bool names_persisted(std::string_view query) {
  const auto extensions = http::query_value(query, "extensions");
  return extensions && extensions->find("persistedQuery") != std::string_view::npos;
}

// ------------------------------------------------------------------ reading the request

class FindsQuery : public JsonVisitor {
 public:
  bool member(std::string_view name, std::string_view value) override {
    found = found ||
            (name == "query" && is_graphql_document(between_quotes(value), Spelling::kJson)) ||
            (name == "extensions" && value.find(kPersisted) != std::string_view::npos);
    return !found;
  }
  bool found = false;
};

class CountsObjects : public JsonVisitor {
 public:
  void begin_object() override { ++count; }
  bool member(std::string_view, std::string_view) override { return true; }
  std::size_t count = 0;
};

std::string_view last_segment(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// A person who looks at an endpoint in a browser wants the page.
Claim recognise_get(RequestEvidence& evidence) {
  if (evidence.accepts(kType))
    return sure(evidence, "Accept names application/graphql-response+json");
  if (evidence.accepts("text/html")) return {};
  if (names_persisted(evidence.request().query())) {
    return sure(evidence, "the query names a persisted GraphQL document");
  }
  const auto query = http::query_value(evidence.request().query(), "query");
  if (!query || !is_graphql_document(*query, Spelling::kUrl)) return {};
  return sure(evidence, "the query holds a GraphQL document");
}

Claim recognise(RequestEvidence& evidence) {
  const Methods method = evidence.method_class();
  if (method == kRead) return recognise_get(evidence);
  if (method != kPost) return {};
  // The body is read also where the head is enough: a batch is answered one by one.
  Claim claim{.needs_body = true};
  if (evidence.sends("application/graphql")) {
    claim = sure(evidence, "Content-Type is application/graphql");
  } else if (last_segment(evidence.request().path()) == "graphql") {
    claim = sure(evidence, "the path ends in /graphql");
  } else if (evidence.accepts(kType)) {
    claim = sure(evidence, "Accept names application/graphql-response+json");
  }
  claim.needs_body = true;
  const std::string_view body = evidence.request().body();
  if (claim.strength == Claim::Strength::kSure || evidence.body_unread()) return claim;
  // Most JSON is not GraphQL, and need not be looked through member by member.
  const auto& type = evidence.content_type();
  if (!type || !type->is_json()) return claim;
  if (body.find("\"query\"") == std::string_view::npos &&
      body.find(kPersisted) == std::string_view::npos) {
    return claim;
  }
  FindsQuery query;
  scan_json(body, query);
  if (query.found) claim = sure(evidence, "the body holds or names a GraphQL document");
  return claim;
}

// ------------------------------------------------------------------ speaking

std::string errors(const page::Notice& notice) {
  JsonObject answer;
  answer.open_list("errors").open_item().text("message", page::spoken_text(notice));
  answer.open("extensions").text("code", "SERVICE_UNAVAILABLE").about(notice).close();
  answer.close().close_list();
  return answer.finish();
}

Representation events(const std::string& result) {
  Representation said;
  said.media_type = said.content_type = "text/event-stream";
  said.status = 200;
  said.body = "retry: " + std::string(page::kSecondsMark) + "000\nevent: next\ndata: " + result +
              "\n\nevent: complete\ndata:\n\n";
  said.may_be_coded = false;
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string body = errors(notice);
  std::vector<Representation> said(2);
  said[kJson].media_type = said[kJson].content_type = "application/json";
  said[kOwnType].media_type = said[kOwnType].content_type = kType;
  said[kJson].body = said[kOwnType].body = body;
  said.push_back(events(body));
  return said;
}

bool is_of_amplify(RequestEvidence& evidence) {
  return is_product(evidence.value(kXAmzUserAgent), "aws-amplify");
}

std::string errors_and_message(const page::Notice& notice) {
  JsonObject message;
  message.text("message", page::spoken_text(notice));
  return merge_objects(errors(notice), message.finish());
}

// A batch, which some servers understand, wants a list of as many results.
Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation& said,
                const Claim&) {
  constexpr std::size_t kMostText = 256 * 1024;
  if (said.status == 200) return {};
  if (is_of_amplify(evidence)) return {.body = errors_and_message(notice)};
  const std::string_view body = evidence.request().body();
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || body[first] != '[') return {};
  CountsObjects objects;
  if (!scan_json(body, objects).is_list || objects.count == 0) return {};
  const std::string one = errors(notice);
  std::string all;
  for (std::size_t i = 0; i < objects.count && all.size() < kMostText; ++i) {
    all += (i == 0 ? "[" : ",") + one;
  }
  return {.body = all + "]"};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "graphql",
    .speaks_to = "GraphQL clients",
    .known_by =
        "a GraphQL document in the body or in ?query=; persistedQuery in extensions; a POST to "
        ".../graphql; Accept "
        "application/graphql-response+json",
    .triggers = {{.methods = kPost,
                  .content_types = {"application/json", "application/graphql"},
                  .accepts = {kType},
                  .last_segments = {"graphql"}},
                 {.methods = kRead, .accepts = {kType}, .parameters = {"query", "extensions"}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::graphql
