#include "openapi/body_xml.h"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "base/text.h"
#include "openapi/body_slots.h"
#include "openapi/schema_view.h"

namespace intermission::openapi {
namespace {

bool is_name(std::string_view name) {
  return !name.empty() && (base::is_alpha(name.front()) || name.front() == '_') &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '-' || c == '.';
         });
}

// What XML 1.0 §2.2 forbids becomes spaces.
std::string clean(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') c = ' ';
  }
  return text;
}

class XmlBody {
 public:
  XmlBody(const ApiFiles& files, SchemaDialect dialect, const contract::Facts& facts)
      : files_(files), dialect_(dialect), facts_(facts) {
    facts_.path = facts.path_in_xml;
  }

  std::optional<std::string> write(ApiNode schema, const rapidjson::Value& body) {
    pugi::xml_document document;
    SchemaView view = view_of({schema});
    const std::string_view reference = view.reference_name();
    add(document, view, is_name(reference) ? reference : "error", body);
    if (failed_) return {};
    std::ostringstream out;
    out << R"(<?xml version="1.0" encoding="utf-8"?>)" << '\n';
    document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return out.str();
  }

 private:
  SchemaView view_of(const std::vector<ApiNode>& schemas) const {
    SchemaView view(files_, dialect_);
    for (const ApiNode schema : schemas) view.add(schema);
    return view;
  }

  std::string scalar(const rapidjson::Value& value) const {
    if (slot_of(value)) return text_of_slot(value, facts_);
    if (value.IsString()) return clean(std::string(text_of(value)));
    return value.IsNull() ? "" : write_json(value, facts_);
  }

  std::string name_for(const SchemaView& view, std::string_view name) {
    const ApiNode hints = view.first("xml");
    std::string_view own = hints["name"].text();
    if (own.empty()) own = name;
    if (!is_name(own)) {
      failed_ = true;
      return "error";
    }
    const std::string_view prefix = hints["prefix"].text();
    return is_name(prefix) ? std::string(prefix) + ":" + std::string(own) : std::string(own);
  }

  void declare_namespace(pugi::xml_node element, const SchemaView& view) const {
    const ApiNode hints = view.first("xml");
    const std::string_view uri = hints["namespace"].text();
    if (uri.empty()) return;
    const std::string_view prefix = hints["prefix"].text();
    const std::string name = is_name(prefix) ? "xmlns:" + std::string(prefix) : "xmlns";
    element.append_attribute(name.c_str()) = clean(std::string(uri)).c_str();
  }

  void add(pugi::xml_node parent, const SchemaView& view, std::string_view name,
           const rapidjson::Value& value) {
    if (value.IsArray()) return add_list(parent, view, name, value);
    pugi::xml_node element = parent.append_child(name_for(view, name).c_str());
    declare_namespace(element, view);
    if (!value.IsObject()) {
      element.text().set(scalar(value).c_str());
      return;
    }
    add_members(element, view, value);
  }

  void add_members(pugi::xml_node element, SchemaView view, const rapidjson::Value& object) {
    for (int i = 0; i < 8 && !view.open_choices().empty(); ++i) choose(view, object);
    const auto properties = view.properties();
    for (const auto& member : object.GetObject()) {
      const std::string_view name = text_of(member.name);
      const auto property = std::find_if(properties.begin(), properties.end(),
                                         [&](const auto& one) { return one.name == name; });
      const SchemaView inner =
          view_of(property == properties.end() ? std::vector<ApiNode>{} : property->schemas);
      if (inner.first("xml")["attribute"].is_true() && !member.value.IsObject()) {
        element.append_attribute(name_for(inner, name).c_str()) = scalar(member.value).c_str();
      } else {
        add(element, inner, name, member.value);
      }
    }
  }

  // Takes in the alternative by which the body was made: the first that it is valid by.
  void choose(SchemaView& view, const rapidjson::Value& object) const {
    const ApiNode choice = view.open_choices().front();
    rapidjson::Document pool;
    const rapidjson::Value example = concrete(object, facts_, pool.GetAllocator());
    SchemaCheck check(files_, dialect_);
    for (const auto& item : choice.value->GetArray()) {
      const ApiNode alternative{choice.file, &item};
      if (!check.problem(alternative, example)) return view.choose(choice, alternative);
    }
    view.choose(choice, {});
  }

  void add_list(pugi::xml_node parent, const SchemaView& view, std::string_view name,
                const rapidjson::Value& list) {
    const SchemaView items = view_of({view.first("items")});
    const bool is_root = parent.type() == pugi::node_document;
    if (is_root || view.first("xml")["wrapped"].is_true()) {
      parent = parent.append_child(name_for(view, name).c_str());
      declare_namespace(parent, view);
    }
    for (const auto& item : list.GetArray()) add(parent, items, name, item);
  }

  const ApiFiles& files_;
  SchemaDialect dialect_;
  contract::Facts facts_;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> write_xml(const ApiFiles& files, SchemaDialect dialect, ApiNode schema,
                                     const rapidjson::Value& body, const contract::Facts& facts) {
  return XmlBody(files, dialect, facts).write(schema, body);
}

}  // namespace intermission::openapi
