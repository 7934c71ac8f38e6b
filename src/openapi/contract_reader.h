// Reads API documents into an ApiContract: their operations, what each promises, and the findings
// that come up on the way. For ApiContract::load() alone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
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
  /// `root` is as ApiFiles::open() takes it.
  ContractReader(const std::string& path, std::string root);

  /// Takes in one document. False where the file is no API document at all, if it may be none.
  base::Result<bool> read_document(const std::string& path, bool may_be_none);

  /// Notes a document that cannot be taken in, beside others that can.
  void note_broken(const base::Error& problem);

  /// Decides what is shared and makes every body once. Of no use after that.
  std::shared_ptr<const ApiContract> finish();

 private:
  /// An operation before it is known what most of the others look like.
  struct Draft {
    Operation operation;
    std::optional<PromisedResponse> response;
    std::map<std::string, PromisedResponse> own_failures;  // by status, 500 to 599
    MaintenanceOverride override;
    const ApiDocument* document = nullptr;
  };

  base::Result<bool> read_paths(ApiDocument& document);
  void read_path(ApiDocument& document, const std::string& path, const ApiPlace& item,
                 const MaintenanceOverride& root);
  void read_operation(ApiDocument& document, std::string_view method, const std::string& path,
                      const ApiPlace& item, const ApiPlace& place,
                      const MaintenanceOverride& around);
  void read_responses(ApiDocument& document, const ApiPlace& operation, Draft& draft);
  void read_speaking(ApiDocument& document, const ApiPlace& responses, ApiNode produces,
                     Draft& draft);
  void count_shape(ApiDocument& document, std::string_view status, PromisedResponse response,
                   Draft& draft);
  static bool is_about_success(ApiDocument& document, const ApiPlace& responses,
                               const ApiPlace& response);
  std::optional<PromisedResponse> read_response(ApiDocument& document, const ApiPlace& place,
                                                ApiNode produces);
  void add_paths(const Draft& draft, const std::vector<std::string>& bases,
                 const std::string& path);
  void note_oddities(const ApiFiles& files);

  /// What error responses look like that have one signature.
  struct Shape {
    std::size_t count = 0;
    PromisedResponse response;
    const ApiDocument* document = nullptr;
    bool is_of_client_error = false;  // it was never seen but under a 4xx
    // Known once all documents are read:
    bool is_true = false;  // a form of it tells something, and nothing of another error
    int fixed = 0;         // see BodyMaker::fixed()
  };
  void judge(Shape& shape) const;
  const Shape* most_shared() const;
  const Shape* true_shape_of(const PromisedResponse& response) const;
  const PromisedResponse* response_of(const Draft& draft, const Shape* shared,
                                      Promise& promise) const;
  Promise promise_from(const Draft& draft, const Shape* shared) const;
  std::size_t keep(Promise promise);
  void note_said(const Promise& promise, const SaidForm& said, const std::string& user);
  void note_patterns(const Promise& promise, const std::set<std::string>& patterns,
                     const std::string& user);
  void make_once(Promise& promise, const std::string& user);
  void note(Finding::Level level, std::string rule, std::string message, const std::string& file,
            int line);

  std::shared_ptr<ApiContract> contract_;
  std::string root_;
  std::vector<Draft> drafts_;
  std::map<std::string, Shape> shapes_;                                      // by signature
  std::unordered_map<const rapidjson::Value*, PromisedResponse> responses_;  // that were read
  std::map<std::string, std::size_t> kept_;
};

}  // namespace intermission::openapi
