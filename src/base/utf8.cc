#include "base/utf8.h"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

#include <algorithm>

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

std::string_view fitting(std::string_view text, std::size_t most) {
  std::size_t size = 0;
  while (size < text.size()) {
    const std::size_t character = std::max<std::size_t>(1, utf8_size(text.substr(size)));
    if (size + character > most) break;
    size += character;
  }
  return text.substr(0, size);
}

std::size_t find_internal(std::string_view text) {
  constexpr std::string_view kStart = "\xEF\xB7";
  for (auto at = text.find(kStart); at != std::string_view::npos; at = text.find(kStart, at + 1)) {
    if (at + 2 < text.size() && text[at + 2] >= '\x90' && text[at + 2] <= '\xAF') return at;
  }
  return std::string_view::npos;
}

}  // namespace intermission::base
