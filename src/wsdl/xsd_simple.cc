#include "wsdl/xsd_simple.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "base/utf8.h"
#include "contract/error_words.h"
#include "contract/fault_words.h"
#include "http/date.h"

namespace intermission::wsdl {
namespace {

constexpr int kMaxDerivations = 30;
constexpr std::size_t kMaxEnumeration = 10'000;

struct BuiltIn {
  std::string_view name;
  XsdSpace space;
  bool whole = false;
  std::optional<double> least = {}, most = {};
};
constexpr std::array kBuiltIns = {
    BuiltIn{"string", XsdSpace::kText},
    BuiltIn{"normalizedString", XsdSpace::kText},
    BuiltIn{"anySimpleType", XsdSpace::kText},
    BuiltIn{"anyURI", XsdSpace::kUri},
    BuiltIn{"token", XsdSpace::kText},
    BuiltIn{"language", XsdSpace::kLanguage},
    BuiltIn{"NMTOKEN", XsdSpace::kToken},
    BuiltIn{"NMTOKENS", XsdSpace::kToken},
    BuiltIn{"Name", XsdSpace::kName},
    BuiltIn{"NCName", XsdSpace::kName},
    BuiltIn{"ID", XsdSpace::kName},
    BuiltIn{"QName", XsdSpace::kName},
    BuiltIn{"boolean", XsdSpace::kBoolean},
    BuiltIn{"float", XsdSpace::kNumber},
    BuiltIn{"double", XsdSpace::kNumber},
    BuiltIn{"decimal", XsdSpace::kNumber},
    BuiltIn{"integer", XsdSpace::kNumber, true},
    BuiltIn{"long", XsdSpace::kNumber, true},
    BuiltIn{"int", XsdSpace::kNumber, true, -2147483648.0, 2147483647.0},
    BuiltIn{"short", XsdSpace::kNumber, true, -32768.0, 32767.0},
    BuiltIn{"byte", XsdSpace::kNumber, true, -128.0, 127.0},
    BuiltIn{"nonNegativeInteger", XsdSpace::kNumber, true, 0.0},
    BuiltIn{"positiveInteger", XsdSpace::kNumber, true, 1.0},
    BuiltIn{"nonPositiveInteger", XsdSpace::kNumber, true, {}, 0.0},
    BuiltIn{"negativeInteger", XsdSpace::kNumber, true, {}, -1.0},
    BuiltIn{"unsignedLong", XsdSpace::kNumber, true, 0.0},
    BuiltIn{"unsignedInt", XsdSpace::kNumber, true, 0.0, 4294967295.0},
    BuiltIn{"unsignedShort", XsdSpace::kNumber, true, 0.0, 65535.0},
    BuiltIn{"unsignedByte", XsdSpace::kNumber, true, 0.0, 255.0},
    BuiltIn{"dateTime", XsdSpace::kDateTime},
    BuiltIn{"date", XsdSpace::kDate},
    BuiltIn{"time", XsdSpace::kTime},
    BuiltIn{"gYear", XsdSpace::kYear},
    BuiltIn{"gYearMonth", XsdSpace::kYearMonth},
    BuiltIn{"gMonthDay", XsdSpace::kMonthDay},
    BuiltIn{"gDay", XsdSpace::kDay},
    BuiltIn{"gMonth", XsdSpace::kMonth},
    BuiltIn{"duration", XsdSpace::kDuration},
    BuiltIn{"hexBinary", XsdSpace::kBinary},
    BuiltIn{"base64Binary", XsdSpace::kBinary},
};

const BuiltIn* built_in(const base::XmlName& name) {
  if (name.space != kSchemaNamespace) return nullptr;
  const auto found = std::find_if(kBuiltIns.begin(), kBuiltIns.end(),
                                  [&](const BuiltIn& type) { return type.name == name.local; });
  return found == kBuiltIns.end() ? nullptr : &*found;
}

std::string in_words(const base::XmlName& name) {
  return base::printable(name.local, 80) +
         (name.space.empty() ? "" : " of " + base::printable(name.space, 80));
}

// ------------------------------------------------------------------ reading facets

struct Facet {
  std::string_view name;
  std::string_view value;
};

std::string_view read_pattern(const Facet& facet, std::vector<contract::XsdPattern>& step) {
  auto pattern = contract::XsdPattern::parse(facet.value);
  if (!pattern) return "its pattern is not understood";
  step.push_back(std::move(*pattern));
  return {};
}

std::string_view read_bound(const Facet& facet, XsdSimple& type) {
  if (type.space != XsdSpace::kNumber) return "bounds are understood for numbers only";
  char* end = nullptr;
  const std::string text(facet.value);
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0') return "a bound of it is no number";
  if (facet.name.starts_with("min")) {
    type.least = value;
    type.above_least = facet.name == "minExclusive";
  } else {
    type.most = value;
    type.below_most = facet.name == "maxExclusive";
  }
  return {};
}

std::string_view read_count(const Facet& facet, XsdSimple& type) {
  const auto number = base::parse_number(facet.value);
  if (!number) return "a length of it is no number";
  const std::size_t count = *number;
  if (facet.name == "length" || facet.name == "minLength") type.min_length = count;
  if (facet.name == "length" || facet.name == "maxLength") type.max_length = count;
  if (facet.name == "totalDigits") type.total_digits = count;
  if (facet.name == "fractionDigits") type.fraction_digits = count;
  return {};
}

std::string_view read_facet(const Facet& facet, XsdSimple& type,
                            std::vector<contract::XsdPattern>& step,
                            std::vector<std::string>& values) {
  const std::string_view name = facet.name;
  if (name == "pattern") return read_pattern(facet, step);
  if (name.starts_with("min") || name.starts_with("max")) {
    return name.ends_with("Length") ? read_count(facet, type) : read_bound(facet, type);
  }
  if (name == "length" || name == "totalDigits" || name == "fractionDigits") {
    return read_count(facet, type);
  }
  if (name == "enumeration") {
    if (values.size() >= kMaxEnumeration) return "it has too many values";
    values.emplace_back(facet.value);
  }
  return {};  // whiteSpace, annotation, attributes: they take no text away that is made here
}

// ------------------------------------------------------------------ reading types

class SimpleReader {
 public:
  explicit SimpleReader(const XsdSchemas& schemas) : schemas_(schemas) {}

  base::Result<XsdSimple> named(const base::XmlName& name, int depth) {
    if (const BuiltIn* type = built_in(name)) {
      XsdSimple simple;
      simple.space = type->space;
      simple.whole = type->whole;
      simple.least = type->least;
      simple.most = type->most;
      return simple;
    }
    const XsdComponent* type = schemas_.find(XsdKind::kType, name);
    if (type == nullptr) return base::Error{"no simple type " + in_words(name) + " is declared"};
    return at(*type, depth + 1);
  }

  base::Result<XsdSimple> at(const XsdComponent& type, int depth) {
    if (depth > kMaxDerivations) return base::Error{"a simple type is derived from itself"};
    for (const pugi::xml_node& node : type.node.children()) {
      const std::string_view local = base::local_part(node.name());
      const XsdComponent inner{node, type.schema};
      if (local == "restriction") return restriction(inner, depth);
      if (local == "list") return list(inner, depth);
      if (local == "union") return unite(inner, depth);
    }
    return base::Error{"a simple type is derived from nothing"};
  }

 private:
  // The type that an attribute names, else the one that stands inside.
  base::Result<XsdSimple> inner_type(const XsdComponent& at_node, const char* attribute,
                                     int depth) {
    const std::string_view name = at_node.node.attribute(attribute).value();
    if (!name.empty()) return named(at_node.schema->resolve(at_node.node, name), depth + 1);
    for (const pugi::xml_node& node : at_node.node.children()) {
      if (base::local_part(node.name()) == "simpleType")
        return at({node, at_node.schema}, depth + 1);
    }
    return base::Error{"a simple type is derived from nothing"};
  }

  base::Result<XsdSimple> restriction(const XsdComponent& node, int depth) {
    auto base_type = inner_type(node, "base", depth);
    if (!base_type) return base_type;
    return restrict_simple(std::move(*base_type), node);
  }

  base::Result<XsdSimple> list(const XsdComponent& node, int depth) {
    auto item = inner_type(node, "itemType", depth);
    if (!item) return item;
    XsdSimple type;
    type.is_list = true;
    type.members.push_back(std::move(*item));
    return type;
  }

  base::Result<XsdSimple> unite(const XsdComponent& node, int depth) {
    XsdSimple type;
    std::string_view names = node.node.attribute("memberTypes").value();
    while (!names.empty()) {
      const auto end = names.find_first_of(" \t\r\n");
      const std::string_view name = names.substr(0, end);
      names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
      if (name.empty()) continue;
      auto member = named(node.schema->resolve(node.node, name), depth + 1);
      if (!member) return member;
      type.members.push_back(std::move(*member));
    }
    for (const pugi::xml_node& inner : node.node.children()) {
      if (base::local_part(inner.name()) != "simpleType") continue;
      auto member = at({inner, node.schema}, depth + 1);
      if (!member) return member;
      type.members.push_back(std::move(*member));
    }
    if (type.members.empty()) return base::Error{"a union unites nothing"};
    return type;
  }

  const XsdSchemas& schemas_;
};

// ------------------------------------------------------------------ checking

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(std::max<std::size_t>(base::utf8_size(text), 1));
    ++count;
  }
  return count;
}

bool is_number(const XsdSimple& type, std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || *end != '\0') return false;
  const auto point = text.find('.');
  if (type.whole && point != std::string_view::npos) return false;
  if (type.least && (type.above_least ? value <= *type.least : value < *type.least)) return false;
  if (type.most && (type.below_most ? value >= *type.most : value > *type.most)) return false;
  const auto digits =
      static_cast<std::size_t>(std::count_if(text.begin(), text.end(), base::is_digit));
  if (type.total_digits && digits > *type.total_digits) return false;
  const std::size_t fraction = point == std::string_view::npos ? 0 : text.size() - point - 1;
  return !type.fraction_digits || fraction <= *type.fraction_digits;
}

bool is_token(std::string_view text, bool as_name) {
  if (text.empty() || (as_name && !base::is_alpha(text[0]) && text[0] != '_')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

// What is made for the other spaces is made in their form.
bool in_space(const XsdSimple& type, std::string_view text) {
  switch (type.space) {
    case XsdSpace::kNumber:
      return is_number(type, text);
    case XsdSpace::kToken:
      return is_token(text, false);
    case XsdSpace::kName:
      return is_token(text, true);
    case XsdSpace::kBoolean:
      return text == "true" || text == "false" || text == "0" || text == "1";
    default:
      return true;
  }
}

bool is_valid_atom(const XsdSimple& type, std::string_view text) {
  if (!in_space(type, text)) return false;
  if (!type.enumeration.empty() &&
      std::find(type.enumeration.begin(), type.enumeration.end(), text) == type.enumeration.end()) {
    return false;
  }
  if (type.space != XsdSpace::kNumber && type.space != XsdSpace::kBoolean) {
    const std::size_t length = type.space == XsdSpace::kBinary ? 0 : characters(text);
    if (type.min_length && length < *type.min_length) return false;
    if (type.max_length && length > *type.max_length) return false;
  }
  return std::all_of(type.patterns.begin(), type.patterns.end(), [&](const auto& step) {
    return std::any_of(step.begin(), step.end(),
                       [&](const contract::XsdPattern& pattern) { return pattern.matches(text); });
  });
}

std::string with_seconds(std::string_view text, std::string_view mark, std::string_view seconds) {
  std::string out(text);
  for (auto at = out.find(mark); at != std::string::npos;
       at = out.find(mark, at + seconds.size())) {
    out.replace(at, mark.size(), seconds);
  }
  return out;
}

// ------------------------------------------------------------------ making texts

std::string truncated(std::string_view text, std::size_t most) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < most; ++count) {
    at += std::max<std::size_t>(base::utf8_size(text.substr(at)), 1);
  }
  return std::string(text.substr(0, at));
}

std::vector<std::string> truths(const XsdSimple& type, contract::FieldFact fact,
                                const contract::Facts& facts) {
  const std::string seconds(facts.seconds);
  const bool text = type.space == XsdSpace::kText;
  switch (fact) {
    case contract::FieldFact::kMessage:
    case contract::FieldFact::kErrorWord:
      if (!text) return {};
      return {std::string(facts.message),
              truncated(facts.message, type.max_length.value_or(facts.message.size()))};
    case contract::FieldFact::kTitle:
      return text ? std::vector<std::string>{"Service unavailable", "Unavailable", "503"}
                  : std::vector<std::string>{};
    case contract::FieldFact::kCode:
    case contract::FieldFact::kType:
      return {"ServiceUnavailable", "SERVICE_UNAVAILABLE", "UNAVAILABLE", "503"};
    case contract::FieldFact::kStatus:
      return {"503"};
    case contract::FieldFact::kService:
      return {std::string(facts.service)};
    case contract::FieldFact::kSeconds:
      if (type.space == XsdSpace::kDuration) return {"PT" + seconds + "S"};
      return {seconds};
    case contract::FieldFact::kMillis:
      return {seconds + "000"};
    case contract::FieldFact::kSince:
      return facts.since ? std::vector{http::rfc3339(*facts.since)} : std::vector<std::string>{};
    case contract::FieldFact::kUntil:
      return facts.until ? std::vector{http::rfc3339(*facts.until)} : std::vector<std::string>{};
    case contract::FieldFact::kTemporary:
      return {"true", "1", "yes"};
    case contract::FieldFact::kSuccess:
      return {"false", "0", "no"};
    case contract::FieldFact::kLanguage:
      return {std::string(facts.language)};
    case contract::FieldFact::kSeverity:
      return {"ERROR", "Error", "error", "Fatal", "FATAL"};
    // A SOAP answer is rendered before its request, so it has neither ids nor the time of sending.
    case contract::FieldFact::kNow:
    case contract::FieldFact::kPath:
    case contract::FieldFact::kRequestId:
    case contract::FieldFact::kTraceId:
    case contract::FieldFact::kNone:
      return {};
  }
  return {};
}

// Times of a day, and parts of a date, of what is known; the form is the space's.
std::string in_form(XsdSpace space, const std::string& stamp) {
  switch (space) {
    case XsdSpace::kDate:
      return stamp.substr(0, 10);
    case XsdSpace::kTime:
      return stamp.substr(11);
    case XsdSpace::kYear:
      return stamp.substr(0, 4);
    case XsdSpace::kYearMonth:
      return stamp.substr(0, 7);
    case XsdSpace::kMonthDay:
      return "-" + stamp.substr(4, 6);
    case XsdSpace::kDay:
      return "--" + stamp.substr(7, 3);
    case XsdSpace::kMonth:
      return "-" + stamp.substr(4, 3);
    default:
      return stamp;
  }
}

bool is_temporal(XsdSpace space) {
  return space >= XsdSpace::kDateTime && space <= XsdSpace::kMonth;
}

std::string padding(std::string_view text, std::size_t least) {
  std::string out(text);
  while (characters(out) < least && out.size() < 4096) out += out.empty() ? "-" : ".";
  return out;
}

// The value that says best that a service is down, and does not call an outage a maintenance; the
// first where none says anything.
const std::string& most_telling(const std::vector<std::string>& values, bool is_outage) {
  const std::string* best = nullptr;
  int best_fitness = 1;
  for (const std::string& value : values) {
    if (is_outage && contract::speaks_of_maintenance(value)) continue;
    const int fitness = contract::fitness_of({value}, {});
    if (best != nullptr && fitness <= best_fitness) continue;
    best = &value;
    best_fitness = std::max(best_fitness, fitness);
  }
  return best == nullptr ? values.front() : *best;
}

std::vector<std::string> fillers(const XsdSimple& type, const contract::Facts& facts) {
  std::vector<std::string> out;
  if (!type.enumeration.empty()) {
    out.push_back(most_telling(type.enumeration, facts.is_outage));
    out.insert(out.end(), type.enumeration.begin(), type.enumeration.end());
    return out;
  }
  for (const auto& step : type.patterns) {
    for (const contract::XsdPattern& pattern : step) {
      for (const std::size_t least : {std::size_t{1}, type.min_length.value_or(0)}) {
        const auto text =
            pattern.shortest(least, type.max_length.value_or(contract::XsdPattern::kMaxSample));
        if (text) out.push_back(*text);
      }
    }
  }
  const auto known = facts.since ? facts.since : facts.until;
  switch (type.space) {
    case XsdSpace::kText:
      out.emplace_back();
      out.push_back(padding("", type.min_length.value_or(0)));
      break;
    case XsdSpace::kToken:
    case XsdSpace::kName:
      out.emplace_back("ServiceUnavailable");
      out.push_back(padding("x", type.min_length.value_or(0)));
      break;
    case XsdSpace::kLanguage:
      out.emplace_back(facts.language);
      break;
    case XsdSpace::kUri:
      out.emplace_back("about:blank");
      break;
    case XsdSpace::kBoolean:
      out.emplace_back("false");
      out.emplace_back("true");
      break;
    case XsdSpace::kNumber:
      out.emplace_back("0");
      if (type.least)
        out.push_back(fmt::format("{:.0f}", std::ceil(*type.least) + (type.above_least ? 1 : 0)));
      if (type.most)
        out.push_back(fmt::format("{:.0f}", std::floor(*type.most) - (type.below_most ? 1 : 0)));
      if (type.least) out.push_back(fmt::format("{}", *type.least));
      break;
    case XsdSpace::kDuration:
      out.emplace_back("PT0S");
      break;
    case XsdSpace::kBinary:
      out.emplace_back();
      break;
    default:
      // Nothing is known of the time: the start of the era is recognisably none.
      out.push_back(in_form(type.space, known ? http::rfc3339(*known) : "1970-01-01T00:00:00Z"));
  }
  return out;
}

std::optional<XsdSample> sample_list(const XsdSimple& type, const contract::Facts& facts) {
  XsdSample out;
  const std::size_t count = type.min_length.value_or(0);
  if (count > 64) return {};
  for (std::size_t i = 0; i < count; ++i) {
    const auto item = sample(type.members.front(), contract::FieldFact::kNone, facts);
    if (!item || item->text.empty()) return {};
    out.text += (i == 0 ? "" : " ") + item->text;
  }
  return out;
}

}  // namespace

bool is_built_in(const base::XmlName& name) {
  return built_in(name) != nullptr;
}

base::Result<XsdSimple> simple_type_named(const XsdSchemas& schemas, const base::XmlName& name) {
  return SimpleReader(schemas).named(name, 0);
}

base::Result<XsdSimple> simple_type_at(const XsdSchemas& schemas, const XsdComponent& type) {
  return SimpleReader(schemas).at(type, 0);
}

base::Result<XsdSimple> restrict_simple(XsdSimple base, const XsdComponent& restriction) {
  std::vector<contract::XsdPattern> step;
  std::vector<std::string> values;
  for (const pugi::xml_node& node : restriction.node.children()) {
    if (node.type() != pugi::node_element) continue;
    const Facet facet{base::local_part(node.name()), node.attribute("value").value()};
    const std::string_view wrong = read_facet(facet, base, step, values);
    if (!wrong.empty())
      return restriction.schema->file->error(node, "a simple type: " + std::string(wrong));
  }
  if (!step.empty()) base.patterns.push_back(std::move(step));
  if (!values.empty()) base.enumeration = std::move(values);
  return base;
}

bool is_valid(const XsdSimple& type, std::string_view text, const contract::Facts& facts) {
  if (facts.seconds.empty() || text.find(facts.seconds) == std::string_view::npos) {
    return is_valid_atom(type, text);
  }
  // The seconds come later: the text must be valid with few and with many.
  return is_valid_atom(type, with_seconds(text, facts.seconds, "1")) &&
         is_valid_atom(type, with_seconds(text, facts.seconds, std::to_string(facts.most_seconds)));
}

std::optional<XsdSample> sample(const XsdSimple& type, contract::FieldFact wanted,
                                const contract::Facts& facts) {
  if (type.is_list) return sample_list(type, facts);
  std::optional<XsdSample> filler;
  for (const XsdSimple& member : type.members) {
    auto made = sample(member, wanted, facts);
    if (!made || !is_valid(type, made->text, facts)) continue;
    if (made->is_true) return made;
    if (!filler) filler = std::move(made);
  }
  if (!type.members.empty()) return filler;
  const bool is_stamp =
      wanted == contract::FieldFact::kSince || wanted == contract::FieldFact::kUntil;
  for (std::string& text : truths(type, wanted, facts)) {
    if (is_temporal(type.space) != is_stamp && type.space != XsdSpace::kText) continue;
    if (is_stamp) text = in_form(type.space, text);
    if (!text.empty() && is_valid(type, text, facts)) return XsdSample{std::move(text), true};
  }
  for (std::string& text : fillers(type, facts)) {
    if (is_valid(type, text, facts)) return XsdSample{std::move(text), false};
  }
  return {};
}

}  // namespace intermission::wsdl
