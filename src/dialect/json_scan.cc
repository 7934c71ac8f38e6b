#include "dialect/json_scan.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

#include "base/text.h"

namespace intermission::dialect {
namespace {

class Scanner {
 public:
  Scanner(std::string_view text, JsonVisitor& visitor) : rest_(text), visitor_(visitor) {}

  JsonScan scan() {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    JsonScan found;
    found.is_list = take('[');
    found.is_whole = found.is_list ? list() : object();
    skip_space();
    found.is_whole = found.is_whole && rest_.empty();
    return found;
  }

 private:
  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  bool take(char mark) {
    skip_space();
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Each of the following is false where the text ends or breaks first, or the visitor has seen
  // enough.

  bool list() {
    if (take(']')) return true;
    do {
      skip_space();
      const bool done = rest_.starts_with('{') ? object() : skip_value();
      if (!done) return false;
    } while (take(','));
    return take(']');
  }

  bool object() {
    if (!take('{')) return false;
    visitor_.begin_object();
    if (!take('}')) {
      do {
        if (!member()) return false;
      } while (take(','));
      if (!take('}')) return false;
    }
    visitor_.end_object();
    return true;
  }

  bool member() {
    skip_space();
    const std::string_view name = rest_;
    if (!rest_.starts_with('"') || !skip_string()) return false;
    const std::size_t size = name.size() - rest_.size();
    if (!take(':')) return false;
    skip_space();
    const std::string_view value = rest_;
    if (!skip_value()) return false;
    return visitor_.member(name.substr(1, size - 2), value.substr(0, value.size() - rest_.size()));
  }

  bool skip_string() {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') {
        ++i;
      } else if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    return false;
  }

  bool skip_value() {
    if (rest_.starts_with('"')) return skip_string();
    if (rest_.starts_with('{') || rest_.starts_with('[')) return skip_nested();
    const auto end = rest_.find_first_of(",]} \t\r\n");
    if (end == 0 || end == std::string_view::npos) return false;  // a number may go on
    rest_.remove_prefix(end);
    return true;
  }

  bool skip_nested() {
    std::size_t depth = 0;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"') {
        if (!skip_string()) return false;
        continue;
      }
      rest_.remove_prefix(1);
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  std::string_view rest_;
  JsonVisitor& visitor_;
};

// number = [ "-" ] int [ "." 1*DIGIT ] [ "e" [ "-" / "+" ] 1*DIGIT ]      (RFC 8259 §6)
bool is_number(std::string_view text) {
  const auto digits = [&text] {
    const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(size);
    return size > 0;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '0' && base::is_digit(text[1])) return false;
  if (!digits()) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits()) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (!digits()) return false;
  }
  return text.empty();
}

}  // namespace

JsonScan scan_json(std::string_view body, JsonVisitor& visitor) {
  return Scanner(body, visitor).scan();
}

bool is_json(std::string_view text) {
  if (is_number(text)) return true;
  // The reader takes a NUL for the end of the text, and JSON has none.
  if (text.find('\0') != std::string_view::npos) return false;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::BaseReaderHandler<> ignored;
  rapidjson::Reader reader;
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  return !reader.Parse<kFlags>(stream, ignored).IsError();
}

std::string_view between_quotes(std::string_view json) {
  return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2)
                                                 : std::string_view{};
}

}  // namespace intermission::dialect
