// Reads API documents into an ApiContract: their operations, what each promises, and the findings
// that come up on the way. For ApiContract::load() alone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "openapi/api_contract.h"
#include "openapi/maintenance_override.h"

namespace intermission::openapi {

class ContractReader {
 public:
  explicit ContractReader(const std::string& path);

  /// Takes in one document. False where the file is no API document at all, if it may be none.
  base::Result<bool> read_document(const std::string& path, bool may_be_none);

  /// Decides what is shared and makes every body once. Of no use after that.
  std::shared_ptr<const ApiContract> finish();

 private:
  /// An operation before it is known what most of the others look like.
  struct Draft {
    Operation operation;
    std::optional<PromisedResponse> response;
    MaintenanceOverride override;
    const ApiDocument* document = nullptr;
  };

  base::Result<bool> read_paths(ApiDocument& document);
  base::Result<bool> read_path(ApiDocument& document, const std::string& path, const ApiPlace& item,
                               const MaintenanceOverride& root);
  base::Result<bool> read_operation(ApiDocument& document, Draft draft, const ApiPlace& place,
                                    const std::vector<std::string>& bases, const std::string& path);
  base::Result<bool> read_responses(ApiDocument& document, const ApiPlace& operation, Draft& draft);
  base::Result<PromisedResponse> read_response(ApiDocument& document, const ApiPlace& place,
                                               ApiNode produces);
  void add_paths(const Draft& draft, const std::vector<std::string>& bases,
                 const std::string& path);

  struct Shape {
    std::size_t count = 0;
    PromisedResponse response;
    const ApiDocument* document = nullptr;
  };
  const Shape* most_shared();
  Promise promise_from(const Draft& draft, const Shape* shared) const;
  std::size_t keep(Promise promise);
  void note_untrue(const Promise& promise, const SaidForm& said, const std::string& user);
  void make_once(Promise& promise, const std::string& user);
  void note(Finding::Level level, std::string rule, std::string message, const std::string& file,
            int line);

  std::shared_ptr<ApiContract> contract_;
  std::vector<Draft> drafts_;
  std::map<std::string, Shape> shapes_;                                      // by signature
  std::unordered_map<const rapidjson::Value*, PromisedResponse> responses_;  // that were read
  std::map<std::string, std::size_t> kept_;
};

}  // namespace intermission::openapi
