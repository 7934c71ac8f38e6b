// The field lines of a response, as they are sent (RFC 9112 §5): one text of lines, each
// "Name: value\r\n". HTTP/1.1 copies it whole; HTTP/2 reads it line by line.
//
//   FieldLines lines("Cache-Control: no-store\r\n");   // checked when this is compiled
//   lines.add("Location", target);                     // whatever the target holds, one line
//   for (const auto& [name, value] : lines) ...
//
// No value can end its line, and nothing else can be added than lines.
#pragma once

#include <cassert>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "base/text.h"

namespace intermission::http {

/// Whether `text` is field lines and nothing else; also if it is empty. A name here is visible
/// ASCII without colon.
constexpr bool are_field_lines(std::string_view text) {
  while (!text.empty()) {
    std::size_t at = 0;
    while (at < text.size() && base::is_visible(text[at]) && text[at] != ':') ++at;
    if (at == 0 || at == text.size() || text[at] != ':') return false;
    while (at < text.size() && !base::is_control(text[at])) ++at;
    if (text.substr(at, 2) != "\r\n") return false;
    text.remove_prefix(at + 2);
  }
  return true;
}

/// Lines that stand in the program's own source.
class LiteralLines {
 public:
  template <std::size_t kSize>
  consteval LiteralLines(const char (&text)[kSize]) : text_(text, kSize - 1) {
    if (!are_field_lines(text_)) throw "expected lines, each \"Name: value\\r\\n\"";
  }
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// Keeps its memory when it is cleared. Not thread-safe.
class FieldLines {
 public:
  struct Line {
    std::string_view name;
    std::string_view value;  // without surrounding white space
  };

  /// In order. As std::string's, it is valid until the lines change.
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Line;
    using difference_type = std::ptrdiff_t;
    using pointer = const Line*;
    using reference = Line;

    Iterator() = default;
    explicit Iterator(std::string_view rest) : rest_(rest) {}
    Line operator*() const {
      const std::size_t colon = rest_.find(':');
      const std::string_view behind = rest_.substr(colon + 1);
      return {rest_.substr(0, colon), base::trim(behind.substr(0, behind.find('\r')))};
    }
    Iterator& operator++() {
      rest_.remove_prefix(rest_.find('\n') + 1);
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return rest_.size() == other.rest_.size(); }

   private:
    std::string_view rest_;
  };

  FieldLines() = default;
  FieldLines(LiteralLines lines) : text_(lines.text()) {}
  FieldLines& operator=(LiteralLines lines) {
    text_ = lines.text();
    return *this;
  }

  /// Bytes that may not stand in a field value (RFC 9110 §5.5: CR, LF, NUL and other controls but
  /// HTAB) become spaces, in the name as well.
  void add(std::string_view name, std::string_view value);
  FieldLines& operator+=(LiteralLines lines) {
    text_ += lines.text();
    return *this;
  }
  FieldLines& operator+=(const FieldLines& lines) {
    text_ += lines.text_;
    return *this;
  }
  /// Adds `member` to the list that the value of the last line is; there is one.
  void add_member(std::string_view member);
  /// For lines that were put together early: `write` appends them to the string that it is given.
  /// They must be well-formed; builds with assertions check it.
  template <typename Write>
  void add_prepared(Write write) {
    [[maybe_unused]] const std::size_t before = text_.size();
    write(text_);
    assert(are_field_lines(std::string_view(text_).substr(before)));
  }

  Iterator begin() const { return Iterator(text_); }
  Iterator end() const { return {}; }
  /// Names are compared without regard to case.
  bool has(std::string_view name) const;
  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }
  void clear() { text_.clear(); }

  bool operator==(const FieldLines&) const = default;

 private:
  std::string text_;
};

}  // namespace intermission::http
