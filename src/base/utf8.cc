#include "base/utf8.h"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

namespace intermission::base {
namespace {

struct NoOutput {
  using Ch = char;
  void Put(char) {}  // NOLINT(readability-identifier-naming): RapidJSON's name
};

}  // namespace

std::size_t utf8_size(std::string_view text) {
  if (text.empty()) return 0;
  rapidjson::MemoryStream in(text.data(), text.size());
  NoOutput none;
  return rapidjson::UTF8<>::Validate(in, none) ? in.Tell() : 0;
}

}  // namespace intermission::base
