#include "dialect/table.h"

#include <array>

namespace intermission::dialect {

// Each is defined in the file of its name, in a namespace of its own.
// clang-format off
namespace aws { extern const Dialect kRow; }
namespace azure { extern const Dialect kRow; }
namespace bayeux { extern const Dialect kRow; }
namespace binary_json { extern const Dialect kRow; }
namespace cargo { extern const Dialect kRow; }
namespace composer { extern const Dialect kRow; }
namespace connect { extern const Dialect kRow; }
namespace couchdb { extern const Dialect kRow; }
namespace crawler { extern const Dialect kRow; }
namespace elasticsearch { extern const Dialect kRow; }
namespace error_members { extern const Dialect kRow; }
namespace error_object { extern const Dialect kRow; }
namespace error_text { extern const Dialect kRow; }
namespace event_stream { extern const Dialect kRow; }
namespace feed { extern const Dialect kRow; }
namespace fhir { extern const Dialect kRow; }
namespace framework { extern const Dialect kRow; }
namespace git { extern const Dialect kRow; }
namespace go_modules { extern const Dialect kRow; }
namespace graphql { extern const Dialect kRow; }
namespace grpc { extern const Dialect kRow; }
namespace grpc_web { extern const Dialect kRow; }
namespace hal { extern const Dialect kRow; }
namespace htmx { extern const Dialect kRow; }
namespace inertia { extern const Dialect kRow; }
namespace ipp { extern const Dialect kRow; }
namespace json_api { extern const Dialect kRow; }
namespace json_rpc { extern const Dialect kRow; }
namespace kubernetes { extern const Dialect kRow; }
namespace legacy { extern const Dialect kRow; }
namespace mastodon { extern const Dialect kRow; }
namespace matrix { extern const Dialect kRow; }
namespace mcp { extern const Dialect kRow; }
namespace minimal { extern const Dialect kRow; }
namespace nextcloud { extern const Dialect kRow; }
namespace oauth { extern const Dialect kRow; }
namespace oci { extern const Dialect kRow; }
namespace ocsp { extern const Dialect kRow; }
namespace odata { extern const Dialect kRow; }
namespace otlp { extern const Dialect kRow; }
namespace page_of_browsers { extern const Dialect kRow; }
namespace preflight { extern const Dialect kRow; }
namespace probe { extern const Dialect kRow; }
namespace problem { extern const Dialect kRow; }
namespace resource { extern const Dialect kRow; }
namespace robots { extern const Dialect kRow; }
namespace scim { extern const Dialect kRow; }
namespace scrape { extern const Dialect kRow; }
namespace soap { extern const Dialect kRow; }
namespace sru { extern const Dialect kRow; }
namespace subsonic { extern const Dialect kRow; }
namespace telegram { extern const Dialect kRow; }
namespace text { extern const Dialect kRow; }
namespace thrift { extern const Dialect kRow; }
namespace timestamp { extern const Dialect kRow; }
namespace trino { extern const Dialect kRow; }
namespace trpc { extern const Dialect kRow; }
namespace upload { extern const Dialect kRow; }
namespace webdav { extern const Dialect kRow; }
namespace webhook { extern const Dialect kRow; }
namespace websocket { extern const Dialect kRow; }
namespace widgets { extern const Dialect kRow; }
namespace wsdl_document { extern const Dialect kRow; }
namespace xml_rpc { extern const Dialect kRow; }
// clang-format on

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
//   8. Problem details and plain text, for all others. Who accepts JSON and one of its binary forms
//      alike gets JSON, which people can read too.
//
// A place counts for Vary as well: the fields that trigger a row are listed for all
// clients that a later row answers. So a row whose path tells it looks at its fields only there.
constexpr std::array kTable = {
    // Handshakes, and methods that only one protocol has.
    &preflight::kRow,
    &websocket::kRow,
    &webdav::kRow,
    // Protocol evidence in the head: a client that speaks gRPC gets gRPC, whatever else it sends.
    &grpc::kRow,
    &grpc_web::kRow,
    &connect::kRow,
    &git::kRow,
    &webhook::kRow,
    // SDKs that say who they are. Behind webhooks, which Stripe sends with its name too; a text in
    // front of an object, because clients of Ollama ask a model as those of OpenAI do.
    &error_text::kRow,
    &cargo::kRow,
    &composer::kRow,
    &error_object::kRow,
    // In front of SOAP and the page: Java asks a responder with the Accept of a browser.
    &ocsp::kRow,
    &timestamp::kRow,
    &ipp::kRow,
    &thrift::kRow,
    // Scripts of page frameworks, which say who they are too, and whose bodies need not be read.
    &htmx::kRow,
    &inertia::kRow,
    &framework::kRow,
    // Descriptions, which SOAP consumers fetch before they speak SOAP.
    &wsdl_document::kRow,
    // Protocol evidence in the body. XML-RPC is certain or not, SOAP may go by the head alone.
    &xml_rpc::kRow,
    &soap::kRow,
    &json_rpc::kRow,
    &bayeux::kRow,
    &graphql::kRow,
    &otlp::kRow,
    // Conventions on top of REST, by a field, a form or a signature.
    &oauth::kRow,
    &aws::kRow,
    &azure::kRow,
    &trino::kRow,
    &odata::kRow,
    &subsonic::kRow,
    &sru::kRow,
    // Targets, and media types that one kind of client asks for.
    &robots::kRow,
    // An EventSource accepts the same type, and gets 200. MCP would then wait for an event of its
    // own, so it is recognised first.
    &mcp::kRow,
    &event_stream::kRow,
    &scrape::kRow,
    &feed::kRow,
    // What browsers load beside a page, and who reads pages for others.
    &resource::kRow,
    &crawler::kRow,
    // What rules alone ask for.
    &legacy::kRow,
    &probe::kRow,
    // Forms that are negotiated, most telling first: a type of its own before one for all.
    &fhir::kRow,
    &json_api::kRow,
    &hal::kRow,
    &minimal::kRow,
    &page_of_browsers::kRow,
    &upload::kRow,
    &widgets::kRow,
    // What a path hints at. No path of one row is that of another.
    &elasticsearch::kRow,
    &error_members::kRow,
    &couchdb::kRow,
    &trpc::kRow,
    &go_modules::kRow,
    &oci::kRow,
    &kubernetes::kRow,
    &matrix::kRow,
    &mastodon::kRow,
    &telegram::kRow,
    &scim::kRow,
    &nextcloud::kRow,
    &problem::kRow,
    &binary_json::kRow,
    &text::kRow,
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
