// Any bytes as a WSDL document with what it imports: parts between lines of "====" are main.wsdl,
// 1.xsd, 2.xsd and so on. What is read must be served as XML that is read again to the same
// operations, and every detail that is made is XML.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "wsdl/wsdl.h"

namespace {

namespace contract = intermission::contract;
namespace wsdl = intermission::wsdl;
using intermission::base::Error;
using intermission::base::Result;

constexpr std::string_view kBorder = "\n====\n";

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (auto at = text.find(kBorder); at != std::string_view::npos; at = text.find(kBorder)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + kBorder.size());
  }
  parts.emplace_back(text);
  return parts;
}

Result<wsdl::WsdlFiles> read(const std::vector<std::string>& parts) {
  return wsdl::read_wsdl_files("", "main.wsdl",
                               [&](const std::string& name) -> Result<std::string> {
                                 for (std::size_t i = 0; i < parts.size(); ++i) {
                                   if (name == (i == 0 ? "main.wsdl" : std::to_string(i) + ".xsd"))
                                     return parts[i];
                                 }
                                 return Error{"cannot be read"};
                               });
}

void check_documents(const wsdl::Wsdl& wsdl) {
  for (const char* query : {"wsdl", "singleWsdl", "xsd=1.xsd"}) {
    const auto* document = wsdl.published().find(query);
    if (document == nullptr) continue;
    const std::string text = wsdl::WsdlPublished::text_for(*document, {"https", "h", "/p?<&\">"});
    pugi::xml_document again;
    require(static_cast<bool>(again.load_buffer(text.data(), text.size())));
  }
}

void check_details(const wsdl::Wsdl& wsdl) {
  const contract::Facts facts{.service = "s",
                              .title = "T",
                              .message = "m <&> \xE2\x82\xAC",
                              .language = "en",
                              .seconds = "\xEF\xB7\x90",
                              .most_seconds = 4320,
                              .since = {},
                              .until = {}};
  for (std::size_t i = 0; i < wsdl.faults().size(); ++i) {
    const auto detail = wsdl.detail(i, facts);
    if (!detail) continue;
    pugi::xml_document again;
    require(static_cast<bool>(again.load_buffer(detail->data(), detail->size())));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto files = read(parts_of({reinterpret_cast<const char*>(data), size}));
  if (!files) {
    require(!files.error().message.empty());
    return 0;
  }
  const auto wsdl = wsdl::Wsdl::from(std::move(*files));
  if (!wsdl) {
    require(!wsdl.error().message.empty());
    return 0;
  }
  check_documents(**wsdl);
  check_details(**wsdl);
  for (const auto& operation : (*wsdl)->operations())
    (*wsdl)->find(operation.name, {"", operation.name});
  return 0;
}
