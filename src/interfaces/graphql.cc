// GraphQL: the operations of a schema in the type system definition language (October 2021, §3).
//
//   schema { query: Query }
//   type Query { order(id: ID!): Order }
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "interfaces/interface.h"
#include "interfaces/source_files.h"
#include "interfaces/tokens.h"

namespace intermission::interfaces {
namespace {

using openapi::Finding;

constexpr std::array<std::string_view, 3> kRoots = {"query", "mutation", "subscription"};
constexpr std::array<std::string_view, 8> kKeywords = {"schema", "scalar", "type",      "interface",
                                                       "union",  "enum",   "directive", "input"};
constexpr std::array<std::string_view, 5> kScalars = {"Int", "Float", "String", "Boolean", "ID"};

template <typename Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Place {
  std::string file;
  int line = 0;
};

struct Field {
  std::string name;
  Place place;
};

struct Type {
  bool is_defined = false;  // not only extended
  bool is_object = false;
  Place place;
  std::vector<Field> fields;  // of an object
};

struct Schema {
  std::map<std::string, Type, std::less<>> types;
  std::map<std::string, Field, std::less<>> roots;   // "query" → the type's name
  std::map<std::string, Place, std::less<>> wanted;  // types that something refers to
};

// Reads one document into a schema. What cannot be read is a finding, and costs itself.
class SchemaReader {
 public:
  SchemaReader(const SourceFile& file, const std::vector<Token>& tokens, Schema& schema,
               std::vector<Finding>& findings)
      : file_(file), tokens_(tokens), schema_(schema), findings_(findings) {}

  void read() {
    while (!tokens_.at_end()) {
      take_description();
      if (tokens_.at_end()) return;
      const bool extends = tokens_.take("extend");
      const Token keyword = tokens_.peek();
      if (!read_definition(extends)) {
        broken();
        if (tokens_.peek().line == keyword.line) tokens_.next();
        skip_to_definition();
      }
    }
  }

 private:
  bool read_definition(bool extends) {
    if (tokens_.take("schema")) return read_schema(extends);
    if (tokens_.take("type")) return read_fielded(extends, true);
    if (tokens_.take("interface")) return read_fielded(extends, false);
    if (tokens_.take("input")) return read_fielded(extends, false);
    if (tokens_.take("scalar")) return define(extends, false) != nullptr && take_directives();
    if (tokens_.take("union")) return read_union(extends);
    if (tokens_.take("enum")) return read_enum(extends);
    if (tokens_.take("directive")) return read_directive();
    expected_ = "a definition of a type, a directive or the schema";
    return false;
  }

  bool read_schema(bool extends) {
    if (!take_directives()) return false;
    if (extends && !tokens_.peek().is("{")) return true;
    if (!expect("{")) return false;
    while (!tokens_.take("}")) {
      take_description();
      const Token kind = tokens_.next();
      if (!is_one_of(kind.text, kRoots)) return fail("query, mutation or subscription");
      if (!expect(":")) return false;
      const Place place = here();
      const std::string_view type = tokens_.take_name();
      if (type.empty()) return fail("the name of a type");
      schema_.roots.insert_or_assign(std::string(kind.text), Field{std::string(type), place});
    }
    return true;
  }

  // Of a type that is there twice the first counts, so that what follows is read either way.
  Type* define(bool extends, bool is_object) {
    const Place place = here();
    const std::string_view name = tokens_.take_name();
    if (name.empty()) {
      fail("the name of a type");
      return nullptr;
    }
    Type& type = schema_.types[std::string(name)];
    if (!extends && type.is_defined) {
      note("same-type-twice",
           fmt::format("the type {} is defined a second time", base::printable(name)), place);
    }
    if (type.place.line == 0 || (!extends && !type.is_defined)) type.place = place;
    type.is_defined = type.is_defined || !extends;
    type.is_object = type.is_object || is_object;
    return &type;
  }

  bool read_fielded(bool extends, bool is_object) {
    Type* type = define(extends, is_object);
    if (type == nullptr) return false;
    if (tokens_.take("implements")) {
      tokens_.take("&");
      do {
        if (!take_type_name()) return false;
      } while (tokens_.take("&"));
    }
    if (!take_directives()) return false;
    if (!tokens_.take("{")) return true;
    while (!tokens_.take("}")) {
      if (tokens_.at_end()) return fail("}");
      take_description();
      const Field field{std::string(tokens_.peek().text), here()};
      if (read_field()) {
        if (is_object) type->fields.push_back(field);
      } else {
        broken();
        skip_line(field.place.line);
      }
    }
    return true;
  }

  // NAME [(arguments)] : TYPE [= value] [directives]
  bool read_field() {
    if (tokens_.take_name().empty()) return fail("the name of a field");
    if (!take_arguments()) return false;
    if (!expect(":") || !take_type()) return false;
    if (tokens_.take("=") && !take_value()) return false;
    return take_directives();
  }

  bool take_arguments() {
    if (!tokens_.take("(")) return true;
    while (!tokens_.take(")")) {
      take_description();
      if (tokens_.take_name().empty()) return fail("the name of an argument");
      if (!expect(":") || !take_type()) return false;
      if (tokens_.take("=") && !take_value()) return false;
      if (!take_directives()) return false;
    }
    return true;
  }

  bool take_type() {
    int lists = 0;
    while (tokens_.take("[")) ++lists;
    if (!take_type_name()) return false;
    tokens_.take("!");
    while (lists-- > 0) {
      if (!expect("]")) return false;
      tokens_.take("!");
    }
    return true;
  }

  bool take_type_name() {
    const Place place = here();
    const std::string_view name = tokens_.take_name();
    if (name.empty()) return fail("the name of a type");
    schema_.wanted.try_emplace(std::string(name), place);
    return true;
  }

  bool take_value() {
    tokens_.take("$");
    tokens_.take("-");
    if (tokens_.peek().is("[") || tokens_.peek().is("{")) {
      if (!tokens_.skip_group()) return fail("]");
      return true;
    }
    const Token::Kind kind = tokens_.peek().kind;
    if (kind == Token::Kind::kSign || kind == Token::Kind::kEnd) return fail("a value");
    tokens_.next();
    return true;
  }

  bool take_directives() {
    while (tokens_.take("@")) {
      if (tokens_.take_name().empty()) return fail("the name of a directive");
      if (tokens_.peek().is("(") && !tokens_.skip_group()) return fail(")");
    }
    return true;
  }

  bool read_union(bool extends) {
    if (define(extends, false) == nullptr || !take_directives()) return false;
    if (!tokens_.take("=")) return true;
    tokens_.take("|");
    do {
      if (!take_type_name()) return false;
    } while (tokens_.take("|"));
    return true;
  }

  bool read_enum(bool extends) {
    if (define(extends, false) == nullptr || !take_directives()) return false;
    if (tokens_.peek().is("{") && !tokens_.skip_group()) return fail("}");
    return true;
  }

  bool read_directive() {
    if (!expect("@")) return false;
    if (tokens_.take_name().empty()) return fail("the name of a directive");
    if (!take_arguments()) return false;
    tokens_.take("repeatable");
    if (!expect("on")) return false;
    tokens_.take("|");
    do {
      if (tokens_.take_name().empty()) return fail("a location of directives");
    } while (tokens_.take("|"));
    return true;
  }

  void take_description() {
    if (tokens_.peek().kind == Token::Kind::kText) tokens_.next();
  }

  bool expect(std::string_view sign) {
    if (!tokens_.take(sign)) return fail(sign);
    return true;
  }
  bool fail(std::string_view expected) {
    expected_ = expected;
    return false;
  }

  // To a keyword that begins a line.
  void skip_to_definition() {
    int line = tokens_.peek().line;
    while (!tokens_.at_end()) {
      const Token& token = tokens_.peek();
      const bool is_keyword = is_one_of(token.text, kKeywords) || token.is("extend");
      if (token.line > line && is_keyword && token.kind == Token::Kind::kName) return;
      line = token.line;
      tokens_.next();
    }
  }

  void skip_line(int line) {
    while (!tokens_.at_end() && !tokens_.peek().is("}") && tokens_.peek().line <= line) {
      if (tokens_.peek().is("{") || tokens_.peek().is("(") || tokens_.peek().is("[")) {
        tokens_.skip_group();
      } else {
        tokens_.next();
      }
    }
  }

  Place here() const { return {file_.name, tokens_.peek().line}; }
  void broken() {
    note("broken-statement",
         fmt::format("expected {}, got {}", expected_, described(tokens_.peek())), here());
  }
  void note(std::string rule, std::string message, const Place& place) {
    findings_.push_back(
        {Finding::Level::kWarning, std::move(rule), std::move(message), place.file, place.line});
  }

  const SourceFile& file_;
  TokenReader tokens_;
  Schema& schema_;
  std::vector<Finding>& findings_;
  std::string expected_;
};

std::optional<base::Error> read_file(const SourceFile& file, Schema& schema,
                                     std::vector<Finding>& findings) {
  const auto tokens = tokens_of(file.text, Comments::kHash);
  if (!tokens) return base::Error{tokens.error().message, file.name, tokens.error().line};
  if (TokenReader(*tokens).take("{")) {
    return base::Error{"expected a schema in the type system definition language, got {", file.name,
                       tokens->front().line};
  }
  SchemaReader(file, *tokens, schema, findings).read();
  return {};
}

// Which types a schema begins with: those that it names, else those that are called like that
// (§3.3.1).
void name_roots(Schema& schema) {
  if (!schema.roots.empty()) return;
  for (const std::string_view kind : kRoots) {
    std::string name(kind);
    name.front() = static_cast<char>(name.front() & ~0x20);
    const auto type = schema.types.find(name);
    if (type != schema.types.end()) {
      schema.roots.emplace(kind, Field{name, type->second.place});
    }
  }
}

void add_operations(const Schema& schema, Interface& out) {
  for (const std::string_view kind : kRoots) {
    const auto root = schema.roots.find(kind);
    if (root == schema.roots.end()) continue;
    const auto type = schema.types.find(root->second.name);
    if (type == schema.types.end() || !type->second.is_object) {
      out.findings.push_back({Finding::Level::kWarning, "unknown-type",
                              fmt::format("expected a type of objects for {}, got {}", kind,
                                          base::printable(root->second.name)),
                              root->second.place.file, root->second.place.line});
      continue;
    }
    for (const Field& field : type->second.fields) {
      if (out.calls.size() >= kMaxCalls) return;
      out.calls.push_back(
          {std::string(kind), field.name, std::string(kind), field.place.file, field.place.line});
    }
  }
}

void check_types(const Schema& schema, Interface& out) {
  for (const auto& [name, place] : schema.wanted) {
    if (schema.types.contains(name) || is_one_of(name, kScalars)) continue;
    out.findings.push_back({Finding::Level::kWarning, "unknown-type",
                            fmt::format("the type {} is not defined", base::printable(name)),
                            place.file, place.line});
  }
}

}  // namespace

ReadInterface read_graphql(const std::string& path) {
  const auto files = read_sources(path, {".graphql", ".graphqls", ".gql"});
  if (!files) return files.error();
  return graphql_from(*files, path);
}

ReadInterface graphql_from(const std::vector<SourceFile>& files, const std::string& path) {
  auto out = std::make_shared<Interface>();
  out->path = path;
  Schema schema;
  for (const SourceFile& file : files) {
    const auto problem = read_file(file, schema, out->findings);
    if (!problem) continue;
    if (files.size() == 1) return *problem;
    out->findings.push_back({Finding::Level::kError, "broken-document", problem->message,
                             problem->file, problem->line});
  }
  name_roots(schema);
  add_operations(schema, *out);
  check_types(schema, *out);
  if (out->calls.empty()) {
    out->findings.push_back({Finding::Level::kWarning, "no-operations",
                             "expected a type Query with a field, got none", path, 1});
  }
  return std::shared_ptr<const Interface>(std::move(out));
}

}  // namespace intermission::interfaces
