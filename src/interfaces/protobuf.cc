// Protocol Buffers: the services of .proto files and of descriptor sets.
//
//   service Orders {
//     rpc Get(GetOrder) returns (Order);
//     rpc Watch(WatchOrders) returns (stream Order) { option deprecated = true; }
//   }
//
// Read by hand, as far as services go: libprotobuf's own parser would add a quarter to the size of
// the package, for names that stand in the clear.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "interfaces/descriptor_set.h"
#include "interfaces/interface.h"
#include "interfaces/source_files.h"
#include "interfaces/tokens.h"

namespace intermission::interfaces {
namespace {

using openapi::Finding;

constexpr std::string_view kExtension = ".proto";

std::string_view kind_of(bool client_streams, bool server_streams) {
  if (client_streams && server_streams) return "bidirectional streaming";
  if (client_streams) return "client streaming";
  return server_streams ? "server streaming" : "unary";
}

// Reads one .proto file (protobuf.com/docs/language-spec). A statement that cannot be read costs
// itself.
class ProtoReader {
 public:
  ProtoReader(const SourceFile& file, const std::vector<Token>& tokens,
              std::vector<Service>& services, std::vector<Finding>& findings)
      : file_(file), tokens_(tokens), services_(services), findings_(findings) {}

  void read() {
    while (!tokens_.at_end()) {
      if (tokens_.take("package")) {
        package_ = dotted_name();
        end_statement("package NAME;");
      } else if (tokens_.take("service")) {
        read_service();
      } else if (tokens_.peek().is("}")) {
        broken("a definition");
        tokens_.next();
      } else {
        skip();
      }
    }
  }

 private:
  void read_service() {
    const int line = tokens_.peek().line;
    const std::string_view name = tokens_.take_name();
    if (name.empty() || !tokens_.take("{")) {
      broken("service NAME {");
      return skip();
    }
    Service& service = services_.emplace_back();
    service.name = package_.empty() ? std::string(name) : fmt::format("{}.{}", package_, name);
    service.file = file_.name;
    service.line = line;
    while (!tokens_.take("}")) {
      if (tokens_.at_end()) return broken("}");
      if (tokens_.take("rpc")) {
        read_method(service);
      } else {
        skip();
      }
    }
  }

  void read_method(Service& service) {
    Method method;
    method.line = tokens_.peek().line;
    method.name = tokens_.take_name();
    const bool is_good = !method.name.empty() && read_type(method.client_streams) &&
                         tokens_.take("returns") && read_type(method.server_streams) &&
                         (tokens_.peek().is(";") || tokens_.peek().is("{"));
    if (!is_good) broken("rpc NAME (TYPE) returns (TYPE);");
    if (is_good) service.methods.push_back(std::move(method));
    skip();
  }

  // "(Order)", "(stream Order)"; a type may be called "stream".
  bool read_type(bool& streams) {
    if (!tokens_.take("(")) return false;
    streams = tokens_.take("stream") && !tokens_.peek().is(")");
    if (tokens_.take(")")) return true;
    return !dotted_name().empty() && tokens_.take(")");
  }

  std::string dotted_name() {
    std::string name;
    if (tokens_.take(".")) name = ".";
    while (true) {
      const std::string_view part = tokens_.take_name();
      if (part.empty()) return {};
      name += part;
      if (!tokens_.take(".")) return name;
      name += '.';
    }
  }

  void end_statement(std::string_view expected) {
    if (tokens_.take(";")) return;
    broken(expected);
    skip();
  }

  void skip() {
    if (!tokens_.skip_statement()) broken("; or }");
  }

  void broken(std::string_view expected) {
    findings_.push_back({Finding::Level::kWarning, "broken-statement",
                         fmt::format("expected {}, got {}", expected, described(tokens_.peek())),
                         file_.name, tokens_.peek().line});
  }

  const SourceFile& file_;
  TokenReader tokens_;
  std::vector<Service>& services_;
  std::vector<Finding>& findings_;
  std::string package_;
};

std::optional<base::Error> read_text(const SourceFile& file, std::vector<Service>& services,
                                     std::vector<Finding>& findings) {
  const auto tokens = tokens_of(file.text, Comments::kSlashes);
  if (!tokens) return base::Error{tokens.error().message, file.name, tokens.error().line};
  ProtoReader(file, *tokens, services, findings).read();
  return {};
}

std::optional<base::Error> read_file(const SourceFile& file, std::vector<Service>& services,
                                     std::vector<Finding>& findings) {
  if (file.name.ends_with(kExtension)) return read_text(file, services, findings);
  auto read = read_descriptor_set(file.text);
  if (!read) return base::Error{read.error().message, file.name};
  for (Service& service : *read) {
    service.file = file.name;
    services.push_back(std::move(service));
  }
  return {};
}

void add_service(const Service& service, std::set<std::string>& known, Interface& out) {
  if (!known.insert(service.name).second) {
    out.findings.push_back({Finding::Level::kWarning, "same-service-twice",
                            fmt::format("the service {} is defined a second time; the first counts",
                                        base::printable(service.name)),
                            service.file, service.line});
    return;
  }
  for (const Method& method : service.methods) {
    if (out.calls.size() >= kMaxCalls) return;
    out.calls.push_back({service.name, method.name,
                         std::string(kind_of(method.client_streams, method.server_streams)),
                         service.file, method.line});
  }
}

}  // namespace

ReadInterface read_protobuf(const std::string& path) {
  const auto files = read_sources(path, {kExtension});
  if (!files) return files.error();
  return protobuf_from(*files, path);
}

ReadInterface protobuf_from(const std::vector<SourceFile>& files, const std::string& path) {
  auto out = std::make_shared<Interface>();
  out->path = path;
  std::vector<Service> services;
  for (const SourceFile& file : files) {
    const auto problem = read_file(file, services, out->findings);
    if (!problem) continue;
    if (files.size() == 1) return *problem;
    out->findings.push_back({Finding::Level::kError, "broken-document", problem->message,
                             problem->file, problem->line});
  }
  std::set<std::string> known;
  for (const Service& service : services) add_service(service, known, *out);
  out->services.assign(known.begin(), known.end());
  if (out->calls.empty()) {
    out->findings.push_back({Finding::Level::kWarning, "no-operations",
                             "expected a service with a method, got none", path, 1});
  }
  return std::shared_ptr<const Interface>(std::move(out));
}

}  // namespace intermission::interfaces
