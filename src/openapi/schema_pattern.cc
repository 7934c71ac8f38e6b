#include "openapi/schema_pattern.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"

namespace intermission::openapi {
namespace {

constexpr std::string_view kAnything = "[\\s\\S]*";

// What ECMA-262 means by a class escape (§22.2.2.9), as members of a bracketed set of XML Schema.
std::string_view members_of(char letter) {
  switch (letter) {
    case 'w':
      return "A-Za-z0-9_";
    case 'd':
      return "0-9";
    case 's':
      return "\\t-\\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
    default:
      return {};
  }
}

bool is_punctuation(char c) {
  return base::is_visible(c) && !base::is_alpha(c) && !base::is_digit(c);
}

// Translates one branch: what stands between two "|" that no bracket encloses.
class Translation {
 public:
  explicit Translation(std::string_view branch) : rest_(branch) {}

  std::optional<std::string> run() {
    if (!take("^")) out_ += kAnything;
    while (!rest_.empty()) {
      if (rest_ == "$") return out_;
      if (!step()) return {};
    }
    return out_.append(kAnything);
  }

 private:
  bool take(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  std::string_view cut(std::size_t count) {
    const std::string_view piece = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return piece;
  }

  bool step() {
    if (rest_.front() == '\\') return escape();
    if (take("[")) return set();
    if (take("(?:")) {
      out_ += '(';
      return true;
    }
    if (rest_.starts_with("(?") || rest_.front() == '^' || rest_.front() == '$') return false;
    const bool is_quantifier =
        std::string_view("*+?}").find(rest_.front()) != std::string_view::npos;
    out_ += cut(1);
    // Of two quantifiers the second makes the first lazy, which changes no match of a whole text.
    if (is_quantifier) take("?");
    return true;
  }

  bool escape() {
    const std::string_view escaped = cut_escape();
    if (escaped.empty()) return false;
    const auto members = members_of(escaped.back());
    const auto others = members_of(base::ascii_lower(escaped.back()));
    if (!members.empty()) {
      out_.append("[").append(members).append("]");
    } else if (!others.empty()) {
      out_.append("[^").append(others).append("]");
    } else {
      out_ += escaped;
    }
    return true;
  }

  // An escape that is understood, and nothing otherwise. In XML Schema other letters (\i, \c) mean
  // something else.
  std::string_view cut_escape() {
    if (rest_.size() < 2) return {};
    if (rest_[1] == 'p' || rest_[1] == 'P') {
      const auto end = rest_.find('}');
      return end == std::string_view::npos ? std::string_view{} : cut(end + 1);
    }
    const bool is_known = std::string_view("wWdDsStnr").find(rest_[1]) != std::string_view::npos;
    return is_known || is_punctuation(rest_[1]) ? cut(2) : std::string_view{};
  }

  // What follows "[". A "-" is a range between two characters, and a character everywhere else.
  // Each is escaped on the way, for in XML Schema "[" and "-" mean more in a set.
  bool set() {
    out_ += take("^") ? "[^" : "[";
    if (rest_.starts_with(']')) return false;  // none at all, or any at all
    while (!take("]")) {
      const auto from = member();
      if (!from) return false;
      out_ += *from;
      if (rest_.size() < 2 || rest_[0] != '-' || rest_[1] == ']') continue;
      cut(1);
      const auto to = member();
      if (!to) return false;
      out_ += is_single(*from) && is_single(*to) ? "-" : "\\-";
      out_ += *to;
    }
    out_ += ']';
    return true;
  }

  // One member of a set, as XML Schema writes it.
  std::optional<std::string> member() {
    if (rest_.empty()) return {};
    if (rest_.front() == '\\') {
      const std::string_view escaped = cut_escape();
      if (escaped.empty()) return {};
      const auto members = members_of(escaped.back());
      if (!members.empty()) return std::string(members);
      if (!members_of(base::ascii_lower(escaped.back())).empty()) return {};
      return std::string(escaped);
    }
    const std::string_view one = cut(std::max<std::size_t>(base::utf8_size(rest_), 1));
    return (is_punctuation(one.front()) ? "\\" : "") + std::string(one);
  }

  static bool is_single(std::string_view member) {
    if (!member.starts_with('\\')) return base::utf8_size(member) == member.size();
    return member.size() == 2;
  }

  std::string_view rest_;
  std::string out_;
};

// Walks over an expression: visit(position, depth) at each "(", ")" and "|" outside of sets and
// escapes, with the number of groups that are open after it. Ends where visit returns false.
template <typename Visit>
void visit_operators(std::string_view expression, Visit visit) {
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
    } else if (c == '(' || c == ')' || c == '|') {
      groups += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (!visit(i, groups)) return;
    }
  }
}

// The branches of an expression: where "|" stands outside of groups and sets.
// Nothing where a group ends that never began.
std::vector<std::string_view> branches_of(std::string_view expression) {
  std::vector<std::string_view> branches;
  std::size_t from = 0;
  bool is_balanced = true;
  visit_operators(expression, [&](std::size_t at, int groups) {
    is_balanced = groups >= 0;
    if (expression[at] == '|' && groups == 0) {
      branches.push_back(expression.substr(from, at - from));
      from = at + 1;
    }
    return is_balanced;
  });
  if (!is_balanced) return {};
  branches.push_back(expression.substr(from));
  return branches;
}

std::optional<contract::XsdPattern> parse_plain(std::string_view expression) {
  const auto branches = branches_of(expression);
  if (branches.empty()) return {};
  std::string whole;
  for (const std::string_view branch : branches) {
    const auto translated = Translation(branch).run();
    if (!translated) return {};
    whole += (whole.empty() ? "(" : "|(") + *translated + ")";
  }
  return contract::XsdPattern::parse(whole);
}

// The length of the group that an expression begins with; nothing if it does not end.
std::optional<std::size_t> size_of_group(std::string_view expression) {
  std::optional<std::size_t> size;
  visit_operators(expression, [&](std::size_t at, int groups) {
    if (expression[at] == ')' && groups == 0) size = at + 1;
    return !size;
  });
  return size;
}

}  // namespace

std::optional<SchemaPattern> SchemaPattern::parse(std::string_view expression) {
  constexpr std::size_t kOpening = 3;  // "(?=" or "(?!"
  constexpr std::size_t kLongestSample = 100;
  std::string_view rest = expression;
  const bool is_anchored = rest.starts_with('^');
  if (is_anchored) rest.remove_prefix(1);
  std::vector<contract::XsdPattern> ahead, not_ahead;
  std::vector<std::string> samples;
  while (rest.starts_with("(?=") || rest.starts_with("(?!")) {
    const bool is_wanted = rest[2] == '=';
    const auto size = size_of_group(rest);
    if (!size || !is_anchored) return {};
    const std::string_view inside = rest.substr(kOpening, *size - kOpening - 1);
    auto parsed = parse_plain("^" + std::string(inside));
    if (!parsed) return {};
    // The shortest of ".*\d" is a digit.
    if (is_wanted) samples.push_back(parsed->shortest(0, kLongestSample).value_or(""));
    (is_wanted ? ahead : not_ahead).push_back(std::move(*parsed));
    rest.remove_prefix(*size);
  }
  const bool looks_ahead = !ahead.empty() || !not_ahead.empty();
  if (looks_ahead && branches_of(rest).size() != 1) return {};
  auto whole = looks_ahead ? parse_plain("^" + std::string(rest)) : parse_plain(expression);
  if (!whole) return {};
  SchemaPattern pattern(std::move(*whole));
  pattern.ahead_ = std::move(ahead);
  pattern.not_ahead_ = std::move(not_ahead);
  pattern.samples_ = std::move(samples);
  return pattern;
}

bool SchemaPattern::matches(std::string_view text) const {
  const auto is_there = [&](const contract::XsdPattern& pattern) { return pattern.matches(text); };
  return whole_.matches(text) && std::all_of(ahead_.begin(), ahead_.end(), is_there) &&
         std::none_of(not_ahead_.begin(), not_ahead_.end(), is_there);
}

// With look-ahead: what is looked for in a row, in either order, filled up with characters of each
// kind.
std::optional<std::string> SchemaPattern::shortest(std::size_t least, std::size_t most) const {
  constexpr std::size_t kMostTried = 64;
  const auto plain = whole_.shortest(least, most);
  if (!plain || matches(*plain)) return plain;
  std::string forward, backward;
  for (const std::string& sample : samples_) {
    forward += sample;
    backward.insert(0, sample);
  }
  for (const std::string& start : {forward, backward, *plain + forward, forward + *plain}) {
    for (const char filler : {'a', 'A', '1', '-', ' '}) {
      std::string text = start;
      for (std::size_t i = 0; i < kMostTried && text.size() <= most; ++i) {
        if (text.size() >= least && matches(text)) return text;
        text += filler;
      }
    }
  }
  for (std::size_t size = plain->size() + 1; size <= std::min(most, plain->size() + kMostTried);
       ++size) {
    const auto longer = whole_.shortest(size, most);
    if (longer && matches(*longer)) return longer;
  }
  return {};
}

}  // namespace intermission::openapi
