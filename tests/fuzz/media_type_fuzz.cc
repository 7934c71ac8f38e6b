// http/media_type.h: one media type, one list, one run of parameters.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/media_type.h"
#include "support/require.h"

namespace intermission::http {
namespace {

using testing::lies_within;
using testing::require;

void check_media_type(std::string_view text) {
  const auto type = parse_media_type(text);
  if (!type) return;
  require(is_token(type->type) && is_token(type->subtype), "type and subtype are tokens");
  require(type->whole == std::string(type->type) + "/" + std::string(type->subtype),
          "whole is type/subtype");
  require(lies_within(type->whole, text) && lies_within(type->parameters, text),
          "what is returned are views");
  require(type->parameters.empty() || type->parameters.front() == ';', "parameters start with ;");
  require(type->subtype.ends_with(type->suffix()), "the suffix ends the subtype");
  require(type->is(type->whole), "a type is itself");
  for (const std::string_view name : {"charset", "boundary", "q", "action", ""}) {
    const auto value = type->parameter(name);
    if (!value) continue;
    require(lies_within(*value, text), "a value is a view");
  }
  const auto again = parse_media_type(type->whole);
  require(again && again->whole == type->whole && again->parameters.empty(), "whole parses");
}

// Parts are views, in order, and nothing but separators and white space stands between them.
void check_parts(std::string_view text, char separator) {
  Splitter parts(text, separator);
  std::string_view part;
  std::size_t read = 0;
  while (parts.next(part)) {
    require(lies_within(part, text), "a part is a view");
    require(parts.rest().size() < text.size() - read, "it goes on");
    read = text.size() - parts.rest().size();
  }
  require(parts.rest().empty(), "all is read");
}

}  // namespace
}  // namespace intermission::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A buffer of the exact size: an overread is seen.
  const auto buffer = std::make_unique<char[]>(size);
  std::copy(data, data + size, buffer.get());
  const std::string_view text(buffer.get(), size);
  intermission::http::check_media_type(text);
  intermission::http::check_parts(text, ',');
  intermission::http::check_parts(text, ';');
  return 0;
}
