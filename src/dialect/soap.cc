// SOAP 1.1 (W3C Note 8 May 2000, §4.4 and §6.2) and SOAP 1.2 (W3C Recommendation, part 1 §5.4):
// a fault of the version that the request speaks, or its consumer cannot read it.
//
// Evidence, strongest first: the envelope's namespace in the body, Content-Type
// application/soap+xml, SOAPAction, the start-info of an MTOM message. With 500, which SOAP
// over HTTP asks for, every consumer shows the fault; with 503 several hide it.
//
// Where the service has a WSDL, the operation that is called is found in it, and the fault that
// it declared for a failure of the service stands in the detail.
#include <pugixml.hpp>

#include "base/text.h"
#include "base/xml_name.h"
#include "dialect/contract_facts.h"
#include "dialect/dialect.h"
#include "dialect/xml.h"
#include "page/words.h"
#include "wsdl/wsdl.h"

namespace intermission::dialect::soap {
namespace {

using http::Field;

const Field kSoapAction = http::named_field("SOAPAction");

constexpr std::size_t k11 = 0;  // indexes into render()'s list
constexpr std::size_t k12 = 1;
constexpr std::size_t kVersions = 2;  // the same two follow for each declared fault

constexpr std::string_view kEnvelope11 = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view kEnvelope12 = "http://www.w3.org/2003/05/soap-envelope";

// The two versions of WS-Addressing in use, each with the action of a fault (WS-Addressing
// 1.0 SOAP Binding §6; its 2004 submission §4).
struct Addressing {
  std::string_view name;
  std::string_view fault_action;
};
constexpr Addressing kAddressing[] = {
    {"http://www.w3.org/2005/08/addressing", "http://www.w3.org/2005/08/addressing/soap/fault"},
    {"http://schemas.xmlsoap.org/ws/2004/08/addressing",
     "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault"},
};

// ------------------------------------------------------------------ reading the request

// A body cut off at the limit still parses up to the cut. An MTOM message holds its envelope
// in a MIME part: the XML starts where the first blank line ends.
std::string_view start_of_xml(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && body.substr(first).starts_with("--")) {
    const auto blank = body.find("\r\n\r\n", first);
    return blank == std::string_view::npos ? std::string_view{} : body.substr(blank + 4);
  }
  return body;
}

pugi::xml_node parse_envelope(std::string_view body, pugi::xml_document& document) {
  const std::string_view xml = start_of_xml(body);
  if (xml.empty()) return {};
  // The result is not asked for: what could be read before an error is what there is.
  document.load_buffer(xml.data(), xml.size(), pugi::parse_minimal | pugi::parse_escapes);
  const pugi::xml_node root = document.document_element();
  return root && base::local_part(root.name()) == "Envelope" ? root : pugi::xml_node{};
}

std::optional<std::size_t> version_of(const pugi::xml_node& envelope) {
  const std::string_view name = base::element_name(envelope).space;
  if (name == kEnvelope11) return k11;
  if (name == kEnvelope12) return k12;
  return {};
}

// ------------------------------------------------------------------ recognition

struct HeadEvidence {
  bool may_be = false;  // an envelope in the body would make it SOAP
  std::optional<std::size_t> version;
  std::string_view why;
};

HeadEvidence look_at_head(RequestEvidence& evidence) {
  const auto& type = evidence.content_type();
  if (evidence.sends("application/soap+xml")) {
    return {true, k12, "Content-Type is application/soap+xml"};
  }
  if (evidence.sends("multipart/related")) {
    const auto start_info = type->parameter("start-info");
    if (start_info && base::icontains(*start_info, "application/soap+xml")) {
      return {true, k12, "an MTOM message of SOAP 1.2"};
    }
    if (start_info && base::icontains(*start_info, "text/xml")) {
      return {true, k11, "an MTOM message of SOAP 1.1"};
    }
  }
  if (evidence.has(kSoapAction)) return {true, k11, "SOAPAction is given"};
  // Absent or XML: only the body tells a SOAP 1.1 consumer that forgot SOAPAction.
  const bool may_be = !type || type->is("text/xml") || type->is("application/xml");
  return {may_be, {}, {}};
}

// A GET may ask for a SOAP 1.2 message too (SOAP 1.2 part 2 §6.3). One that likes JSON or HTML
// better is some other client's.
Claim recognise_get(RequestEvidence& evidence) {
  const auto accepted = evidence.accept().weight_of("application/soap+xml");
  if (!accepted.named || accepted.weight <= 0) return {};
  for (const std::string_view other : {"application/json", "text/html"}) {
    const auto liked = evidence.accept().weight_of(other);
    if (liked.named && liked.weight > accepted.weight) return {};
  }
  return {.strength = Claim::Strength::kSure,
          .favours = k12,
          .why = "Accept names application/soap+xml"};
}

// SOAP 1.1 §6.1.1: a quoted URI. SOAP 1.2 names it in Content-Type (part 2 §6.5.3), but some
// consumers keep to the old field.
std::string_view action_of(RequestEvidence& evidence, std::size_t version) {
  const auto& type = evidence.content_type();
  if (version == k12 && type) {
    const auto action = type->parameter("action");
    if (action && !action->empty()) return *action;
  }
  std::string_view action = base::trim(evidence.value(kSoapAction));
  if (action.size() >= 2 && action.starts_with('"') && action.ends_with('"')) {
    action = action.substr(1, action.size() - 2);
  }
  return action;
}

base::XmlName first_in_body(const pugi::xml_node& envelope) {
  const base::XmlName name{base::element_name(envelope).space, "Body"};
  for (const pugi::xml_node& node : base::child_named(envelope, name).children()) {
    if (node.type() == pugi::node_element) return base::element_name(node);
  }
  return {};
}

// With the fault that the operation declares, if any, where `claim` is sure of its version.
void favour_declared_fault(RequestEvidence& evidence, const pugi::xml_node& envelope,
                           Claim& claim) {
  const wsdl::Wsdl* wsdl = evidence.service().wsdl.get();
  if (wsdl == nullptr) return;
  const std::size_t version = *claim.favours;
  const auto found = wsdl->find(action_of(evidence, version), first_in_body(envelope));
  if (found.operation == nullptr || !found.operation->fault) return;
  claim.favours = (*found.operation->fault + 1) * kVersions + version;
}

Claim recognise(RequestEvidence& evidence) {
  const Methods method = evidence.method_class();
  if (method == kRead) return recognise_get(evidence);
  if (method != kPost) return {};
  const HeadEvidence head = look_at_head(evidence);
  Claim claim;
  if (head.version) {
    claim = {.strength = Claim::Strength::kSure, .favours = head.version, .why = head.why};
  }
  if (!head.may_be) return claim;
  claim.needs_body = true;
  if (evidence.body_unread()) return claim;

  pugi::xml_document document;
  const pugi::xml_node envelope = parse_envelope(evidence.request().body(), document);
  const auto version = version_of(envelope);
  if (version) {
    claim.strength = Claim::Strength::kSure;
    claim.favours = version;
    claim.why =
        *version == k11 ? "the body is a SOAP 1.1 envelope" : "the body is a SOAP 1.2 envelope";
  }
  if (claim.favours) favour_declared_fault(evidence, envelope, claim);
  return claim;
}

// ------------------------------------------------------------------ speaking

// What the fault answers to, where the request used WS-Addressing.
struct Correlation {
  const Addressing* addressing = nullptr;
  std::string message_id;
};

Correlation correlation_of(std::string_view body) {
  pugi::xml_document document;
  const pugi::xml_node envelope = parse_envelope(body, document);
  const pugi::xml_node header =
      base::child_named(envelope, {base::element_name(envelope).space, "Header"});
  for (const Addressing& addressing : kAddressing) {
    if (const pugi::xml_node id = base::child_named(header, {addressing.name, "MessageID"})) {
      return {&addressing, std::string(base::trim(id.child_value()))};
    }
  }
  return {};
}

void append_addressing(pugi::xml_node envelope, const std::string& prefix,
                       const Correlation& correlation) {
  envelope.append_attribute("xmlns:wsa") = std::string(correlation.addressing->name).c_str();
  pugi::xml_node header = envelope.append_child((prefix + ":Header").c_str());
  append_text(header, "wsa:Action", correlation.addressing->fault_action);
  append_text(header, "wsa:RelatesTo", correlation.message_id);
}

void append_entry(pugi::xml_node detail, const std::string& entry) {
  detail.append_buffer(entry.data(), entry.size(), pugi::parse_default, pugi::encoding_utf8);
}

// SOAP 1.1 §4.4 wants a detail, an empty one too: without it .NET's stubs take the fault for a
// header's and hide its text. Entries of our own would stop Mono's WCF from reading it.
void append_fault_11(pugi::xml_node body, const page::Notice& notice, const std::string& detail) {
  pugi::xml_node fault = body.append_child("soap:Fault");
  append_text(fault, "faultcode", "soap:Server");
  append_text(fault, "faultstring", page::spoken_text(notice));
  append_entry(fault.append_child("detail"), detail);
}

void append_fault_12(pugi::xml_node body, const page::Notice& notice, const std::string& detail) {
  pugi::xml_node fault = body.append_child("soap:Fault");
  append_text(fault.append_child("soap:Code"), "soap:Value", "soap:Receiver");
  pugi::xml_node reason =
      append_text(fault.append_child("soap:Reason"), "soap:Text", page::spoken_text(notice));
  reason.append_attribute("xml:lang") = std::string(notice.language).c_str();
  if (!detail.empty()) append_entry(fault.append_child("soap:Detail"), detail);
}

std::string envelope(std::size_t version, const page::Notice& notice, const std::string& detail,
                     const Correlation& correlation) {
  pugi::xml_document document;
  pugi::xml_node envelope = document.append_child("soap:Envelope");
  envelope.append_attribute("xmlns:soap") =
      std::string(version == k11 ? kEnvelope11 : kEnvelope12).c_str();
  if (correlation.addressing != nullptr) append_addressing(envelope, "soap", correlation);
  const pugi::xml_node body = envelope.append_child("soap:Body");
  if (version == k11) {
    append_fault_11(body, notice, detail);
  } else {
    append_fault_12(body, notice, detail);
  }
  return to_string(document);
}

// What an operation declared for such a failure; empty where it cannot be said.
std::string detail_entry(std::size_t fault, const page::Notice& notice,
                         const catalog::Service& service) {
  const std::string seconds =
      notice.seconds ? std::to_string(*notice.seconds) : std::string(page::kSecondsMark);
  return service.wsdl->detail(fault, facts_of(notice, service, seconds)).value_or("");
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  const auto fault = [&](std::size_t version, const std::string& detail) {
    const char* media_type = version == k11 ? "text/xml" : "application/soap+xml";
    Representation representation;
    representation.media_type = media_type;
    representation.content_type = std::string(media_type) + "; charset=utf-8";
    representation.status = static_cast<std::uint16_t>(service.soap.status);
    representation.gate_status = representation.status;
    representation.body = envelope(version, notice, detail, {});
    return representation;
  };
  std::vector<Representation> said = {fault(k11, ""), fault(k12, "")};
  if (service.wsdl == nullptr) return said;
  for (std::size_t i = 0; i < service.wsdl->faults().size(); ++i) {
    const std::string detail = detail_entry(i, notice, service);
    said.push_back(fault(k11, detail));
    said.push_back(fault(k12, detail));
  }
  return said;
}

Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation& said,
                const Claim& claim) {
  const std::string_view body = evidence.request().body();
  // Most consumers do not address their messages, and need not have them parsed again. In UTF-16,
  // or spelled with references to characters, the name space cannot be found like this.
  if (body.find("addressing") == std::string_view::npos &&
      body.find("&#") == std::string_view::npos && body.find('\0') == std::string_view::npos) {
    return {};
  }
  const Correlation correlation = correlation_of(body);
  if (correlation.addressing == nullptr) return {};
  const std::size_t index = claim.favours.value_or(0);
  const std::string detail =
      index < kVersions ? "" : detail_entry(index / kVersions - 1, notice, evidence.service());
  const std::size_t version = said.media_type == "text/xml" ? k11 : k12;
  return {.body = envelope(version, notice, detail, correlation)};
}

std::optional<CalledOperation> called(RequestEvidence& evidence, const Claim& claim) {
  const wsdl::Wsdl* wsdl = evidence.service().wsdl.get();
  if (wsdl == nullptr || !claim.favours) return {};
  pugi::xml_document document;
  const pugi::xml_node envelope = parse_envelope(evidence.request().body(), document);
  const auto found =
      wsdl->find(action_of(evidence, *claim.favours % kVersions), first_in_body(envelope));
  if (found.operation == nullptr) return {};
  const auto& fault = found.operation->fault;
  return CalledOperation{found.operation->name, found.by,
                         fault ? std::string_view(wsdl->faults()[*fault].name) : ""};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "soap",
    .speaks_to = "SOAP 1.1 and 1.2 consumers",
    .known_by =
        "the envelope in the body; Content-Type application/soap+xml; SOAPAction; MTOM's "
        "start-info",
    .triggers = {{.methods = kPost,
                  .fields = {kSoapAction},
                  .content_types = {"application/soap+xml", "multipart/related", "text/xml",
                                    "application/xml", ""}},
                 {.methods = kRead, .accepts = {"application/soap+xml"}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
    .called = called,
};

}  // namespace intermission::dialect::soap
