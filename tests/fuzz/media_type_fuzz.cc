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

// Reading a list as a whole and cutting one member after the other off it are the same.
void check_list(std::string_view text) {
  Splitter members(text, ',');
  std::string_view rest = text;
  std::string_view member;
  while (members.next(member)) {
    require(!rest.empty(), "both end together");
    require(next_member(rest) == member, "both read the same");
    require(rest == members.rest(), "both leave the same");
    require(lies_within(member, text), "a member is a view");
  }
  require(rest.empty(), "both end together");
}

void check_parameters(std::string_view text) {
  Splitter pairs(text, ';');
  std::string_view rest = text;
  std::string_view pair;
  Parameter parameter;
  while (pairs.next(pair)) {
    if (pair.empty()) continue;
    require(next_parameter(rest, parameter), "both end together");
    require(lies_within(parameter.name, pair) && lies_within(parameter.value, pair),
            "name and value are views of the same pair");
    require(parameter.name.find('=') == std::string_view::npos, "a name ends at its =");
  }
  require(!next_parameter(rest, parameter), "both end together");
}

}  // namespace
}  // namespace intermission::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A buffer of the exact size: an overread is seen.
  const auto buffer = std::make_unique<char[]>(size);
  std::copy(data, data + size, buffer.get());
  const std::string_view text(buffer.get(), size);
  intermission::http::check_media_type(text);
  intermission::http::check_list(text);
  intermission::http::check_parameters(text);
  return 0;
}
