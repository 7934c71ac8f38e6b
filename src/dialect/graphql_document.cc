#include "dialect/graphql_document.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace intermission::dialect {
namespace {

bool is_name_start(char c) {
  return base::is_alpha(c) || c == '_';
}

// The characters that are meant, one after the other.
class Reader {
 public:
  Reader(std::string_view text, Spelling spelling) : rest_(text), spelling_(spelling) {}

  bool at_end() const { return rest_.empty(); }
  /// The next character; NUL, which no document holds, at the end.
  char peek() const { return at_end() ? '\0' : first().meant; }

  bool take(std::string_view expected) {
    Reader ahead = *this;
    for (const char c : expected) {
      if (ahead.peek() != c) return false;
      ahead.skip();
    }
    *this = ahead;
    return true;
  }

  void skip() { rest_.remove_prefix(first().size); }

  /// Up to behind `end`, or to the end of the text.
  void skip_behind(std::string_view end) {
    while (!at_end() && !take(end)) skip();
  }

  // What may stand between tokens (§2.1.7).
  void skip_ignored() {
    constexpr std::string_view kIgnored = " \t\n\r,";
    for (;;) {
      if (kIgnored.find(peek()) != std::string_view::npos) {
        skip();
      } else if (take("#")) {
        skip_behind("\n");
      } else if (!take("\xEF\xBB\xBF")) {
        return;
      }
    }
  }

  void skip_name() {
    while (is_name_start(peek()) || base::is_digit(peek())) skip();
  }

 private:
  struct Character {
    char meant = '\0';
    std::size_t size = 1;  // as it is spelled
  };

  Character first() const { return spelling_ == Spelling::kUrl ? of_url() : of_json(); }

  Character of_url() const {
    if (rest_[0] == '+') return {' '};
    if (rest_[0] != '%' || rest_.size() < 3) return {rest_[0]};
    const int high = base::hex_value(rest_[1]);
    const int low = base::hex_value(rest_[2]);
    if (high < 0 || low < 0) return {rest_[0]};
    return {static_cast<char>(high * 16 + low), 3};
  }

  // Others, such as \u0022, are read as the letter behind the backslash: no document begins so.
  Character of_json() const {
    if (rest_[0] != '\\' || rest_.size() < 2) return {rest_[0]};
    switch (rest_[1]) {
      case 'n':
        return {'\n', 2};
      case 'r':
        return {'\r', 2};
      case 't':
        return {'\t', 2};
      default:
        return {rest_[1], 2};
    }
  }

  std::string_view rest_;
  Spelling spelling_;
};

// SelectionSet: { Selection … }, each of them a field, or a fragment behind "..." (§2.4)
bool reads_selection_set(Reader reader) {
  if (!reader.take("{")) return false;
  reader.skip_ignored();
  if (reader.take("...")) return true;
  if (!is_name_start(reader.peek())) return false;
  reader.skip_name();
  reader.skip_ignored();
  constexpr std::string_view kBehindField = "{}(:@.";
  return is_name_start(reader.peek()) || kBehindField.find(reader.peek()) != std::string_view::npos;
}

// An operation or a fragment with its keyword, which has a selection set.
bool reads_definition(Reader reader) {
  constexpr std::array<std::string_view, 4> kKeywords = {"query", "mutation", "subscription",
                                                         "fragment"};
  const bool has_keyword = std::any_of(kKeywords.begin(), kKeywords.end(),
                                       [&](std::string_view one) { return reader.take(one); });
  if (!has_keyword || is_name_start(reader.peek()) || base::is_digit(reader.peek())) return false;
  while (!reader.at_end() && reader.peek() != '{') reader.skip();
  return !reader.at_end();
}

}  // namespace

bool is_graphql_document(std::string_view text, Spelling spelling) {
  Reader reader(text, spelling);
  reader.skip_ignored();
  if (reader.take("\"\"\"")) {  // a description (September 2025, §2.3)
    reader.skip_behind("\"\"\"");
    reader.skip_ignored();
  }
  return reads_selection_set(reader) || reads_definition(reader);
}

}  // namespace intermission::dialect
