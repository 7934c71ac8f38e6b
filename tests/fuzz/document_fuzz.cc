// Any bytes as a YAML or JSON document. What is read must be plain JSON: written out and read
// again it is the same, and every line that is noted belongs to a value and to the text.
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/document.h"

namespace {

using intermission::document::Document;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_lines(const Document& document, std::string_view text) {
  const auto last = 1 + std::count(text.begin(), text.end(), '\n');
  for (const auto& [pointer, line] : document.lines) {
    require(line >= 1 && line <= last);
    // RapidJSON's pointers end at a NUL in a key.
    if (pointer.find('\0') != std::string::npos) continue;
    require(rapidjson::Pointer(pointer).Get(document.value) != nullptr);
  }
}

void check_round_trip(const Document& document) {
  rapidjson::StringBuffer json;
  rapidjson::Writer<rapidjson::StringBuffer> writer(json);
  require(document.value.Accept(writer));
  const auto again =
      intermission::document::parse_document({json.GetString(), json.GetSize()}, "j");
  require(static_cast<bool>(again));
  require(again->value == document.value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = intermission::document::parse_document(text, "f");
  if (!document) {
    require(!document.error().message.empty());
    return 0;
  }
  check_lines(*document, text);
  check_round_trip(*document);
  return 0;
}
