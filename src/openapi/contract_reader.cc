#include "openapi/contract_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "openapi/api_servers.h"
#include "openapi/body_maker.h"
#include "openapi/body_xml.h"

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
  if (const auto version = root["openapi"].text(); !version.empty()) return std::string(version);
  const ApiNode swagger = root["swagger"];
  if (swagger && swagger.value->IsNumber())
    return fmt::format("{:.1f}", swagger.value->GetDouble());
  return std::string(swagger.text());
}

bool is_error_status(std::string_view status) {
  return status.starts_with('4') || status.starts_with('5') || status == "default";
}

}  // namespace

ContractReader::ContractReader(const std::string& path) : contract_(new ApiContract) {
  contract_->path_ = path;
}

void ContractReader::note(Finding::Level level, std::string rule, std::string message,
                          const std::string& file, int line) {
  contract_->findings_.push_back({level, std::move(rule), std::move(message), file, line});
}

base::Result<bool> ContractReader::read_document(const std::string& path, bool may_be_none) {
  auto files = ApiFiles::open(path);
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
  contract_->documents_.push_back(std::move(document));
  return true;
}

base::Result<bool> ContractReader::read_paths(ApiDocument& document) {
  const ApiPlace root = document.files->root_place();
  const MaintenanceOverride override = read_override(root, contract_->findings_);
  const ApiPlace paths = root["paths"];
  if (!paths.node) return true;
  if (!paths.node.is_object()) return paths.error("paths: expected a map of path templates");
  for (const auto& member : paths.node.value->GetObject()) {
    const std::string path(text_of(member.name));
    if (!path.starts_with('/')) continue;  // an extension
    const auto item = document.files->follow(paths[path]);
    if (!item) return item.error();
    if (const auto read = read_path(document, path, *item, override); !read) return read.error();
  }
  return true;
}

base::Result<bool> ContractReader::read_path(ApiDocument& document, const std::string& path,
                                             const ApiPlace& item,
                                             const MaintenanceOverride& root) {
  const MaintenanceOverride override = root.under(read_override(item, contract_->findings_));
  for (const std::string_view method : kMethods) {
    const ApiPlace place = item[method];
    if (!place.node.is_object()) continue;
    Draft draft;
    draft.operation.method = method;
    for (char& c : draft.operation.method) c = static_cast<char>(c & ~0x20);
    draft.operation.file = place.node.file->name;
    draft.operation.line = place.line();
    draft.override = override.under(read_override(place, contract_->findings_));
    draft.document = &document;
    const auto bases = base_paths(document.files->root_place().node, item.node, place.node);
    draft.operation.path = (bases.front() == "/" ? "" : bases.front()) + path;
    const auto read = read_operation(document, std::move(draft), place, bases, path);
    if (!read) return read.error();
  }
  return true;
}

base::Result<bool> ContractReader::read_operation(ApiDocument& document, Draft draft,
                                                  const ApiPlace& place,
                                                  const std::vector<std::string>& bases,
                                                  const std::string& path) {
  if (drafts_.size() >= kMaxOperations) {
    return place.error("expected at most " + std::to_string(kMaxOperations) + " operations");
  }
  if (const auto read = read_responses(document, place, draft); !read) return read.error();
  add_paths(draft, bases, path);
  drafts_.push_back(std::move(draft));
  return true;
}

base::Result<bool> ContractReader::read_responses(ApiDocument& document, const ApiPlace& operation,
                                                  Draft& draft) {
  const ApiPlace responses = operation["responses"];
  if (!responses.node.is_object()) return true;
  ApiNode produces = operation.node["produces"];
  if (!produces) produces = document.files->root_place().node["produces"];
  const Speaking speaking = speaking_response(responses);
  draft.operation.declares = speaking.origin;
  if (speaking.place.node) {
    auto response = read_response(document, speaking.place, produces);
    if (!response) return response.error();
    draft.response = std::move(*response);
  }
  for (const auto& member : responses.node.value->GetObject()) {
    const std::string_view status = text_of(member.name);
    if (!is_error_status(status)) continue;
    auto response = read_response(document, responses[status], produces);
    if (!response) return response.error();
    Shape& shape = shapes_[response->signature];
    if (++shape.count == 1) {
      shape.response = std::move(*response);
      shape.document = &document;
    }
  }
  return true;
}

// Many operations share a response by reference: it is read once.
base::Result<PromisedResponse> ContractReader::read_response(ApiDocument& document,
                                                             const ApiPlace& place,
                                                             ApiNode produces) {
  const auto target = document.files->follow(place);
  if (!target) return target.error();
  const bool depends_on_operation = document.dialect == SchemaDialect::kSwagger2;
  const auto known = responses_.find(target->node.value);
  if (known != responses_.end()) return known->second;
  auto read = ResponseReader(*document.files, document.dialect).read(*target, produces);
  if (read && !depends_on_operation) responses_.emplace(target->node.value, *read);
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

// Of the shapes that error responses have, the most frequent in which something true can be said.
const ContractReader::Shape* ContractReader::most_shared() {
  std::vector<Shape*> shapes;
  for (auto& [signature, shape] : shapes_) shapes.push_back(&shape);
  std::stable_sort(shapes.begin(), shapes.end(),
                   [](const Shape* a, const Shape* b) { return a->count > b->count; });
  const contract::Facts facts = sample_facts();
  for (Shape* shape : shapes) {
    BodyMaker maker(*shape->document->files, shape->document->dialect, facts);
    std::erase_if(shape->response.forms, [&](const PromisedForm& form) {
      if (form.syntax == Syntax::kText) return !maker.text(form.schema, "");
      return !maker.make(form.schema, model_of(form)) || !maker.says_something();
    });
    if (!shape->response.forms.empty()) return shape;
  }
  return nullptr;
}

Promise ContractReader::promise_from(const Draft& draft, const Shape* shared) const {
  Promise promise;
  const PromisedResponse* response = nullptr;
  if (draft.response) {
    response = &*draft.response;
    promise.origin = draft.operation.declares;
    promise.document = draft.document;
  } else if (shared != nullptr) {
    response = &shared->response;
    promise.origin = Origin::kShared;
    promise.document = shared->document;
  }
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

void ContractReader::note_untrue(const Promise& promise, const SaidForm& said,
                                 const std::string& user) {
  for (const std::string& member : said.untrue) {
    note(Finding::Level::kWarning, "untrue-member",
         fmt::format("{}: {} must have a member {}, but its schema does not allow what it would "
                     "have to say during maintenance",
                     user, base::printable(said.media_type), base::printable(member)),
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
    for (const SaidForm& one : said) note_untrue(promise, one, user);
    if (!said.empty()) return false;
    BodyMaker maker(*promise.document->files, promise.document->dialect, facts);
    if (form.syntax != Syntax::kText) maker.make(form.schema, model_of(form));
    note(Finding::Level::kError, "no-valid-body",
         fmt::format("{}: no {} can be made that this response allows ({}); the gateway's own "
                     "answer stands in",
                     user, base::printable(form.media_type),
                     maker.problem().empty() ? "its names or texts do not fit the syntax"
                                             : maker.problem()),
         promise.file, promise.line);
    return true;
  };
  std::erase_if(promise.forms, cannot);
}

std::shared_ptr<const ApiContract> ContractReader::finish() {
  const Shape* shared = most_shared();
  keep(promise_from(Draft{}, shared));
  std::vector<std::string> users = {"what the API does not declare"};
  for (Draft& draft : drafts_) {
    const std::string name = draft.operation.method + ' ' + base::printable(draft.operation.path);
    Promise promise = promise_from(draft, shared);
    draft.operation.response_file = promise.file;
    draft.operation.response_line = promise.line;
    draft.operation.promise = keep(std::move(promise));
    if (draft.operation.promise == users.size()) users.push_back(name);
    const bool has_foreign =
        draft.response && draft.response->forms.empty() && !draft.response->foreign_types.empty();
    if (has_foreign) {
      note(Finding::Level::kWarning, "no-known-media-type",
           fmt::format("{}: the response declares {}, which is not JSON, XML or plain text; the "
                       "gateway's own answer stands in",
                       name, base::printable(draft.response->foreign_types.front())),
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

base::Result<std::shared_ptr<const ApiContract>> ApiContract::load(const std::string& path) {
  ContractReader reader(path);
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    if (const auto read = reader.read_document(path, false); !read) return read.error();
    return reader.finish();
  }
  const auto names = documents_in(path);
  if (!names) return names.error();
  bool found = false;
  for (const std::string& name : *names) {
    const auto read = reader.read_document(name, true);
    if (!read) return read.error();
    found = found || *read;
  }
  if (!found) return base::Error{"expected a folder with API documents in it", path};
  return reader.finish();
}

}  // namespace intermission::openapi
