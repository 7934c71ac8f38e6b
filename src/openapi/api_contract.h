// The contract of a service: the API documents (OpenAPI 3.1, 3.0, Swagger 2.0; JSON or YAML) that
// its clients were generated from. Says which operation a request is for, what was promised for it
// in a time when the service is down, and makes exactly that.
//
//   auto contract = ApiContract::load("contracts/orders.yaml");      // or a folder of them
//   const Promise& promise = (*contract)->promise_for("GET", "/orders/7");
//   for (const SaidForm& said : (*contract)->say(promise, facts)) offer(said);
//
// Bodies are made and held against their schemas once when the contract is loaded; what cannot be
// made valid is left out, with a Finding, and then the gateway's own dialects answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "contract/facts.h"
#include "openapi/api_files.h"
#include "openapi/api_promise.h"
#include "openapi/id_limits.h"
#include "openapi/path_trie.h"

namespace intermission::openapi {

struct ApiDocument {
  std::unique_ptr<ApiFiles> files;
  SchemaDialect dialect = SchemaDialect::kOpenApi31;
  std::string version;  // as written: "3.0.3"
};

/// What is said to the clients of some operations.
struct Promise {
  const ApiDocument* document = nullptr;  // null where nothing is promised at all
  DeclaredBy origin = DeclaredBy::kNothing;
  std::string file;  // where the response is declared
  int line = 0;
  std::string own_status;           // "500": which of its own failures speaks for now
  std::vector<PromisedForm> forms;  // empty: the gateway's own dialects answer
  std::vector<std::pair<std::string, ApiNode>> headers;
  // By x-maintenance:
  std::uint16_t status = 503;
  std::optional<std::string> dialect;
  std::vector<std::pair<std::string, std::string>> fields;
  bool is_overridden = false;
};

struct Operation {
  std::string method;
  std::string path;  // the template, with the base path of its first server
  std::string file;
  int line = 0;
  std::string response_file;  // where what it promises is declared
  int response_line = 0;
  std::string own_status;   // "500" where that response of its own gives the form; else empty
  std::size_t promise = 0;  // into promises()
  /// What the operation itself declares, whether a body could be made of it or not.
  DeclaredBy declares = DeclaredBy::kNothing;
};

/// One promised form, made. `fields` and `body` hold what Facts says stands for what is not known
/// yet; fields are lines, each with CRLF.
struct SaidForm {
  std::string media_type;
  std::string content_type;
  Syntax syntax = Syntax::kJson;
  std::string fields;
  std::string body;
  IdLimits ids;  // what a request's ids must be like, if it is to be said this
  /// Members that the schema requires but allows no true value: something else stands in them.
  std::vector<std::string> untrue;
  /// Members that have no room for an ordinary message.
  std::vector<std::string> cut;
  /// Patterns that are not understood. What they apply to is left out.
  std::set<std::string> unknown_patterns;
};

/// Immutable; any thread.
class ApiContract {
 public:
  /// A document, or a folder: then every .json, .yaml and .yml in it that is an API document.
  /// References may lead to files below `root` (see ApiFiles::open()).
  static base::Result<std::shared_ptr<const ApiContract>> load(const std::string& path,
                                                               const std::string& root = "");

  struct Match {
    const Operation* operation = nullptr;  // null: no operation of the contract
    bool is_path_known = false;
    const Promise* promise = nullptr;  // never null
  };
  /// `path` is decoded, encoded slashes apart (see keep_slashes() of path_trie.h). What no document
  /// knows is answered in the API's usual error shape: during maintenance nothing is known to be
  /// missing. Allocates nothing.
  Match find(std::string_view method, std::string_view path, std::string_view query = {}) const;

  /// The forms of a promise with those facts. Fewer than promised where a fact, such as a message,
  /// makes one impossible.
  std::vector<SaidForm> say(const Promise& promise, const contract::Facts& facts) const;

  const std::vector<Operation>& operations() const { return operations_; }
  const std::vector<Promise>& promises() const { return promises_; }
  std::size_t index_of(const Promise& promise) const {
    return static_cast<std::size_t>(&promise - promises_.data());
  }
  const std::vector<Finding>& findings() const { return findings_; }
  const std::vector<std::unique_ptr<ApiDocument>>& documents() const { return documents_; }
  const std::string& path() const { return path_; }

 private:
  friend class ContractReader;
  ApiContract() = default;

  std::string path_;
  std::vector<std::unique_ptr<ApiDocument>> documents_;
  PathTrie paths_;
  std::vector<Operation> operations_;
  std::vector<Promise> promises_;  // the first is for what no document knows
  std::vector<Finding> findings_;
};

}  // namespace intermission::openapi
