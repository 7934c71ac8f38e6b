#include "wsdl/wsdl_published.h"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "base/hex.h"
#include "base/text.h"

namespace intermission::wsdl {
namespace {

// Noncharacters (U+FDD1, U+FDD2) that no document holds: the reader sees to that.
constexpr std::string_view kBaseMark = "\xEF\xB7\x91";  // scheme://authority
constexpr std::string_view kPathMark = "\xEF\xB7\x92";

// The main document has no other name than ?wsdl, lest it be two for a client that goes in circles.
std::string location_of(const WsdlFiles& files, const WsdlFile& file) {
  if (&file == files.files.front().get()) {
    return std::string(kBaseMark) + std::string(kPathMark) + "?wsdl";
  }
  return std::string(kBaseMark) + std::string(kPathMark) + (file.is_schema ? "?xsd=" : "?wsdl=") +
         base::percent_encoded(file.name, "-._~/");
}

// An address elsewhere (mail, queues) stays; a path stays at the host asked; and what is no URI
// (REPLACE_WITH_ACTUAL_URL) stands for where it is fetched.
std::string address_for(std::string_view location) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!base::istarts_with(location, scheme)) continue;
    const auto path = location.find('/', scheme.size());
    return std::string(kBaseMark) +
           std::string(path == std::string_view::npos ? "" : location.substr(path));
  }
  if (location.starts_with('/')) return std::string(kBaseMark) + std::string(location);
  if (location.find(':') != std::string_view::npos) return std::string(location);
  return std::string(kBaseMark) + std::string(kPathMark);
}

void rewrite_addresses(const pugi::xml_node& definitions) {
  for (const pugi::xml_node& service : definitions.children()) {
    if (!is_wsdl(service, "service")) continue;
    for (const pugi::xml_node& port : service.children()) {
      for (const pugi::xml_node& address : port.children()) {
        if (base::local_part(address.name()) != "address") continue;
        pugi::xml_attribute location = address.attribute("location");
        location.set_value(address_for(location.value()).c_str());
      }
    }
  }
}

void rewrite_locations(const WsdlFiles& files, const WsdlFile& file, const pugi::xml_node& root) {
  for (WsdlReference& reference : references_of(root)) {
    const WsdlFile* target = files.find(file, reference.location.value());
    if (target != nullptr) reference.location.set_value(location_of(files, *target).c_str());
  }
}

std::string to_text(pugi::xml_document& document) {
  pugi::xml_node declaration = document.first_child();
  if (declaration.type() == pugi::node_declaration) document.remove_child(declaration);
  std::ostringstream out;
  out << R"(<?xml version="1.0" encoding="utf-8"?>)" << '\n';
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return out.str();
}

WsdlPublished::Document publish(const WsdlFiles& files, const WsdlFile& file) {
  pugi::xml_document copy;
  copy.reset(file.document);
  const pugi::xml_node root = copy.document_element();
  rewrite_addresses(root);
  rewrite_locations(files, file, root);
  return {file.name, base::percent_encoded(file.name, "-._~/"), to_text(copy), file.is_schema};
}

// ------------------------------------------------------------------ all in one

// What `node`'s surroundings declare and it does not: it is to stand elsewhere.
void bring_namespaces(const pugi::xml_node& original, pugi::xml_node copy) {
  for (pugi::xml_node around = original.parent(); around; around = around.parent()) {
    for (const pugi::xml_attribute& attribute : around.attributes()) {
      const std::string_view name = attribute.name();
      const bool declares = name == "xmlns" || name.starts_with("xmlns:");
      if (declares && !copy.attribute(attribute.name())) copy.append_copy(attribute);
    }
  }
  // Names without a prefix stay in no namespace below a default one.
  const bool is_inside_another = !base::namespace_at(copy.parent(), "").empty();
  if (is_inside_another && !copy.attribute("xmlns")) copy.append_attribute("xmlns") = "";
}

pugi::xml_node copy_to(pugi::xml_node parent, const pugi::xml_node& original) {
  pugi::xml_node copy = parent.append_copy(original);
  bring_namespaces(original, copy);
  return copy;
}

class SingleDocument {
 public:
  SingleDocument(const WsdlFiles& files, const XsdSchemas& schemas)
      : files_(files), schemas_(schemas) {
    merge(*files.files.front());
  }

  std::string text() {
    const pugi::xml_node main = files_.files.front()->document.document_element();
    pugi::xml_node root = out_.append_child(main.name());
    for (const pugi::xml_attribute& attribute : main.attributes()) root.append_copy(attribute);
    copy_all(root, "documentation");
    for (const auto& [file, node] : kept_imports_) {
      pugi::xml_node copy = copy_to(root, node);
      if (file == nullptr) continue;  // not here: it stays as it was written
      copy.attribute("location").set_value(location_of(files_, *file).c_str());
    }
    copy_schemas(root);
    for (const char* kind : {"message", "portType", "binding", "service"}) copy_all(root, kind);
    rewrite_addresses(root);
    return to_text(out_);
  }

 private:
  // Definitions of another target namespace cannot stand in the same document.
  void merge(const WsdlFile& file) {
    if (!merged_.insert(&file).second) return;
    order_.push_back(&file);
    const pugi::xml_node root = file.document.document_element();
    const std::string_view target = root.attribute("targetNamespace").value();
    for (const pugi::xml_node& node : root.children()) {
      if (!is_wsdl(node, "import")) continue;
      const WsdlFile* other = files_.find(file, node.attribute("location").value());
      if (other == nullptr && !std::string_view(node.attribute("location").value()).empty()) {
        kept_imports_.emplace_back(nullptr, node);
      }
      if (other == nullptr || other->is_schema) continue;
      const pugi::xml_node other_root = other->document.document_element();
      if (target == other_root.attribute("targetNamespace").value()) {
        merge(*other);
      } else {
        kept_imports_.emplace_back(other, node);
      }
    }
  }

  void copy_all(pugi::xml_node root, std::string_view kind) {
    for (const WsdlFile* file : order_) {
      if (kind == "documentation" && file != order_.front()) continue;
      for (const pugi::xml_node& node : file->document.document_element().children()) {
        // Its policies and other extensions go along with the messages.
        const bool foreign = kind == "message" && node.type() == pugi::node_element &&
                             base::element_name(node).space != kWsdlNamespace;
        if (foreign || is_wsdl(node, kind)) copy_to(root, node);
      }
    }
  }

  void copy_schemas(pugi::xml_node root) {
    const std::string_view prefix = base::prefix_part(root.name());
    const std::string name = prefix.empty() ? "types" : std::string(prefix) + ":types";
    pugi::xml_node types = root.append_child(name.c_str());
    for (const XsdSchema& schema : schemas_.all()) {
      if (!schema.file->is_schema && !merged_.contains(schema.file)) continue;
      if (schema.target.empty() && is_taken_on(schema)) continue;
      pugi::xml_node copy = copy_to(types, schema.root);
      if (schema.takes_target_of_includer) take_target(copy, schema.target);
      inline_references(*schema.file, copy);
    }
    if (!types.first_child()) root.remove_child(types);
  }

  bool is_taken_on(const XsdSchema& schema) const {
    return std::any_of(schemas_.all().begin(), schemas_.all().end(), [&](const XsdSchema& other) {
      return other.root == schema.root && !other.target.empty();
    });
  }

  static void take_target(pugi::xml_node schema, const std::string& target) {
    schema.append_attribute("targetNamespace") = target.c_str();
    pugi::xml_attribute space = schema.attribute("xmlns");
    if (!space) space = schema.append_attribute("xmlns");
    if (std::string_view(space.value()).empty()) space = target.c_str();
  }

  // What was included or imported stands beside it.
  void inline_references(const WsdlFile& file, pugi::xml_node schema) {
    for (WsdlReference& reference : references_of(schema)) {
      const WsdlFile* target = files_.find(file, reference.location.value());
      if (target == nullptr) continue;
      const std::string_view kind = base::local_part(reference.node.name());
      if (kind == "redefine") reference.location.set_value(location_of(files_, *target).c_str());
      if (kind == "import") reference.node.remove_attribute(reference.location);
      if (kind == "include") schema.remove_child(reference.node);
    }
  }

  const WsdlFiles& files_;
  const XsdSchemas& schemas_;
  pugi::xml_document out_;
  std::set<const WsdlFile*> merged_;
  std::vector<const WsdlFile*> order_;
  std::vector<std::pair<const WsdlFile*, pugi::xml_node>> kept_imports_;
};

// ------------------------------------------------------------------ what is asked for

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

WsdlPublished::WsdlPublished(const WsdlFiles& files, const XsdSchemas& schemas) {
  documents_.reserve(files.files.size());
  for (const auto& file : files.files) documents_.push_back(publish(files, *file));
  single_.marked = SingleDocument(files, schemas).text();
}

const WsdlPublished::Document* WsdlPublished::find(std::string_view query) const {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    const auto equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    if (base::iequals(name, "singleWsdl")) return &single_;
    const bool wsdl = base::iequals(name, "wsdl");
    if (!wsdl && !base::iequals(name, "xsd")) continue;
    if (wsdl && value.empty()) return &documents_.front();
    for (const Document& document : documents_) {
      if (document.is_schema == wsdl) continue;
      if (value == document.encoded || value == document.name) return &document;
    }
    return nullptr;
  }
  return nullptr;
}

std::string WsdlPublished::text_for(const Document& document, const WsdlPlace& place) {
  std::string base;
  append_escaped(base, place.scheme);
  base += "://";
  append_escaped(base, place.authority);
  std::string path;
  append_escaped(path, place.path);
  std::string out;
  std::string_view rest = document.marked;
  for (auto at = rest.find("\xEF\xB7"); at != std::string_view::npos; at = rest.find("\xEF\xB7")) {
    out += rest.substr(0, at);
    const std::string_view mark = rest.substr(at, kBaseMark.size());
    out += mark == kBaseMark   ? std::string_view(base)
           : mark == kPathMark ? std::string_view(path)
                               : mark;
    rest.remove_prefix(at + mark.size());
  }
  out += rest;
  return out;
}

}  // namespace intermission::wsdl
