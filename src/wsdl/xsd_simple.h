// Simple types of XML Schema (1.0 part 2) and texts that are valid by them: the fact if the type
// allows it, else the least valid text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/facts.h"
#include "contract/field_words.h"
#include "contract/xsd_pattern.h"
#include "wsdl/xsd_schemas.h"

namespace intermission::wsdl {

/// The value spaces that a text is made for; every built-in type belongs to one.
enum class XsdSpace : std::uint8_t {
  kText,
  kToken,
  kName,
  kLanguage,
  kUri,
  kBoolean,
  kNumber,
  kDateTime,
  kDate,
  kTime,
  kYear,
  kYearMonth,
  kMonthDay,
  kDay,
  kMonth,
  kDuration,
  kBinary,
};

/// A simple type with everything that its derivation adds up to.
struct XsdSimple {
  XsdSpace space = XsdSpace::kText;
  bool whole = false;  // of numbers: no fraction
  std::optional<double> least, most;
  bool above_least = false, below_most = false;  // exclusive bounds
  std::optional<std::size_t> min_length, max_length;
  std::optional<std::size_t> total_digits, fraction_digits;
  std::vector<std::string> enumeration;                     // empty: every value
  std::vector<std::vector<contract::XsdPattern>> patterns;  // one of each list must match
  bool is_list = false;
  std::vector<XsdSimple> members;  // of a list its item, of a union what it unites
};

/// Whether a name is one of the built-in simple types.
bool is_built_in(const base::XmlName& name);

/// The type of that name; errors say which facet or type is not understood.
base::Result<XsdSimple> simple_type_named(const XsdSchemas& schemas, const base::XmlName& name);
/// The type that a simpleType node declares.
base::Result<XsdSimple> simple_type_at(const XsdSchemas& schemas, const XsdComponent& type);
/// `base` as narrowed by the facets below a restriction.
base::Result<XsdSimple> restrict_simple(XsdSimple base, const XsdComponent& restriction);

bool is_valid(const XsdSimple& type, std::string_view text, const contract::Facts& facts);

struct XsdSample {
  std::string text;
  bool is_true = false;  // it says a fact; else it only fills its place
};
/// A valid text for a field that wants that fact, or kNone; nothing if none was found.
std::optional<XsdSample> sample(const XsdSimple& type, contract::FieldFact wanted,
                                const contract::Facts& facts);

}  // namespace intermission::wsdl
