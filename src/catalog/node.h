// A value of the configuration file together with its place, so that an error
// can name that place.
//
//   const Node services = Node(document)["services"];
//   services.items()[0]["name"].place();                // "services[0].name"
//   services.items()[0]["name"].error("expected …");
//       // "my.yaml:7: services[0].name: expected …"
//
// A Node is a view: the Document must outlive it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/named_file.h"
#include "document/document.h"

namespace intermission::catalog {

class Node {
 public:
  /// The whole document.
  explicit Node(const document::Document& document)
      : document_(&document), value_(&document.value) {}

  /// Whether the file holds the value at all. One that is absent has a place all the same.
  explicit operator bool() const { return value_ != nullptr; }
  /// Only of a value that is there.
  const rapidjson::Value& value() const { return *value_; }

  /// A member of an object; absent if this is not an object, or has no such member.
  Node operator[](std::string_view key) const;
  /// The items of a list, the members of an object; none of anything else.
  std::vector<Node> items() const;
  std::vector<std::pair<std::string_view, Node>> members() const;

  /// The characters of a string; empty of anything else.
  std::string_view text() const;

  /// text() as the name of a file; one that is not absolute is in the folder of this file.
  std::string path() const;
  /// That file and this place; no file where the value is absent or empty.
  NamedFile named_file() const;

  /// "services[0].rules[1].when.path"; "the document" for the root.
  std::string place() const;
  /// The file as it was named to us.
  const std::string& file() const { return document_->file; }
  int line() const { return document_->line_of(pointer_); }

  base::Error error(const std::string& message) const;
  /// "expected <what>, got <this value>".
  base::Error expected(std::string_view what) const;

 private:
  Node(const document::Document* document, const rapidjson::Value* value, std::string pointer)
      : document_(document), value_(value), pointer_(std::move(pointer)) {}

  const document::Document* document_;
  const rapidjson::Value* value_;
  std::string pointer_;
};

/// A JSON Pointer as people write places: "/services/0/hosts" is "services[0].hosts". Numbers
/// are taken for list indexes where `root` has a list there.
std::string place_of(const rapidjson::Value& root, std::string_view pointer);

/// One value in few words: `a string ("80")`, `a number (5)`, `true`, `a list`, `an empty map`,
/// `nothing`. Always printable.
std::string describe(const rapidjson::Value& value);

}  // namespace intermission::catalog
