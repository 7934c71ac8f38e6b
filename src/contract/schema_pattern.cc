#include "contract/schema_pattern.h"

#include <vector>

#include "base/text.h"

namespace intermission::contract {
namespace {

constexpr std::string_view kAnything = "[\\s\\S]*";

// What ECMA-262 means by a class escape, as members of a bracketed set.
std::string_view members_of(char letter) {
  switch (letter) {
    case 'w':
      return "A-Za-z0-9_";
    case 'd':
      return "0-9";
    case 's':
      return " \\t\\n\\r";
    default:
      return {};
  }
}

// Translates one branch: what stands between two "|" that no bracket encloses.
class Translation {
 public:
  explicit Translation(std::string_view branch) : rest_(branch) {}

  std::optional<std::string> run() {
    if (!take("^")) out_ += kAnything;
    while (!rest_.empty()) {
      if (rest_ == "$" && !set_) return out_;
      if (!step()) return {};
    }
    if (set_) return {};  // what follows would be taken for its members
    return out_.append(kAnything);
  }

 private:
  bool take(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  void copy(std::size_t count) {
    out_ += rest_.substr(0, count);
    rest_.remove_prefix(std::min(count, rest_.size()));
  }

  bool step() {
    if (rest_.front() == '\\') return escape();
    if (set_) return inside_set();
    if (take("(?:")) {
      out_ += '(';
      return true;
    }
    if (rest_.starts_with("(?") || rest_.front() == '^' || rest_.front() == '$') return false;
    // Of two quantifiers the second makes the first lazy, which changes no match of a whole text.
    if (rest_.size() > 1 && rest_[1] == '?' &&
        std::string_view("*+?}").find(rest_[0]) != std::string_view::npos) {
      copy(1);
      rest_.remove_prefix(1);
      return true;
    }
    if (rest_.front() == '[') set_ = true;
    copy(1);
    if (set_ && rest_.starts_with('^')) copy(1);
    return true;
  }

  // In XML Schema "[" and a "-" between ranges mean something in a set.
  bool inside_set() {
    if (rest_.front() == '[') {
      out_ += "\\[";
      rest_.remove_prefix(1);
      return true;
    }
    if (rest_.front() == ']') set_ = false;
    if (rest_.front() == '-' &&
        (rest_.starts_with("-]") || out_.ends_with('[') || out_.ends_with('^')))
      out_ += '\\';
    copy(1);
    return true;
  }

  bool escape() {
    if (rest_.size() < 2) return false;
    const char letter = rest_[1];
    if (const auto members = members_of(letter); !members.empty()) {
      out_ += set_ ? std::string(members) : "[" + std::string(members) + "]";
      rest_.remove_prefix(2);
      return true;
    }
    const auto negated = members_of(base::ascii_lower(letter));
    if (!negated.empty()) {
      if (set_) return false;
      out_ += "[^" + std::string(negated) + "]";
      rest_.remove_prefix(2);
      return true;
    }
    if (letter == 'u' || letter == 'x' || letter == 'b' || letter == 'B' || letter == 'k' ||
        base::is_digit(letter)) {
      return false;
    }
    copy(2);
    return true;
  }

  std::string_view rest_;
  std::string out_;
  bool set_ = false;  // inside of brackets
};

// The branches of an expression: where "|" stands outside of groups and sets.
std::vector<std::string_view> branches_of(std::string_view expression) {
  std::vector<std::string_view> branches;
  std::size_t from = 0;
  int groups = 0;
  bool set = false;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\') {
      ++i;
    } else if (set) {
      set = c != ']';
    } else if (c == '[') {
      set = true;
    } else if (c == '(') {
      ++groups;
    } else if (c == ')') {
      --groups;
    } else if (c == '|' && groups == 0) {
      branches.push_back(expression.substr(from, i - from));
      from = i + 1;
    }
  }
  branches.push_back(expression.substr(from));
  return branches;
}

}  // namespace

std::optional<SchemaPattern> SchemaPattern::parse(std::string_view expression) {
  std::string whole;
  for (const std::string_view branch : branches_of(expression)) {
    const auto translated = Translation(branch).run();
    if (!translated) return {};
    whole += (whole.empty() ? "(" : "|(") + *translated + ")";
  }
  auto parsed = XsdPattern::parse(whole);
  if (!parsed) return {};
  return SchemaPattern(std::move(*parsed));
}

}  // namespace intermission::contract
