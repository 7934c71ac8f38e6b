// Texts, and which of them begin another text, found without a look at the others.
//
//   PrefixTree<int, as_is> tree({{"", 0}, {"/v1/", 1}, {"/v1/a", 2}, {"/v2/", 3}});
//   for (auto* node = tree.longest("/v1/b"); node != nullptr; node = node->shorter) ...  // 1, 0
//
// The texts are kept sorted, and each knows the longest other one that it begins with:
//
//   0 ""    1 "/v1/" → 0    2 "/v1/a" → 1    3 "/v2/" → 0
//
// The last one that does not sort behind a text either begins it, or one of those it leads to
// does: whatever sorts between a text and what that text begins, begins with it too.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intermission::snapshot {

constexpr char as_is(char c) {
  return c;
}

/// `fold` makes alike what is to be taken for the same; the tree's own texts are folded already.
/// Immutable; any thread. Allocates only when it is built.
template <typename Value, char (*fold)(char)>
class PrefixTree {
 public:
  struct Node {
    std::string text;
    const Node* shorter = nullptr;  // the longest other one that begins this one
    Value value;
  };

  PrefixTree() = default;
  explicit PrefixTree(std::map<std::string, Value> values) {
    nodes_.reserve(values.size());  // for they point to each other
    for (auto& [text, value] : values) {
      const Node* shorter = nodes_.empty() ? nullptr : &nodes_.back();
      while (shorter != nullptr && !text.starts_with(shorter->text)) shorter = shorter->shorter;
      nodes_.push_back({text, shorter, std::move(value)});
    }
  }
  PrefixTree(const PrefixTree&) = delete;
  PrefixTree& operator=(const PrefixTree&) = delete;
  PrefixTree(PrefixTree&&) = default;
  PrefixTree& operator=(PrefixTree&&) = default;

  /// The longest that begins `text`; null if none does.
  const Node* longest(std::string_view text) const {
    const auto behind = std::upper_bound(nodes_.begin(), nodes_.end(), text, sorts_before);
    const Node* node = behind == nodes_.begin() ? nullptr : &*std::prev(behind);
    while (node != nullptr && !begins(node->text, text)) node = node->shorter;
    return node;
  }

 private:
  static bool sorts_before(std::string_view text, const Node& node) {
    return std::lexicographical_compare(
        text.begin(), text.end(), node.text.begin(), node.text.end(), [](char a, char b) {
          return static_cast<unsigned char>(fold(a)) < static_cast<unsigned char>(fold(b));
        });
  }
  static bool begins(std::string_view prefix, std::string_view text) {
    return prefix.size() <= text.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                      [](char a, char b) { return a == fold(b); });
  }

  std::vector<Node> nodes_;  // sorted by text
};

}  // namespace intermission::snapshot
