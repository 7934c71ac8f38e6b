#include "openapi/contract_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "contract/error_words.h"
#include "openapi/api_servers.h"
#include "openapi/body_maker.h"
#include "openapi/body_xml.h"
#include "openapi/schema_view.h"

namespace intermission::openapi {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 9> kMethods = {"get",  "put",   "post",  "delete", "options",
                                                      "head", "patch", "trace", "query"};
constexpr std::size_t kMaxOperations = 100'000;

// Nothing that a service says of itself is known yet; every slot is there.
contract::Facts sample_facts() {
  contract::Facts facts;
  facts.service = "service";
  facts.title = "Service";
  facts.message = "System currently down for maintenance";
  facts.language = "en";
  facts.seconds = "120";
  facts.most_seconds = 4320;
  facts.now = "2026-12-01T22:30:00Z";
  facts.now_seconds = "1796164200";
  facts.path = facts.path_in_xml = "/path";
  facts.request_id = facts.trace_id = "0123456789abcdef";
  return facts;
}

std::optional<SchemaDialect> dialect_of(std::string_view version) {
  if (version.starts_with("3.0")) return SchemaDialect::kOpenApi30;
  if (version.starts_with("3.")) return SchemaDialect::kOpenApi31;
  return {};
}

/// The version that a document says it is written in; empty for what is no API document.
std::string version_of(ApiNode root) {
  for (const char* key : {"openapi", "swagger"}) {
    const ApiNode version = root[key];
    if (!version.text().empty()) return std::string(version.text());
    // 3.0 without quotes is a number.
    if (version && version.value->IsNumber()) {
      return fmt::format("{:.1f}", version.value->GetDouble());
    }
  }
  return {};
}

// Whether a description says that all went well, and no word of an error.
bool describes_success(std::string_view description) {
  constexpr std::array<std::string_view, 7> kOfErrors = {
      "error", "fail", "problem", "unexpected", "invalid", "wrong", "exception"};
  const std::string text = base::to_lower(description);
  const auto holds = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (std::any_of(kOfErrors.begin(), kOfErrors.end(), holds)) return false;
  if (holds("success") || text == "ok" || text == "200") return true;
  return text.starts_with("ok ") || text.starts_with("ok,") || text.starts_with("ok.");
}

// An element of XML is named after its schema, which may be that of another error.
bool names_another_error(const PromisedForm& form, const ApiDocument& document) {
  if (form.syntax != Syntax::kXml || !form.schema) return false;
  SchemaView view(*document.files, document.dialect);
  view.add(form.schema);
  const std::string_view own = view.first("xml")["name"].text();
  return contract::fitness_of_word(own.empty() ? view.reference_name() : own) < 0;
}

bool is_error_status(std::string_view status) {
  return status.starts_with('4') || status.starts_with('5') || status == "default";
}

}  // namespace

ContractReader::ContractReader(const std::string& path, std::string root)
    : contract_(new ApiContract), root_(std::move(root)) {
  contract_->path_ = path;
}

void ContractReader::note(Finding::Level level, std::string rule, std::string message,
                          const std::string& file, int line) {
  contract_->findings_.push_back({level, std::move(rule), std::move(message), file, line});
}

void ContractReader::note_broken(const base::Error& problem) {
  note(Finding::Level::kError, "broken-document", problem.message, problem.file, problem.line);
}

base::Result<bool> ContractReader::read_document(const std::string& path, bool may_be_none) {
  auto files = ApiFiles::open(path, root_);
  if (!files) return files.error();
  const ApiPlace root = (*files)->root_place();
  const std::string version = version_of(root.node);
  if (version.empty() && may_be_none) return false;
  auto document = std::make_unique<ApiDocument>();
  document->version = version;
  document->files = std::move(*files);
  if (root.node["swagger"] && version == "2.0") {
    document->dialect = SchemaDialect::kSwagger2;
  } else if (const auto dialect = dialect_of(version); dialect && root.node["openapi"]) {
    document->dialect = *dialect;
  } else {
    const ApiPlace at = version.empty() ? root : root[root.node["openapi"] ? "openapi" : "swagger"];
    return at.error("expected an API document with openapi: 3.0 or 3.1, or swagger: \"2.0\", got " +
                    (version.empty() ? "neither" : base::printable(version)));
  }
  const auto read = read_paths(*document);
  if (!read) return read.error();
  note_oddities(*document->files);
  contract_->documents_.push_back(std::move(document));
  return true;
}

// What cannot be used of a document, while the rest is.
void ContractReader::note_oddities(const ApiFiles& files) {
  for (const base::Error& problem : files.problems()) {
    note(Finding::Level::kWarning, "unresolved-reference",
         problem.message + "; what refers to it is left out", problem.file, problem.line);
  }
  for (const ApiFile* file : files.files()) {
    for (const document::Oddity& oddity : file->document.oddities) {
      note(Finding::Level::kWarning, "unusual-value", oddity.message, file->name, oddity.line);
    }
  }
}

base::Result<bool> ContractReader::read_paths(ApiDocument& document) {
  const std::size_t before = drafts_.size();
  const ApiPlace root = document.files->root_place();
  const MaintenanceOverride override = read_override(root, contract_->findings_);
  const ApiPlace paths = document.files->resolved(root["paths"]);
  if (paths.node && !paths.node.is_object()) {
    return paths.error("paths: expected a map of path templates");
  }
  if (paths.node) {
    for (const auto& member : paths.node.value->GetObject()) {
      const std::string path(text_of(member.name));
      if (path == "$ref" || path.starts_with("x-")) continue;
      if (path.starts_with('/')) {
        read_path(document, path, paths.of(member), override);
        continue;
      }
      note(Finding::Level::kWarning, "no-path",
           "paths: expected a path that starts with /, got " + base::printable(path),
           paths.node.file->name, paths[path].line());
    }
  }
  if (drafts_.size() == before) {
    note(Finding::Level::kWarning, "no-operations", "the document has no operations",
         root.node.file->name, root["paths"].node ? root["paths"].line() : root.line());
  }
  return true;
}

// What stands beside a reference counts too, and first (OpenAPI 3.1 §4.8.9).
void ContractReader::read_path(ApiDocument& document, const std::string& path, const ApiPlace& item,
                               const MaintenanceOverride& root) {
  const ApiPlace target = document.files->resolved(item);
  std::set<std::string_view> seen;
  std::vector<ApiPlace> parts = {item};
  if (!(target.node == item.node)) parts.push_back(target);
  for (const ApiPlace& part : parts) {
    if (!part.node.is_object()) continue;
    const MaintenanceOverride override = root.under(read_override(part, contract_->findings_));
    for (const auto& member : part.node.value->GetObject()) {
      const std::string_view key = text_of(member.name);
      const std::string lower = base::to_lower(key);
      const auto method = std::find(kMethods.begin(), kMethods.end(), lower);
      if (method == kMethods.end() || !seen.insert(*method).second) continue;
      const ApiPlace place = document.files->resolved(part.of(member));
      if (!place.node.is_object()) continue;
      if (key == *method) {
        read_operation(document, *method, path, part, place, override);
      } else {
        note(Finding::Level::kWarning, "no-method",
             fmt::format("expected the method {} in lower case, got {}", lower,
                         base::printable(key)),
             part.node.file->name, part.of(member).line());
      }
    }
  }
}

void ContractReader::read_operation(ApiDocument& document, std::string_view method,
                                    const std::string& path, const ApiPlace& item,
                                    const ApiPlace& place, const MaintenanceOverride& around) {
  if (drafts_.size() >= kMaxOperations) {
    if (drafts_.size() == kMaxOperations) {
      note(Finding::Level::kWarning, "too-many-operations",
           "expected at most " + std::to_string(kMaxOperations) + " operations",
           place.node.file->name, place.line());
    }
    return;
  }
  Draft draft;
  draft.operation.method = method;
  for (char& c : draft.operation.method) c = static_cast<char>(c & ~0x20);
  draft.operation.file = place.node.file->name;
  draft.operation.line = place.line();
  draft.override = around.under(read_override(place, contract_->findings_));
  draft.document = &document;
  const auto bases = base_paths(document.files->root_place().node, item.node, place.node);
  draft.operation.path = (bases.front() == "/" ? "" : bases.front()) + path;
  read_responses(document, place, draft);
  add_paths(draft, bases, path);
  drafts_.push_back(std::move(draft));
}

void ContractReader::read_responses(ApiDocument& document, const ApiPlace& operation,
                                    Draft& draft) {
  const ApiPlace responses = document.files->resolved(operation["responses"]);
  if (!responses.node.is_object()) return;
  ApiNode produces = operation.node["produces"];
  if (!produces) produces = document.files->root_place().node["produces"];
  read_speaking(document, responses, produces, draft);
  for (const auto& member : responses.node.value->GetObject()) {
    const std::string_view status = text_of(member.name);
    if (!is_error_status(status)) continue;
    if (status == "default" && is_about_success(document, responses, responses.of(member)))
      continue;
    auto response = read_response(document, responses.of(member), produces);
    if (response) count_shape(document, status, std::move(*response), draft);
  }
}

// The first that can be read of those that speak for 503.
void ContractReader::read_speaking(ApiDocument& document, const ApiPlace& responses,
                                   ApiNode produces, Draft& draft) {
  for (const Speaking& speaking : speaking_responses(responses)) {
    const bool is_success = speaking.origin == DeclaredBy::kDefault &&
                            is_about_success(document, responses, speaking.place);
    if (is_success) {
      note(Finding::Level::kNote, "default-of-success",
           fmt::format("{} {}: its default describes success, not an error", draft.operation.method,
                       base::printable(draft.operation.path)),
           speaking.place.node.file->name, speaking.place.line());
      continue;
    }
    auto response = read_response(document, speaking.place, produces);
    if (!response) continue;
    draft.operation.declares = speaking.origin;
    draft.response = std::move(*response);
    return;
  }
}

// One signature may stand for many statuses; the first that is no client's error is kept.
void ContractReader::count_shape(ApiDocument& document, std::string_view status,
                                 PromisedResponse response, Draft& draft) {
  const bool is_of_client = status.starts_with('4');
  Shape& shape = shapes_[response.signature];
  if (status.starts_with('5')) draft.own_failures.emplace(status, response);
  if (++shape.count > 1 && (is_of_client || !shape.is_of_client_error)) return;
  if (is_of_client) {
    for (PromisedForm& form : response.forms) form.is_example_of_client_error = true;
  }
  shape.response = std::move(response);
  shape.document = &document;
  shape.is_of_client_error = is_of_client;
}

// An operation that declares no other success often describes it in its `default`.
bool ContractReader::is_about_success(ApiDocument& document, const ApiPlace& responses,
                                      const ApiPlace& response) {
  const auto& all = responses.node.value->GetObject();
  const bool declares_success = std::any_of(all.begin(), all.end(), [](const auto& member) {
    const std::string_view status = text_of(member.name);
    return status.starts_with('1') || status.starts_with('2') || status.starts_with('3');
  });
  if (declares_success) return false;
  return describes_success(document.files->resolved(response).node["description"].text());
}

// Many operations share a response by reference: it is read once. Nothing where it leads nowhere.
std::optional<PromisedResponse> ContractReader::read_response(ApiDocument& document,
                                                              const ApiPlace& place,
                                                              ApiNode produces) {
  const ApiPlace target = document.files->resolved(place);
  if (!target.node) return {};
  const bool depends_on_operation = document.dialect == SchemaDialect::kSwagger2;
  const auto known = responses_.find(target.node.value);
  if (known != responses_.end()) return known->second;
  auto read = ResponseReader(*document.files, document.dialect).read(target, produces);
  if (!depends_on_operation) responses_.emplace(target.node.value, read);
  return read;
}

void ContractReader::add_paths(const Draft& draft, const std::vector<std::string>& bases,
                               const std::string& path) {
  const std::size_t index = drafts_.size();
  for (const std::string& base : bases) {
    const std::string whole = (base == "/" ? "" : base) + path;
    if (contract_->paths_.add(draft.operation.method, whole, index)) continue;
    note(Finding::Level::kWarning, "same-path-twice",
         fmt::format("{} {} cannot be told from an operation before it", draft.operation.method,
                     base::printable(whole)),
         draft.operation.file, draft.operation.line);
  }
}

// Leaves of a shape what can be made of it and tells something. What tells of another error is no
// shape of ours.
void ContractReader::judge(Shape& shape) const {
  const contract::Facts facts = sample_facts();
  BodyMaker maker(*shape.document->files, shape.document->dialect, facts);
  const auto is_of_no_use = [&](const PromisedForm& form) {
    if (form.syntax == Syntax::kSvg) return true;  // no form of errors
    if (form.syntax == Syntax::kText) return !maker.text(form.schema, "");
    if (names_another_error(form, *shape.document)) return true;
    // What is added to any object says nothing of its form.
    BodyModel model = model_of(form);
    model.may_add_message = false;
    if (!maker.make(form.schema, model)) return true;
    if (!maker.says_something() || maker.tells_of_another_error()) return true;
    shape.fixed = std::max(shape.fixed, maker.fixed());
    return false;
  };
  std::erase_if(shape.response.forms, is_of_no_use);
  shape.is_true = !shape.response.forms.empty();
}

// Of the shapes that error responses have and in which something true can be said: one that is
// fixed to a failure of the service itself, else the most frequent.
const ContractReader::Shape* ContractReader::most_shared() const {
  const Shape* best = nullptr;
  for (const auto& [signature, shape] : shapes_) {
    if (!shape.is_true) continue;
    const auto rank = [](const Shape& one) { return std::pair(one.fixed, one.count); };
    if (best == nullptr || rank(shape) > rank(*best)) best = &shape;
  }
  return best;
}

const ContractReader::Shape* ContractReader::true_shape_of(const PromisedResponse& response) const {
  const auto found = shapes_.find(response.signature);
  return found != shapes_.end() && found->second.is_true ? &found->second : nullptr;
}

// The response that speaks for the operation, and how its origin is called.
const PromisedResponse* ContractReader::response_of(const Draft& draft, const Shape* shared,
                                                    Promise& promise) const {
  promise.document = draft.document;
  if (draft.response) {
    promise.origin = draft.operation.declares;
    return &*draft.response;
  }
  const PromisedResponse* best = nullptr;
  int best_fixed = -1;
  for (const auto& [status, response] : draft.own_failures) {
    const Shape* shape = true_shape_of(response);
    if (shape == nullptr || shape->fixed <= best_fixed) continue;
    best = &response;
    best_fixed = shape->fixed;
    promise.own_status = status;
  }
  if (best != nullptr) {
    promise.origin = DeclaredBy::kOwnFailure;
    return best;
  }
  promise.document = shared == nullptr ? nullptr : shared->document;
  if (shared == nullptr) return nullptr;
  promise.origin = DeclaredBy::kShared;
  return &shared->response;
}

Promise ContractReader::promise_from(const Draft& draft, const Shape* shared) const {
  Promise promise;
  const PromisedResponse* response = response_of(draft, shared, promise);
  if (response != nullptr) {
    promise.file = response->place.node.file->name;
    promise.line = response->place.line();
    promise.forms = response->forms;
    promise.headers = response->headers;
  }
  const MaintenanceOverride& override = draft.override;
  promise.status = override.status.value_or(503);
  promise.dialect = override.dialect;
  promise.fields = override.headers;
  std::erase_if(promise.headers, [&](const auto& header) { return override.sets(header.first); });
  promise.is_overridden =
      override.status || override.dialect || override.example || !override.headers.empty();
  if (promise.dialect == kOwnDialect) {
    promise.dialect.reset();
    promise.forms.clear();
    return promise;
  }
  if (override.example) {
    if (promise.document == nullptr) promise.document = draft.document;
    // What others declare does not bind who says what is to be said.
    if (!draft.response) promise.forms.clear();
    if (promise.forms.empty()) {
      promise.forms.push_back({"application/json", "application/json", Syntax::kJson, {}, {}});
    }
    for (PromisedForm& form : promise.forms) {
      form.example = override.example;
      form.is_example_about_maintenance = true;
    }
  }
  return promise;
}

// Promises that say the same of the same forms are one.
std::size_t ContractReader::keep(Promise promise) {
  std::string key =
      fmt::format("{} {} {}", promise.status, promise.dialect.value_or(""), promise.is_overridden);
  const auto add = [&](std::string_view text) { key.append(1, '\n').append(text); };
  for (const auto& form : promise.forms) {
    add(form.content_type);
    add(signature_of(form.schema, *promise.document->files));
    add(signature_of(form.example, *promise.document->files));
    add(form.is_example_about_maintenance ? "meant" : "");
  }
  for (const auto& [name, schema] : promise.headers) {
    add(name);
    add(signature_of(schema, *promise.document->files));
  }
  for (const auto& [name, value] : promise.fields) {
    add(name);
    add(value);
  }
  const auto [known, is_new] = kept_.emplace(std::move(key), contract_->promises_.size());
  if (is_new) contract_->promises_.push_back(std::move(promise));
  return known->second;
}

void ContractReader::note_said(const Promise& promise, const SaidForm& said,
                               const std::string& user) {
  for (const std::string& member : said.untrue) {
    note(Finding::Level::kWarning, "untrue-member",
         fmt::format("{}: {}: the schema of the required member {} allows no value that is true "
                     "during maintenance; clients get another one",
                     user, base::printable(said.media_type), base::printable(member)),
         promise.file, promise.line);
  }
  note_patterns(promise, said.unknown_patterns, user);
  for (const std::string& member : said.cut) {
    note(Finding::Level::kWarning, "cut-message",
         fmt::format("{}: {}: the member {} has no room for a message of {} characters", user,
                     base::printable(said.media_type), base::printable(member),
                     sample_facts().message.size()),
         promise.file, promise.line);
  }
}

void ContractReader::note_patterns(const Promise& promise, const std::set<std::string>& patterns,
                                   const std::string& user) {
  for (const std::string& pattern : patterns) {
    note(Finding::Level::kWarning, "unknown-pattern",
         fmt::format("{}: the pattern \"{}\" is not a valid regular expression, or uses something "
                     "that is not supported (look-behind, back references, \\b); no text is sent "
                     "where it applies",
                     user, base::printable(pattern, 80)),
         promise.file, promise.line);
  }
}

// Makes every form with facts such as they may be; what cannot be made is left out.
void ContractReader::make_once(Promise& promise, const std::string& user) {
  const contract::Facts facts = sample_facts();
  const auto cannot = [&](const PromisedForm& form) {
    Promise alone = promise;
    alone.forms = {form};
    const auto said = contract_->say(alone, facts);
    for (const SaidForm& one : said) note_said(promise, one, user);
    if (!said.empty()) return false;
    BodyMaker maker(*promise.document->files, promise.document->dialect, facts);
    if (form.syntax == Syntax::kJson || form.syntax == Syntax::kXml) {
      maker.make(form.schema, model_of(form));
    }
    note_patterns(promise, maker.unknown_patterns(), user);
    note(Finding::Level::kError, "no-valid-body",
         fmt::format("{}: no body of the type {} could be made ({}); clients get the gateway's own "
                     "answer",
                     user, base::printable(form.media_type),
                     maker.problem().empty() ? "its names or texts do not fit the syntax"
                                             : maker.problem()),
         promise.file, promise.line);
    return true;
  };
  std::erase_if(promise.forms, cannot);
}

std::shared_ptr<const ApiContract> ContractReader::finish() {
  for (auto& [signature, shape] : shapes_) judge(shape);
  const Shape* shared = most_shared();
  keep(promise_from(Draft{}, shared));
  std::vector<std::string> users = {"what the API does not declare"};
  for (Draft& draft : drafts_) {
    const std::string name = draft.operation.method + ' ' + base::printable(draft.operation.path);
    Promise promise = promise_from(draft, shared);
    draft.operation.response_file = promise.file;
    draft.operation.response_line = promise.line;
    draft.operation.own_status = promise.own_status;
    draft.operation.promise = keep(std::move(promise));
    if (draft.operation.promise == users.size()) users.push_back(name);
    const bool has_foreign = draft.response && !draft.response->foreign_types.empty() &&
                             (draft.response->forms.empty() || draft.response->is_nearest);
    if (has_foreign) {
      note(Finding::Level::kWarning, "no-known-media-type",
           fmt::format(
               "{}: the response declares {}, which is not JSON, XML or plain text; clients get "
               "{}",
               name, base::printable(draft.response->foreign_types.front()),
               draft.response->forms.empty() ? "the gateway's own answer"
                                             : "application/json by its schema"),
           draft.response->place.node.file->name, draft.response->place.line());
    }
    contract_->operations_.push_back(std::move(draft.operation));
  }
  for (std::size_t i = 0; i < users.size(); ++i) make_once(contract_->promises_[i], users[i]);
  for (const auto& document : contract_->documents_) document->files->forget_lines();
  return std::move(contract_);
}

// ---------------------------------------------------------------- a document, or a folder of them

namespace {

base::Result<std::vector<std::string>> documents_in(const std::string& folder) {
  std::error_code failed;
  std::set<std::string> names;
  for (fs::directory_iterator i(folder, failed), end; !failed && i != end; i.increment(failed)) {
    const std::string extension = i->path().extension().string();
    if (extension == ".json" || extension == ".yaml" || extension == ".yml") {
      names.insert(i->path().string());
    }
  }
  if (failed) return base::Error{"cannot be read: " + failed.message(), folder};
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace

base::Result<std::shared_ptr<const ApiContract>> ApiContract::load(const std::string& path,
                                                                   const std::string& root) {
  ContractReader reader(path, root);
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    if (const auto read = reader.read_document(path, false); !read) return read.error();
    return reader.finish();
  }
  const auto names = documents_in(path);
  if (!names) return names.error();
  bool found = false;
  std::optional<base::Error> problem;
  for (const std::string& name : *names) {
    const auto read = reader.read_document(name, true);
    found = found || (read && *read);
    if (read) continue;
    reader.note_broken(read.error());
    if (!problem) problem = read.error();
  }
  if (!found && problem) return *problem;
  if (!found) return base::Error{"expected a folder with API documents in it", path};
  return reader.finish();
}

}  // namespace intermission::openapi
