#include "wsdl/wsdl_reader.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"
#include "contract/fault_words.h"
#include "wsdl/xsd_sample.h"

namespace intermission::wsdl {
namespace {

constexpr std::string_view kSoap11 = "http://schemas.xmlsoap.org/wsdl/soap/";
constexpr std::string_view kSoap12 = "http://schemas.xmlsoap.org/wsdl/soap12/";

// The child of that local name in the namespace of either binding for SOAP.
pugi::xml_node soap_child(const pugi::xml_node& parent, std::string_view local) {
  for (const std::string_view space : {kSoap11, kSoap12}) {
    if (const pugi::xml_node found = base::child_named(parent, {space, local})) return found;
  }
  return {};
}

pugi::xml_node wsdl_child(const pugi::xml_node& parent, std::string_view local) {
  return base::child_named(parent, {kWsdlNamespace, local});
}

// The declared operation that a binding's operation is for; of overloaded ones that with the
// same name of its input.
pugi::xml_node declared_operation(const pugi::xml_node& port_type, const pugi::xml_node& bound) {
  pugi::xml_node first;
  for (const pugi::xml_node& node : port_type.children()) {
    if (!is_wsdl(node, "operation") || value_of(node, "name") != value_of(bound, "name")) continue;
    if (!first) first = node;
    const std::string_view input = value_of(wsdl_child(bound, "input"), "name");
    if (!input.empty() && value_of(wsdl_child(node, "input"), "name") == input) return node;
  }
  return first;
}

}  // namespace

void WsdlReader::read() {
  collect();
  for (const auto& [name, binding] : bindings_) read_binding(binding);
  read_ports();
  sort();
}

void WsdlReader::collect() {
  for (const auto& file : wsdl_.files_.files) {
    const pugi::xml_node root = file->document.document_element();
    const std::string target(value_of(root, "targetNamespace"));
    for (const pugi::xml_node& node : root.children()) {
      const Key key{target, std::string(value_of(node, "name"))};
      if (is_wsdl(node, "message")) messages_.try_emplace(key, Definition{node, file.get()});
      if (is_wsdl(node, "portType")) port_types_.try_emplace(key, Definition{node, file.get()});
      if (is_wsdl(node, "binding")) bindings_.try_emplace(key, Definition{node, file.get()});
      if (is_wsdl(node, "service")) services_.push_back({node, file.get()});
    }
  }
}

const WsdlReader::Definition* WsdlReader::look_up(const Definitions& all, const pugi::xml_node& at,
                                                  std::string_view qualified) {
  const base::XmlName name = base::resolve(at, qualified);
  const auto found = all.find({std::string(name.space), std::string(name.local)});
  if (found != all.end()) return &found->second;
  // By the letter a name without a prefix is one of WSDL itself, which has none; who writes it
  // means one of the document's own. So does who forgets to declare the prefix.
  if (!name.space.empty() && name.space != kWsdlNamespace) return nullptr;
  const Definition* only = nullptr;
  for (const auto& [key, definition] : all) {
    if (key.second != name.local) continue;
    if (only != nullptr) return nullptr;
    only = &definition;
  }
  return only;
}

const WsdlReader::Definition* WsdlReader::port_type_of(const Definition& binding) {
  const std::string_view type = value_of(binding.node, "type");
  const Definition* found = look_up(port_types_, binding.node, type);
  const bool is_exact = found != nullptr && base::resolve(binding.node, type).space ==
                                                value_of(found->node.parent(), "targetNamespace");
  if (!is_exact) {
    wsdl_.findings_.push_back(
        {kUnresolvedName,
         binding.file->error(
             binding.node,
             fmt::format("the binding {} is for {}, which is no portType of the documents; {}",
                         base::printable(value_of(binding.node, "name"), 80),
                         type.empty() ? "nothing" : base::printable(type, 80),
                         found == nullptr ? "its operations are known by their names alone"
                                          : "the only one that is called so is taken"))});
  }
  return found;
}

void WsdlReader::read_binding(const Definition& binding) {
  const pugi::xml_node soap = soap_child(binding.node, "binding");
  if (!soap) return;
  const Definition* port_type = port_type_of(binding);
  for (const pugi::xml_node& bound : binding.node.children()) {
    if (!is_wsdl(bound, "operation")) continue;
    const std::string_view own = value_of(soap_child(bound, "operation"), "style");
    const bool rpc = (own.empty() ? value_of(soap, "style") : own) == "rpc";
    if (port_type == nullptr) {
      read_undeclared_operation(binding, bound, rpc);
    } else {
      read_bound_operation(*port_type, bound, rpc);
    }
  }
}

// Of a port type that is in none of the documents: its faults are not known.
void WsdlReader::read_undeclared_operation(const Definition& binding, const pugi::xml_node& bound,
                                           bool rpc) {
  const base::XmlName type = base::resolve(binding.node, value_of(binding.node, "type"));
  const std::string name(value_of(bound, "name"));
  const auto [known, is_new] = known_.try_emplace(
      {std::string(type.space) + ' ' + std::string(type.local), name}, wsdl_.operations_.size());
  if (is_new) {
    WsdlOperation& made = wsdl_.operations_.emplace_back();
    made.name = name;
    made.port_type = type.local;
  }
  const std::string_view action = value_of(soap_child(bound, "operation"), "soapAction");
  if (!action.empty()) by_action_[std::string(action)].insert(known->second);
  if (!rpc) return;
  const pugi::xml_node body = soap_child(wsdl_child(bound, "input"), "body");
  by_element_[{std::string(value_of(body, "namespace")), name}].insert(known->second);
}

void WsdlReader::read_bound_operation(const Definition& port_type, const pugi::xml_node& bound,
                                      bool rpc) {
  const pugi::xml_node declared = declared_operation(port_type.node, bound);
  if (!declared) return;
  const Key element = element_in_body(declared, bound, rpc);
  std::string name(value_of(declared, "name"));
  // Overloaded operations are different ones.
  const std::string_view input = value_of(wsdl_child(declared, "input"), "name");
  const std::size_t index = operation(port_type, declared, name + ' ' + std::string(input));
  const std::string_view action = value_of(soap_child(bound, "operation"), "soapAction");
  if (!action.empty()) by_action_[std::string(action)].insert(index);
  if (!element.second.empty()) by_element_[element].insert(index);
}

std::size_t WsdlReader::operation(const Definition& port_type, const pugi::xml_node& declared,
                                  const std::string& name) {
  const std::string space(value_of(port_type.node.parent(), "targetNamespace"));
  const std::string type(value_of(port_type.node, "name"));
  const auto [known, is_new] =
      known_.try_emplace({space + ' ' + type, name}, wsdl_.operations_.size());
  if (!is_new) return known->second;
  WsdlOperation& made = wsdl_.operations_.emplace_back();
  made.name = value_of(declared, "name");
  made.port_type = type;
  choose_fault(made, declared);
  return known->second;
}

// Of those that fit, the one that says best that the service is down.
void WsdlReader::choose_fault(WsdlOperation& operation, const pugi::xml_node& declared) {
  std::vector<std::string> context = contract::words_of(operation.name);
  for (std::string& word : contract::words_of(operation.port_type))
    context.push_back(std::move(word));
  for (const Definition& service : services_) {
    for (std::string& word : contract::words_of(value_of(service.node, "name")))
      context.push_back(std::move(word));
  }
  int best = 0;
  for (const pugi::xml_node& fault : declared.children()) {
    if (!is_wsdl(fault, "fault")) continue;
    ++operation.declared_faults;
    const XsdComponent* element = element_of(fault);
    if (element == nullptr) continue;
    const int fitness =
        contract::fitness_of({value_of(fault, "name"), value_of(element->node, "name")}, context);
    if (fitness <= best) continue;
    const auto index = fault_for(std::string(value_of(fault, "name")), *element);
    if (!index) continue;
    operation.fault = index;
    best = fitness;
  }
}

std::optional<std::size_t> WsdlReader::fault_for(const std::string& name,
                                                 const XsdComponent& element) {
  const auto [known, is_new] = tried_.try_emplace(&element, std::nullopt);
  if (!is_new) return known->second;
  // Tried with the longest wait that a configuration may name.
  constexpr std::string_view kWait = "86400";
  const contract::Facts facts{.service = "service",
                              .title = "Service",
                              .message = "Down for maintenance",
                              .language = "en",
                              .seconds = kWait,
                              .most_seconds = 86400,
                              .since = {},
                              .until = {}};
  pugi::xml_document trial;
  std::optional<base::Error> wrong;
  if (const XsdSchema* redefining = wsdl_.schemas_.redefining()) {
    wrong = redefining->file->error(redefining->root, "xs:redefine is not understood");
  } else {
    wrong = append_sample(wsdl_.schemas_, element, facts, trial);
  }
  if (wrong) {
    wrong->message = "fault " + base::printable(name, 80) + " is left out: " + wrong->message;
    wsdl_.findings_.push_back({kNoValidDetail, std::move(*wrong)});
    return {};
  }
  known->second = wsdl_.faults_.size();
  wsdl_.faults_.push_back({name, &element});
  return known->second;
}

const XsdComponent* WsdlReader::element_of(const pugi::xml_node& fault) const {
  const Definition* message = look_up(messages_, fault, value_of(fault, "message"));
  if (message == nullptr) return nullptr;
  const pugi::xml_node part = wsdl_child(message->node, "part");
  const std::string_view element = value_of(part, "element");
  return element.empty() ? nullptr
                         : wsdl_.schemas_.find(XsdKind::kElement, base::resolve(part, element));
}

WsdlReader::Key WsdlReader::element_in_body(const pugi::xml_node& declared,
                                            const pugi::xml_node& bound, bool rpc) const {
  const pugi::xml_node body = soap_child(wsdl_child(bound, "input"), "body");
  if (rpc)
    return {std::string(value_of(body, "namespace")), std::string(value_of(declared, "name"))};
  const pugi::xml_node input = wsdl_child(declared, "input");
  const Definition* message = look_up(messages_, input, value_of(input, "message"));
  if (message == nullptr) return {};
  std::string_view wanted = value_of(body, "parts");
  wanted = wanted.substr(0, wanted.find(' '));
  for (const pugi::xml_node& part : message->node.children()) {
    if (!is_wsdl(part, "part") || (!wanted.empty() && value_of(part, "name") != wanted)) continue;
    const std::string_view element = value_of(part, "element");
    const base::XmlName name = base::resolve(part, element);
    return {std::string(name.space), std::string(name.local)};
  }
  return {};
}

void WsdlReader::read_ports() {
  for (const Definition& service : services_) {
    for (const pugi::xml_node& port : service.node.children()) {
      const pugi::xml_node address = soap_child(port, "address");
      if (!is_wsdl(port, "port") || !address) continue;
      // SOAP over JMS is nothing that a client of HTTP could call.
      if (base::istarts_with(value_of(address, "location"), "jms:")) continue;
      const bool is_12 = base::element_name(address).space == kSoap12;
      wsdl_.ports_.push_back({std::string(value_of(service.node, "name")),
                              std::string(value_of(port, "name")), is_12 ? "1.2" : "1.1",
                              std::string(value_of(address, "location"))});
    }
  }
}

void WsdlReader::sort() {
  const auto only = [](const std::set<std::size_t>& operations) {
    return operations.size() == 1 ? *operations.begin() : Wsdl::kSeveral;
  };
  for (const auto& [action, operations] : by_action_) {
    wsdl_.by_action_.push_back({action, only(operations)});
  }
  for (const auto& [element, operations] : by_element_) {
    wsdl_.by_element_.push_back({element.first, element.second, only(operations)});
  }
}

}  // namespace intermission::wsdl
