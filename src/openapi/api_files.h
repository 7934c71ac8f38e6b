// An API document (OpenAPI, Swagger) and the files beside it that it refers to.
//
//   auto files = ApiFiles::open("contracts/orders.yaml", "contracts");
//   const ApiPlace paths = (*files)->resolved((*files)->root_place()["paths"]);
//   for (const base::Error& problem : (*files)->problems()) say(problem.text());
//
// References (`$ref`) lead to places in the same file, or in files below a root folder; symbolic
// links are followed before that is asked. A place is named by a JSON Pointer, an `$anchor`, or the
// `$id` of a schema in a file that was read (JSON Schema 2020-12 §8.2). Nothing outside the root is
// read and nothing over the network: such a reference, and one that leads nowhere or back to
// itself, is an Error that names document and line, and costs only what it stands for.
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "document/document.h"
#include "openapi/schema_names.h"

namespace intermission::openapi {

inline constexpr std::size_t kMaxApiFiles = 1000;
inline constexpr std::size_t kMaxApiText = 1024 * 1024;  // of one string
inline constexpr int kMaxReferences = 64;                // from one to the next

struct ApiFile {
  std::string name;  // as messages name it
  std::string path;  // canonical
  document::Document document;
};

/// A value in a file; absent where `value` is null. A view.
struct ApiNode {
  const ApiFile* file = nullptr;
  const rapidjson::Value* value = nullptr;

  explicit operator bool() const { return value != nullptr; }
  bool operator==(const ApiNode& other) const { return value == other.value; }
  bool is_object() const { return value != nullptr && value->IsObject(); }
  /// A member of an object; absent if this is not an object, or has no such member.
  ApiNode operator[](std::string_view key) const;
  /// The characters of a string; empty of anything else.
  std::string_view text() const;
  /// Whether this is `true`.
  bool is_true() const { return value != nullptr && value->IsTrue(); }
};

std::string_view text_of(const rapidjson::Value& value);

/// A node with the JSON Pointer of where it stands, for messages.
struct ApiPlace {
  ApiNode node;
  std::string pointer;

  ApiPlace operator[](std::string_view key) const;
  /// Where a member of this object stands. For loops over members: nothing is looked up.
  ApiPlace of(const rapidjson::Value::Member& member) const;
  int line() const { return node.file->document.line_of(pointer); }
  base::Error error(std::string message) const;
};

class ApiFiles {
 public:
  /// Reads the document itself; what it refers to is read when it is followed. Files of the folder
  /// that the document stands in may always be referred to, and those below `root` if it names a
  /// folder around that one.
  static base::Result<std::unique_ptr<ApiFiles>> open(const std::string& path,
                                                      const std::string& root = "");

  const ApiFile& root() const { return *root_; }
  ApiPlace root_place() const { return {{root_, &root_->document.value}, ""}; }

  /// Where a chain of references ends; the place itself if it is none. What was followed once is
  /// known to target() for ever.
  base::Result<ApiPlace> follow(ApiPlace place);

  /// The same, but a problem is noted, and the place is absent then. An absent place stays so.
  ApiPlace resolved(const ApiPlace& place);

  /// Follows every reference in a schema and in what it refers to, so that target() knows them. One
  /// that leads nowhere is noted and stays: a schema that no value satisfies.
  void follow_all(const ApiPlace& schema);

  /// What was noted, each reference once.
  const std::vector<base::Error>& problems() const { return problems_; }

  /// The documents that were read.
  std::vector<const ApiFile*> files() const;

  /// The end of a chain that was followed; the node itself if it is no reference. Allocates
  /// nothing. Any thread, while no thread follows references.
  ApiNode target(ApiNode node) const;

  /// Forgets where everything stands: lines are of no use, or memory, once all is loaded.
  void forget_lines();

 private:
  ApiFiles() = default;
  base::Result<const ApiFile*> read(const std::string& path, const std::string& name);
  base::Result<ApiPlace> follow_once(const ApiPlace& place, std::string_view reference);
  base::Result<const ApiFile*> file_at(const ApiPlace& place, std::string_view where);
  ApiPlace find_by_name(const ApiPlace& place, std::string_view reference);
  std::string described_root() const;
  void note(base::Error problem);
  void walk(const ApiPlace& place, bool is_map);
  void walk_members(const ApiPlace& place, bool is_map);

  std::string folder_;       // canonical, with "/" at its end
  std::string root_folder_;  // the same, of what may be read
  const ApiFile* root_ = nullptr;
  std::map<std::string, std::unique_ptr<ApiFile>> files_;  // by canonical path
  std::unordered_map<const rapidjson::Value*, ApiNode> targets_;
  std::unordered_map<const rapidjson::Value*, bool> walked_;
  std::map<const ApiFile*, SchemaNames> names_;  // of files that were asked for one
  std::vector<base::Error> problems_;
  int depth_ = 0;
};

/// The reference that a node is; empty if it is none.
std::string_view reference_of(ApiNode node);

}  // namespace intermission::openapi
