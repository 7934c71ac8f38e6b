// The documents of a WSDL contract as they are served, so that clients that fetch them when they
// are constructed can be constructed:
//
//   ?wsdl            the main document       ?wsdl=part.wsdl       one that it imports
//   ?singleWsdl      all of them in one      ?xsd=common.xsd       a schema
//
// Names of parameters in any case. Addresses of ports and locations of imports lead to the host
// that was asked; everything else stays as it was written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wsdl/wsdl_files.h"
#include "wsdl/xsd_schemas.h"

namespace intermission::wsdl {

/// What the client asked, as it sees it.
struct WsdlPlace {
  std::string_view scheme;     // "http" or "https"
  std::string_view authority;  // host, with its port
  std::string_view path;       // of the target as sent; imports are found at it, with a query
};

/// Immutable; any thread.
class WsdlPublished {
 public:
  WsdlPublished(const WsdlFiles& files, const XsdSchemas& schemas);

  struct Document {
    std::string name;     // as WsdlFile::name; empty for all in one
    std::string encoded;  // the name as it stands in a query
    std::string marked;   // UTF-8, with marks where the place belongs
    bool is_schema = false;
  };

  /// The document that a query asks for; null if it asks for none, or for an unknown one.
  /// Allocates nothing.
  const Document* find(std::string_view query) const;

  /// What ?wsdl asks for.
  const Document& main() const { return documents_.front(); }

  static std::string text_for(const Document& document, const WsdlPlace& place);

 private:
  std::vector<Document> documents_;  // the main one first
  Document single_;
};

}  // namespace intermission::wsdl
