// What an API document promises its clients for a time in which the service is down: the response
// that it declares for 503, else for 5XX, else for everything that is not declared (`default`).
// Where it declares none of them, what most of its error responses look like.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "openapi/api_files.h"
#include "openapi/schema_check.h"

namespace intermission::openapi {

/// Where the form of an answer was found, the surest first.
enum class DeclaredBy : std::uint8_t {
  k503,         // declared for 503
  k5xx,         // for 5XX
  kDefault,     // for what is not declared otherwise
  kOwnFailure,  // not declared; its own response for another failure of the service, such as 500
  kShared,      // not declared; what most error responses of the API look like
  kNothing,
};
/// "503", "5XX", "default", "own failure", "shared", "nothing".
std::string_view name_of(DeclaredBy origin);

/// As x-maintenance's dialect: the gateway's own answers, negotiated as without a contract.
inline constexpr std::string_view kOwnDialect = "own";

enum class Syntax : std::uint8_t { kJson, kXml, kText, kSvg };

/// One media type under which a body is promised.
struct PromisedForm {
  std::string media_type;    // lower case, without parameters
  std::string content_type;  // as declared
  Syntax syntax = Syntax::kJson;
  ApiNode schema;   // absent: everything is allowed
  ApiNode example;  // absent: none
  bool is_example_about_maintenance = false;
  bool is_example_of_client_error = false;  // what it says in words is of no use
};

/// A response as declared. `forms` is empty where it has no body, or none that can be made.
struct PromisedResponse {
  ApiPlace place;
  std::vector<PromisedForm> forms;
  std::vector<std::pair<std::string, ApiNode>> headers;  // required ones, with their schemas
  std::vector<std::string> foreign_types;                // declared, but nothing made here is one
  bool is_nearest = false;                               // the form stands in for foreign types
  /// Responses that look the same have the same signature.
  std::string signature;
};

/// The same text for schemas, or examples, that say the same.
std::string signature_of(ApiNode schema, const ApiFiles& files);

/// Something worth knowing about a document, for `check`.
struct Finding {
  enum class Level : std::uint8_t { kNote, kWarning, kError };
  Level level = Level::kWarning;
  std::string rule;  // a short name in lower case: "no-valid-body"
  std::string message;
  std::string file = {};
  int line = 0;
};
std::string_view name_of(Finding::Level level);

/// Reads responses of one document. References in them are followed on the way.
class ResponseReader {
 public:
  ResponseReader(ApiFiles& files, SchemaDialect dialect) : files_(files), dialect_(dialect) {}

  /// `produces` is what Swagger 2.0 says of the types of an operation; absent elsewhere. What
  /// cannot be followed is noted by the files and left out.
  PromisedResponse read(const ApiPlace& response, ApiNode produces);

 private:
  void read_content(const ApiPlace& response, PromisedResponse& out);
  void read_swagger(const ApiPlace& response, ApiNode produces, PromisedResponse& out);
  void read_examples(const ApiPlace& media_type, PromisedForm& form);
  void read_headers(const ApiPlace& response, PromisedResponse& out);
  void add_form(std::string_view type, const ApiPlace& schema, PromisedForm form,
                PromisedResponse& out);
  void add_nearest(const ApiPlace& schema, PromisedResponse& out);

  ApiFiles& files_;
  SchemaDialect dialect_;
};

/// One of an operation's responses that speaks for 503, and by which of its keys.
struct Speaking {
  DeclaredBy origin = DeclaredBy::kNothing;
  ApiPlace place;
};
/// The nearest first.
std::vector<Speaking> speaking_responses(const ApiPlace& responses);

}  // namespace intermission::openapi
