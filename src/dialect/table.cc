#include "dialect/table.h"

#include <array>

namespace intermission::dialect {

// Each is defined in the file of its name.
extern const Dialect kAws;
extern const Dialect kAzure;
extern const Dialect kCargo;
extern const Dialect kComposer;
extern const Dialect kConnect;
extern const Dialect kCouchdb;
extern const Dialect kCrawler;
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
extern const Dialect kJsonApi;
extern const Dialect kJsonRpc;
extern const Dialect kKubernetes;
extern const Dialect kLegacy;
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
extern const Dialect kText;
extern const Dialect kTrpc;
extern const Dialect kWebdav;
extern const Dialect kWebhook;
extern const Dialect kWebsocket;
extern const Dialect kWsdl;
extern const Dialect kXmlRpc;

namespace {

// The order of evidence. A row that is sure ends the search, so the rows before it are the only
// ones that can contradict it; among those that negotiate, the earlier row wins at equal weights
// and without other evidence.
constexpr std::array kTable = {
    // Handshakes, and methods that only one protocol has.
    &kPreflight,
    &kWebsocket,
    &kWebdav,
    // Protocol evidence in the head: whoever speaks gRPC hears gRPC, whatever else it says.
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
    // A request in the target, which no other kind can hold by chance.
    &kOcsp,
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
    &kGraphql,
    &kOtlp,
    // Conventions on top of REST, by a field, a form or a signature.
    &kOauth,
    &kAws,
    &kAzure,
    &kOdata,
    // Targets, and media types that one kind of client asks for.
    &kRobots,
    // Streams of MCP in front of all others: it takes an event of ours for its own.
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
    // What a path hints at gives way to all evidence above, also where it is sure.
    &kCouchdb,
    &kTrpc,
    &kGoModules,
    &kOci,
    &kKubernetes,
    &kMatrix,
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
