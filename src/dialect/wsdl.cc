// Consumers that fetch the description of a service when they are constructed (zeep, node-soap,
// JAX-WS), and die there if they cannot: ?wsdl and what it refers to are answered with the
// configured documents and 200, so that they live to hear the fault. Where the service has none,
// strong-soap, which accepts pages, prints what it gets: plain text.
#include "wsdl/wsdl.h"

#include "dialect/dialect.h"
#include "dialect/text.h"

namespace intermission::dialect::wsdl_document {
namespace {

const wsdl::WsdlPublished::Document* document_for(RequestEvidence& evidence) {
  const wsdl::Wsdl* wsdl = evidence.service().wsdl.get();
  return wsdl == nullptr ? nullptr : wsdl->published().find(evidence.request().query());
}

constexpr std::string_view kStrongSoap = "strong-soap";

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  if (evidence.service().wsdl == nullptr) {
    if (!is_product(evidence.value(http::Field::kUserAgent), kStrongSoap)) return {};
    return {.strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent is strong-soap"};
  }
  if (evidence.request().authority().empty() || document_for(evidence) == nullptr) return {};
  return {.strength = Claim::Strength::kSure,
          .favours = 0,
          .why = "the query asks for a document of the service's WSDL"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  if (service.wsdl == nullptr) return {plain_text(notice)};
  return {{.media_type = "text/xml",
           .content_type = "text/xml; charset=utf-8",
           .status = 200,
           .body = service.wsdl->published().main().marked,
           .omit_maintenance_headers = true}};
}

Repeated repeat(RequestEvidence& evidence, const page::Notice&, const Representation& said,
                const Claim&) {
  const wsdl::Wsdl* wsdl = evidence.service().wsdl.get();
  if (wsdl == nullptr || said.status != 200) return {};
  const auto* document = document_for(evidence);
  const wsdl::WsdlPlace place{evidence.scheme(), evidence.request().authority(),
                              evidence.request().path()};
  return {.body = wsdl::WsdlPublished::text_for(
              document == nullptr ? wsdl->published().main() : *document, place)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "wsdl",
    .speaks_to = "SOAP consumers that fetch ?wsdl",
    .known_by =
        "the parameter wsdl, singleWsdl or xsd, where the service has a WSDL; User-Agent "
        "strong-soap/",
    .triggers = {{.methods = kRead,
                  .parameters = {"wsdl", "singlewsdl", "xsd"},
                  .products = {kStrongSoap}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::wsdl_document
