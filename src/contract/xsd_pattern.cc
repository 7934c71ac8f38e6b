#include "contract/xsd_pattern.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <memory>
#include <span>

#include "base/text.h"
#include "base/utf8.h"

namespace intermission::contract {
namespace {

using Set = XsdPattern::Set;
using State = XsdPattern::State;

constexpr char32_t kLast = 0x10FFFF;
constexpr char32_t kFirstBeyondAscii = 0x80;
constexpr int kEndless = -1;

// ------------------------------------------------------------------ sets of characters

Set normal(Set set) {
  std::sort(set.begin(), set.end());
  Set out;
  for (const auto& range : set) {
    if (!out.empty() && range.first <= out.back().second + 1) {
      out.back().second = std::max(out.back().second, range.second);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

Set complement(const Set& set) {
  Set out;
  char32_t from = 0;
  for (const auto& [first, last] : set) {
    if (first > from) out.emplace_back(from, first - 1);
    from = last + 1;
  }
  if (from <= kLast) out.emplace_back(from, kLast);
  return out;
}

Set without(const Set& set, const Set& taken) {
  Set out;
  for (const auto& [first, last] : set) {
    for (const auto& [gap_first, gap_last] : complement(taken)) {
      const char32_t from = std::max(first, gap_first);
      const char32_t to = std::min(last, gap_last);
      if (from <= to) out.emplace_back(from, to);
    }
  }
  return normal(std::move(out));
}

bool contains(const Set& set, char32_t c) {
  return std::any_of(set.begin(), set.end(),
                     [c](const auto& range) { return range.first <= c && c <= range.second; });
}

// Of \p{…}, its ASCII part.
std::optional<Set> category(std::string_view name) {
  if (name == "L") return Set{{'A', 'Z'}, {'a', 'z'}};
  if (name == "Lu") return Set{{'A', 'Z'}};
  if (name == "Ll") return Set{{'a', 'z'}};
  if (name == "N" || name == "Nd") return Set{{'0', '9'}};
  if (name == "P")
    return Set{{'!', '#'}, {'%', '*'}, {',', '/'}, {':', ';'}, {'?', '@'},
               {'[', ']'}, {'_', '_'}, {'{', '{'}, {'}', '}'}};
  if (name == "Po")
    return Set{{'!', '#'}, {'%', '\''}, {'*', '*'}, {',', ','},
               {'.', '/'}, {':', ';'},  {'?', '@'}, {'\\', '\\'}};
  if (name == "Z" || name == "Zs") return Set{{' ', ' '}};
  if (name == "S")
    return Set{{'$', '$'}, {'+', '+'}, {'<', '>'}, {'^', '^'}, {'`', '`'}, {'|', '|'}, {'~', '~'}};
  if (name == "IsBasicLatin") return Set{{0, 0x7F}};
  return {};
}

// Of an escape with one letter that stands for many characters (\d, \W, …).
std::optional<Set> many(char letter) {
  Set set;
  switch (base::ascii_lower(letter)) {
    case 'd':
      set = {{'0', '9'}};
      break;
    case 's':
      set = {{'\t', '\n'}, {'\r', '\r'}, {' ', ' '}};
      break;
    case 'w':
      set = {{'$', '$'}, {'+', '+'}, {'0', '9'}, {'<', '>'}, {'A', 'Z'},
             {'^', '^'}, {'`', 'z'}, {'|', '|'}, {'~', '~'}};
      break;
    case 'i':
      set = {{':', ':'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
      break;
    case 'c':
      set = {{'-', '.'}, {'0', ':'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
      break;
    default:
      return {};
  }
  if (letter == 'S') return complement(set);
  // The complement within ASCII: what lies beyond belongs to either.
  return letter >= 'a' ? set : without({{'\t', '\n'}, {'\r', '\r'}, {' ', '~'}}, set);
}

// ------------------------------------------------------------------ expression → tree

struct Tree {
  enum class Kind : std::uint8_t { kSet, kSequence, kEither } kind = Kind::kSequence;
  int set = -1;
  std::vector<std::unique_ptr<Tree>> parts;
  int least = 1;  // how often
  int most = 1;   // or kEndless
};
using TreePtr = std::unique_ptr<Tree>;

// regExp ::= branch ( '|' branch )*      branch ::= ( atom quantifier? )*
class Parser {
 public:
  Parser(std::string_view text, std::vector<Set>& sets) : rest_(text), sets_(sets) {}

  TreePtr parse() {
    TreePtr tree = either(0);
    return tree && rest_.empty() ? std::move(tree) : nullptr;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<char32_t> character() {
    const std::size_t size = base::utf8_size(rest_);
    if (size == 0) return {};
    char32_t c = static_cast<unsigned char>(rest_[0]);
    if (size > 1) c &= 0x7FU >> size;
    for (std::size_t i = 1; i < size; ++i) {
      c = (c << 6) | (static_cast<unsigned char>(rest_[i]) & 0x3FU);
    }
    rest_.remove_prefix(size);
    return c;
  }

  TreePtr leaf(Set set) {
    auto tree = std::make_unique<Tree>();
    tree->kind = Tree::Kind::kSet;
    tree->set = static_cast<int>(sets_.size());
    sets_.push_back(std::move(set));
    return tree;
  }

  TreePtr either(std::size_t depth) {
    if (depth > XsdPattern::kMaxDepth) return nullptr;
    auto tree = std::make_unique<Tree>();
    tree->kind = Tree::Kind::kEither;
    do {
      TreePtr branch = sequence(depth);
      if (!branch) return nullptr;
      tree->parts.push_back(std::move(branch));
    } while (take('|'));
    return tree;
  }

  TreePtr sequence(std::size_t depth) {
    auto tree = std::make_unique<Tree>();
    while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
      TreePtr part = atom(depth);
      if (!part || !quantify(*part)) return nullptr;
      tree->parts.push_back(std::move(part));
    }
    return tree;
  }

  TreePtr atom(std::size_t depth) {
    if (take('(')) {
      TreePtr inner = either(depth + 1);
      return inner && take(')') ? std::move(inner) : nullptr;
    }
    if (take('[')) {
      auto set = group(depth);
      return set ? leaf(std::move(*set)) : nullptr;
    }
    if (take('.')) return leaf(complement({{'\n', '\n'}, {'\r', '\r'}}));
    if (take('\\')) {
      auto set = escape();
      return set ? leaf(std::move(*set)) : nullptr;
    }
    if (std::string_view("?*+{}]").find(rest_[0]) != std::string_view::npos) return nullptr;
    const auto c = character();
    return c ? leaf({{*c, *c}}) : nullptr;
  }

  // What follows a backslash.
  std::optional<Set> escape() {
    if (rest_.empty()) return {};
    const char c = rest_[0];
    rest_.remove_prefix(1);
    if (c == 'p' || c == 'P') {
      const auto end = rest_.find('}');
      if (!take('{') || end == std::string_view::npos) return {};
      auto set = category(rest_.substr(0, end - 1));
      rest_.remove_prefix(end);
      if (set && c == 'P') set = without({{' ', '~'}}, *set);
      return set;
    }
    if (auto set = many(c)) return set;
    if (c == 'n') return Set{{'\n', '\n'}};
    if (c == 'r') return Set{{'\r', '\r'}};
    if (c == 't') return Set{{'\t', '\t'}};
    if (base::is_alpha(c) || base::is_digit(c)) return {};
    const auto self = static_cast<char32_t>(static_cast<unsigned char>(c));
    return Set{{self, self}};
  }

  // What follows "[": ranges, escapes, and a group that is taken away.
  std::optional<Set> group(std::size_t depth) {
    if (depth > XsdPattern::kMaxDepth) return {};
    const bool negative = take('^');
    Set set;
    std::optional<Set> taken;
    bool is_partial = false;
    for (bool first = true; !take(']'); first = false) {
      if (rest_.empty()) return {};
      if (!first && rest_.starts_with("-[")) {
        rest_.remove_prefix(2);
        taken = group(depth + 1);
        if (!taken || !take(']')) return {};
        break;
      }
      is_partial = is_partial || is_partial_escape();
      if (!range(set)) return {};
    }
    if (set.empty()) return {};
    set = normal(std::move(set));
    if (negative) set = complement(set);
    if (negative && is_partial) set = without(set, {{kFirstBeyondAscii, kLast}});
    return taken ? without(set, *taken) : set;
  }

  // An escape of which only the ASCII part is known.
  bool is_partial_escape() const {
    return rest_.size() > 1 && rest_[0] == '\\' && base::is_alpha(rest_[1]) &&
           std::string_view("nrtsS").find(rest_[1]) == std::string_view::npos;
  }

  bool range(Set& set) {
    const auto from = bound(set);
    if (!from) return false;
    if (*from == kLast + 1) return true;  // an escape for many characters
    if (rest_.size() < 2 || rest_[0] != '-' || rest_[1] == ']' || rest_[1] == '[') {
      set.emplace_back(*from, *from);
      return true;
    }
    rest_.remove_prefix(1);
    const auto to = bound(set);
    if (!to || *to > kLast || *to < *from) return false;
    set.emplace_back(*from, *to);
    return true;
  }

  // One end of a range; kLast + 1 where an escape for many went into the set as a whole.
  std::optional<char32_t> bound(Set& set) {
    if (!take('\\')) return character();
    const auto escaped = escape();
    if (!escaped || escaped->empty()) return {};
    if (escaped->size() == 1 && escaped->front().first == escaped->front().second) {
      return escaped->front().first;
    }
    set.insert(set.end(), escaped->begin(), escaped->end());
    return kLast + 1;
  }

  bool quantify(Tree& tree) {
    if (take('?')) {
      tree.least = 0;
    } else if (take('*')) {
      tree.least = 0;
      tree.most = kEndless;
    } else if (take('+')) {
      tree.most = kEndless;
    } else if (take('{')) {
      return counts(tree);
    }
    return true;
  }

  bool counts(Tree& tree) {
    const auto end = rest_.find('}');
    if (end == std::string_view::npos) return false;
    const std::string_view inner = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    const auto comma = inner.find(',');
    const auto least = base::parse_number(inner.substr(0, comma));
    if (!least || *least > XsdPattern::kMaxStates) return false;
    tree.least = tree.most = static_cast<int>(*least);
    if (comma == std::string_view::npos) return true;
    tree.most = kEndless;
    if (comma + 1 == inner.size()) return true;
    const auto most = base::parse_number(inner.substr(comma + 1));
    if (!most || *most > XsdPattern::kMaxStates || *most < *least) return false;
    tree.most = static_cast<int>(*most);
    return true;
  }

  std::string_view rest_;
  std::vector<Set>& sets_;
};

// ------------------------------------------------------------------ tree → automaton

// Builds from the end: every part gets what comes after it, and returns where it starts.
class Builder {
 public:
  explicit Builder(std::vector<State>& states) : states_(states) {}

  std::optional<int> build(const Tree& tree, int after) {
    // "At least" first in the text, so last here.
    int start = after;
    if (tree.most == kEndless) {
      const int loop = add({});
      const auto inside = once(tree, loop);
      if (!inside) return {};
      states_[static_cast<std::size_t>(loop)] = {-1, *inside, after};
      start = loop;
    } else {
      for (int i = tree.least; i < tree.most; ++i) {
        const auto inside = once(tree, start);
        if (!inside) return {};
        start = add({-1, *inside, after});
      }
    }
    for (int i = 0; i < tree.least; ++i) {
      const auto inside = once(tree, start);
      if (!inside) return {};
      start = *inside;
    }
    return start;
  }

 private:
  // Parts that match nothing but the empty text cost no states, but time.
  bool full() const {
    return states_.size() > XsdPattern::kMaxStates || visits_ > 10 * XsdPattern::kMaxStates;
  }

  int add(State state) {
    states_.push_back(state);
    return static_cast<int>(states_.size()) - 1;
  }

  std::optional<int> once(const Tree& tree, int after) {
    ++visits_;
    if (full()) return {};
    if (tree.kind == Tree::Kind::kSet) return add({tree.set, after, -1});
    if (tree.kind == Tree::Kind::kSequence) {
      int start = after;
      for (auto part = tree.parts.rbegin(); part != tree.parts.rend(); ++part) {
        const auto before = build(**part, start);
        if (!before) return {};
        start = *before;
      }
      return start;
    }
    std::optional<int> start;
    for (auto part = tree.parts.rbegin(); part != tree.parts.rend(); ++part) {
      const auto branch = build(**part, after);
      if (!branch) return {};
      start = start ? add({-1, *branch, *start}) : *branch;
    }
    return start;
  }

  std::vector<State>& states_;
  std::size_t visits_ = 0;
};

// ------------------------------------------------------------------ walking it

// The states that a step may end in, each once, in order of their discovery. All of it stands on
// the stack: the ids of requests are matched without a heap.
class Front {
 public:
  explicit Front(const std::vector<State>& states) : all_(&states) {}

  void add(int state) {
    std::size_t pending = 0;
    pending_[pending++] = state;
    while (pending > 0) {
      const int now = pending_[--pending];
      if (now < 0 || has(now)) continue;
      seen_.set(static_cast<std::size_t>(now));
      list_[size_++] = now;
      const State& at = (*all_)[static_cast<std::size_t>(now)];
      if (at.set >= 0) continue;
      pending_[pending++] = at.other;
      pending_[pending++] = at.next;
    }
  }
  void clear() {
    seen_.reset();
    size_ = 0;
  }
  bool has(int state) const { return seen_[static_cast<std::size_t>(state)]; }
  std::span<const int> list() const { return {list_.data(), size_}; }

 private:
  static constexpr std::size_t kMost = XsdPattern::kMaxStates;

  const std::vector<State>* all_;
  std::bitset<kMost> seen_;
  std::size_t size_ = 0;
  std::array<int, kMost> list_;         // so many of them
  std::array<int, 2 * kMost> pending_;  // used within add() alone
};

// A character of the set that people would write.
std::optional<char32_t> typical(const Set& set) {
  for (const char32_t c : {U'a', U'A', U'0', U'-', U' '}) {
    if (contains(set, c)) return c;
  }
  for (const auto& [first, last] : set) {
    if (last >= '!') return std::max(first, char32_t{'!'});
  }
  return {};
}

void append_utf8(std::string& out, char32_t c) {
  const auto byte = [&out](char32_t bits) { out += static_cast<char>(bits); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0 | (c >> 6));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
  }
  byte(0x80 | (c & 0x3F));
}

}  // namespace

std::optional<XsdPattern> XsdPattern::parse(std::string_view expression) {
  XsdPattern pattern;
  const TreePtr tree = Parser(expression, pattern.sets_).parse();
  if (!tree) return {};
  pattern.states_.push_back({});  // accepts: the first one made, and the end of every path
  const auto start = Builder(pattern.states_).build(*tree, 0);
  if (!start || pattern.states_.size() > kMaxStates) return {};
  pattern.start_ = *start;
  return pattern;
}

bool XsdPattern::matches(std::string_view text) const {
  Front fronts[] = {Front(states_), Front(states_)};
  Front* now = &fronts[0];
  Front* next = &fronts[1];
  now->add(start_);
  while (!text.empty() && !now->list().empty()) {
    const std::size_t size = base::utf8_size(text);
    if (size == 0) return false;
    char32_t c = static_cast<unsigned char>(text[0]);
    if (size > 1) c &= 0x7FU >> size;
    for (std::size_t i = 1; i < size; ++i) {
      c = (c << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    text.remove_prefix(size);
    next->clear();
    for (const int at : now->list()) {
      const State& state = states_[static_cast<std::size_t>(at)];
      if (state.set >= 0 && contains(sets_[static_cast<std::size_t>(state.set)], c)) {
        next->add(state.next);
      }
    }
    std::swap(now, next);
  }
  return text.empty() && now->has(0);
}

std::optional<std::string> XsdPattern::shortest(std::size_t least, std::size_t most) const {
  most = std::min(most, kMaxSample);
  // Layer n: the states after n characters, and for each the step that led there.
  struct Step {
    int from;
    char32_t c;
  };
  std::vector<std::vector<std::pair<int, Step>>> layers;
  Front front(states_);
  front.add(start_);
  layers.emplace_back();
  for (const int state : front.list()) layers[0].push_back({state, {-1, 0}});
  for (std::size_t length = 0;; ++length) {
    if (length >= least && front.has(0)) break;
    if (length == most || layers[length].empty()) return {};
    Front next(states_);
    auto& layer = layers.emplace_back();
    for (std::size_t i = 0; i < layers[length].size(); ++i) {
      const State& state = states_[static_cast<std::size_t>(layers[length][i].first)];
      if (state.set < 0) continue;
      const auto c = typical(sets_[static_cast<std::size_t>(state.set)]);
      if (!c) continue;
      const std::size_t before = next.list().size();
      next.add(state.next);
      for (std::size_t k = before; k < next.list().size(); ++k) {
        layer.push_back({next.list()[k], {static_cast<int>(i), *c}});
      }
    }
    front = std::move(next);
  }
  std::u32string reversed;
  auto at = std::find_if(layers.back().begin(), layers.back().end(),
                         [](const auto& entry) { return entry.first == 0; });
  for (std::size_t length = layers.size() - 1; length > 0; --length) {
    reversed += at->second.c;
    at = layers[length - 1].begin() + at->second.from;
  }
  std::string out;
  for (auto c = reversed.rbegin(); c != reversed.rend(); ++c) append_utf8(out, *c);
  return out;
}

}  // namespace intermission::contract
