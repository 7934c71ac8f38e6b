#include "dialect/table.h"

#include <array>

namespace intermission::dialect {

// Each is defined in the file of its name.
extern const Dialect kAws;
extern const Dialect kAzure;
extern const Dialect kBayeux;
extern const Dialect kCargo;
extern const Dialect kComposer;
extern const Dialect kConnect;
extern const Dialect kCouchdb;
extern const Dialect kCrawler;
extern const Dialect kElasticsearch;
extern const Dialect kErrorMembers;
extern const Dialect kErrorObject;
extern const Dialect kErrorText;
extern const Dialect kEventStream;
extern const Dialect kFeed;
extern const Dialect kFhir;
extern const Dialect kFramework;
extern const Dialect kGit;
extern const Dialect kGoModules;
extern const Dialect kGraphql;
extern const Dialect kGrpc;
extern const Dialect kGrpcWeb;
extern const Dialect kHal;
extern const Dialect kHtmx;
extern const Dialect kInertia;
extern const Dialect kIpp;
extern const Dialect kJsonApi;
extern const Dialect kJsonRpc;
extern const Dialect kKubernetes;
extern const Dialect kLegacy;
extern const Dialect kMastodon;
extern const Dialect kMatrix;
extern const Dialect kMcp;
extern const Dialect kMinimal;
extern const Dialect kNextcloud;
extern const Dialect kOauth;
extern const Dialect kOcsp;
extern const Dialect kOci;
extern const Dialect kOdata;
extern const Dialect kOtlp;
extern const Dialect kPage;
extern const Dialect kPreflight;
extern const Dialect kProbe;
extern const Dialect kProblem;
extern const Dialect kResource;
extern const Dialect kRobots;
extern const Dialect kScim;
extern const Dialect kScrape;
extern const Dialect kSoap;
extern const Dialect kTelegram;
extern const Dialect kText;
extern const Dialect kTimestamp;
extern const Dialect kTrino;
extern const Dialect kTrpc;
extern const Dialect kUpload;
extern const Dialect kWebdav;
extern const Dialect kWebhook;
extern const Dialect kWebsocket;
extern const Dialect kWsdl;
extern const Dialect kXmlRpc;

namespace {

// Rows are in order of precedence. A row that is sure ends the search, so only the rows before it
// can contradict it. Of those that negotiate, the earlier wins at equal weights and without other
// evidence.
//
// The order follows from one question: how likely is it that a client of another kind shows the
// same by chance, and what does a mistake cost it?
//
//   1. Handshakes, methods and media types of one protocol. No other client sends them, and their
//      clients read nothing but their own form, so no other evidence counts beside them.
//   2. Programs that say their name, by a field or by User-Agent. A name says more than the form of
//      a body or of a path, which an API may share with others.
//   3. Protocols that show in the body or in the target: an envelope, a call, a document.
//   4. Conventions on top of REST: a field, a form or a signature that several programs share.
//   5. What browsers and readers ask for. They come behind the programs, which may run in a page.
//   6. Forms that Accept and Content-Type negotiate, most telling first.
//   7. What a path hints at. Other services have such paths, too, so these rows ask whether
//      anything in the request speaks for another kind before they join in. A field or a name that
//      is evidence of its own makes them sure there as well: the rows above have had their say.
//   8. Problem details and plain text, for all others.
//
// A place counts for Vary as well: the fields that trigger a row are listed for all
// clients that a later row answers. So a row whose path tells it looks at its fields only there.
constexpr std::array kTable = {
    // Handshakes, and methods that only one protocol has.
    &kPreflight,
    &kWebsocket,
    &kWebdav,
    // Protocol evidence in the head: a client that speaks gRPC gets gRPC, whatever else it sends.
    &kGrpc,
    &kGrpcWeb,
    &kConnect,
    &kGit,
    &kWebhook,
    // SDKs that say who they are. Behind webhooks, which Stripe sends with its name too; a text in
    // front of an object, because clients of Ollama ask a model as those of OpenAI do.
    &kErrorText,
    &kCargo,
    &kComposer,
    &kErrorObject,
    // In front of SOAP and the page: Java asks a responder with the Accept of a browser.
    &kOcsp,
    &kTimestamp,
    &kIpp,
    // Scripts of page frameworks, which say who they are too, and whose bodies need not be read.
    &kHtmx,
    &kInertia,
    &kFramework,
    // Descriptions, which SOAP consumers fetch before they speak SOAP.
    &kWsdl,
    // Protocol evidence in the body. XML-RPC is certain or not, SOAP may go by the head alone.
    &kXmlRpc,
    &kSoap,
    &kJsonRpc,
    &kBayeux,
    &kGraphql,
    &kOtlp,
    // Conventions on top of REST, by a field, a form or a signature.
    &kOauth,
    &kAws,
    &kAzure,
    &kTrino,
    &kOdata,
    // Targets, and media types that one kind of client asks for.
    &kRobots,
    // An EventSource accepts the same type, and gets 200. MCP would then wait for an event of its
    // own, so it is recognised first.
    &kMcp,
    &kEventStream,
    &kScrape,
    &kFeed,
    // What browsers load beside a page, and who reads pages for others.
    &kResource,
    &kCrawler,
    // What rules alone ask for.
    &kLegacy,
    &kProbe,
    // Forms that are negotiated, most telling first: a type of its own before one for all.
    &kFhir,
    &kJsonApi,
    &kHal,
    &kMinimal,
    &kPage,
    &kUpload,
    // What a path hints at. No path of one row is that of another.
    &kElasticsearch,
    &kErrorMembers,
    &kCouchdb,
    &kTrpc,
    &kGoModules,
    &kOci,
    &kKubernetes,
    &kMatrix,
    &kMastodon,
    &kTelegram,
    &kScim,
    &kNextcloud,
    &kProblem,
    &kText,
};
static_assert(kTable.size() <= kMostDialects);

}  // namespace

std::span<const Dialect* const> table() {
  return kTable;
}

std::optional<std::size_t> find(std::string_view name) {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i]->name == name) return i;
  }
  return {};
}

}  // namespace intermission::dialect
