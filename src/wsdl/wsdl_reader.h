// Reads the definitions of a WSDL document, and of those it imports, into a Wsdl.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "wsdl/wsdl.h"

namespace intermission::wsdl {

/// Used once, while the Wsdl is made.
class WsdlReader {
 public:
  explicit WsdlReader(Wsdl& wsdl) : wsdl_(wsdl) {}
  void read();

 private:
  using Key = std::pair<std::string, std::string>;  // namespace, local name
  struct Definition {
    pugi::xml_node node;
    const WsdlFile* file = nullptr;
  };
  using Definitions = std::map<Key, Definition>;

  void collect();
  static const Definition* look_up(const Definitions& all, const pugi::xml_node& at,
                                   std::string_view qualified);
  const Definition* port_type_of(const Definition& binding);
  void read_binding(const Definition& binding);
  void read_undeclared_operation(const Definition& binding, const pugi::xml_node& bound, bool rpc);
  void read_bound_operation(const Definition& port_type, const pugi::xml_node& bound, bool rpc);
  std::size_t operation(const Definition& port_type, const pugi::xml_node& declared,
                        const std::string& name);
  void choose_fault(WsdlOperation& operation, const pugi::xml_node& declared);
  std::optional<std::size_t> fault_for(const std::string& name, const XsdComponent& element);
  const XsdComponent* element_of(const pugi::xml_node& fault) const;
  /// The first element in the body of a call; empty where no part names one.
  Key element_in_body(const pugi::xml_node& declared, const pugi::xml_node& bound, bool rpc) const;
  void read_ports();
  void sort();

  Wsdl& wsdl_;
  Definitions messages_, port_types_, bindings_;
  std::vector<Definition> services_;
  std::map<Key, std::size_t> known_;  // port type and operation → index
  std::map<const XsdComponent*, std::optional<std::size_t>> tried_;
  std::map<std::string, std::set<std::size_t>> by_action_;
  std::map<Key, std::set<std::size_t>> by_element_;
};

}  // namespace intermission::wsdl
