// A WSDL 1.1 contract (W3C Note 15 March 2001, with its bindings for SOAP 1.1 and 1.2): which
// operation a request calls, and what the operation promised to say when it fails.
//
//   auto wsdl = Wsdl::read("contracts/orders.wsdl");
//   const auto found = (*wsdl)->find("urn:orders/GetOrder", {"urn:orders", "GetOrder"});
//   found.operation->fault                       // index into faults(), or nothing
//   (*wsdl)->published()                         // the documents, for ?wsdl
//
// Immutable once read; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/facts.h"
#include "wsdl/wsdl_files.h"
#include "wsdl/wsdl_published.h"
#include "wsdl/xsd_schemas.h"

namespace intermission::wsdl {

struct WsdlOperation {
  std::string name;
  std::string port_type;
  /// The declared fault that a service in maintenance may raise, by index; nothing where it
  /// declares none, or none that fits.
  std::optional<std::size_t> fault = {};
  std::size_t declared_faults = 0;
};

/// A declared fault that some operation may raise while the service is down.
struct WsdlFault {
  std::string name;             // as the port type declares it
  const XsdComponent* element;  // what stands in the fault's detail
};

struct WsdlPort {
  std::string service;
  std::string name;
  std::string version;   // of SOAP: "1.1" or "1.2"
  std::string location;  // as written
};

/// Something that cannot be used of the documents, while the rest is.
struct WsdlFinding {
  std::string_view rule;  // one of those below
  base::Error problem;

  std::string text() const { return problem.text(); }
};
inline constexpr std::string_view kNoValidDetail = "no-valid-detail";  // a fault is left out
inline constexpr std::string_view kMissingDocument = "missing-document";
inline constexpr std::string_view kNoSoapBinding = "no-soap-binding";
inline constexpr std::string_view kUnresolvedName = "unresolved-name";
inline constexpr std::string_view kUnusualValue = "unusual-value";

class Wsdl {
 public:
  /// References may lead to documents below `root` (see read_wsdl_files()).
  static base::Result<std::shared_ptr<const Wsdl>> read(const std::string& path,
                                                        const std::string& root = "");
  static base::Result<std::shared_ptr<const Wsdl>> from(WsdlFiles files);

  struct Found {
    const WsdlOperation* operation = nullptr;  // null where none is
    std::string_view by = {};                  // what told: for people; lives for ever
  };
  /// `action` without quotes, empty where the request names none; `element` is the first in the
  /// body, empty where it is not known. An action that several operations share tells nothing.
  /// Allocates nothing.
  Found find(std::string_view action, const base::XmlName& element) const;

  /// The detail entry of a fault as XML text; nothing where it cannot be made valid with these
  /// facts.
  std::optional<std::string> detail(std::size_t fault, const contract::Facts& facts) const;

  const std::vector<WsdlOperation>& operations() const { return operations_; }
  const std::vector<WsdlFault>& faults() const { return faults_; }
  const std::vector<WsdlPort>& ports() const { return ports_; }
  const WsdlPublished& published() const { return published_; }
  const std::vector<WsdlFinding>& findings() const { return findings_; }

  Wsdl(const Wsdl&) = delete;
  Wsdl& operator=(const Wsdl&) = delete;

 private:
  friend class WsdlReader;

  static constexpr std::size_t kSeveral = static_cast<std::size_t>(-1);
  struct ByAction {
    std::string action;
    std::size_t operation = 0;  // or kSeveral
  };
  struct ByElement {
    std::string space, local;
    std::size_t operation = 0;  // or kSeveral
  };

  explicit Wsdl(WsdlFiles files);

  WsdlFiles files_;
  XsdSchemas schemas_;
  WsdlPublished published_;
  std::vector<WsdlOperation> operations_;
  std::vector<WsdlFault> faults_;
  std::vector<WsdlPort> ports_;
  std::vector<ByAction> by_action_;    // sorted, each action once
  std::vector<ByElement> by_element_;  // likewise
  std::vector<WsdlFinding> findings_;
};

}  // namespace intermission::wsdl
