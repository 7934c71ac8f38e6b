// Any bytes as a document of an interface. The first byte chooses of what kind: "p" a .proto file,
// "d" a descriptor set, anything else a GraphQL schema. What is read names its calls and its
// findings with lines of the document.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "interfaces/source_files.h"

namespace {

namespace interfaces = intermission::interfaces;

void require(bool condition) {
  if (!condition) std::abort();
}

interfaces::ReadInterface read(char kind, std::string text) {
  const std::string name = kind == 'p' ? "a.proto" : kind == 'd' ? "a.pb" : "a.graphql";
  const bool is_protobuf = kind == 'p' || kind == 'd';
  return is_protobuf ? interfaces::protobuf_from({{name, std::move(text)}}, name)
                     : interfaces::graphql_from({{name, std::move(text)}}, name);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer names it
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // A buffer of that very size, so that reading past its end is noticed.
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  const auto found = read(static_cast<char>(data[0]), text);
  if (!found) {
    require(!found.error().message.empty() && found.error().line <= lines);
    return 0;
  }
  for (const interfaces::Call& call : (*found)->calls) {
    require(!call.name.empty() && !call.group.empty() && call.line <= lines);
  }
  for (const auto& finding : (*found)->findings) {
    require(!finding.rule.empty() && finding.line >= 0 && finding.line <= lines);
  }
  require(std::is_sorted((*found)->services.begin(), (*found)->services.end()));
  for (const std::string& service : (*found)->services) require((*found)->offers(service));
  return 0;
}
