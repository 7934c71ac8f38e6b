// The rules that a request leaves possible, in their order, without a look at the others: what a
// request costs does not grow with the rules for other paths, or for other values of a field.
//
//   const RuleIndex index(rules);         // path "/v1/*"; X-Tenant "a*"; X-Tenant "b"
//   auto candidates = index.for_request("GET", "/v1/x");
//   for (auto i = candidates.next(0, read); i; i = candidates.next(*i + 1, read)) ...  // 0, 2
//
// A rule is possible where the text before its glob's first "*" begins the path, and where
// nothing else is asked, the text before that of the first field it looks at begins the field's
// value. A field is read when the first rule comes up that looks at it, and not before: fields
// that are read are listed in Vary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "snapshot/prefix_tree.h"
#include "snapshot/rule.h"

namespace intermission::snapshot {

/// Immutable; any thread. Allocates only when it is built.
class RuleIndex {
  using Numbers = std::vector<std::size_t>;  // of rules, ascending
  using ByValue = PrefixTree<Numbers, base::ascii_lower>;

  // Rules that look at the same field first, for the same methods.
  struct Group {
    std::size_t number = 0;  // less than kMostGroups
    std::vector<std::string> methods;
    Rule::Field field;
    Numbers rules;
    ByValue by_value;
  };
  struct ForPath {
    Numbers single;  // those in no group
    std::vector<Group> groups;
  };
  using ByPath = PrefixTree<ForPath, as_is>;

  /// Rules in more groups than that are tried one by one.
  static constexpr std::size_t kMostGroups = 64;

 public:
  /// Lives as long as the index and the method.
  class Candidates {
   public:
    /// The first possible rule from number `from` on. `read` gives the value of a Rule::Field.
    template <typename Read>
    std::optional<std::size_t> next(std::size_t from, Read&& read) {
      for (;;) {
        const First first = find_first(from);
        if (first.unread == nullptr) return first.rule;
        const Group& group = *first.unread;
        is_read_ |= std::uint64_t{1} << group.number;
        values_[group.number] = group.by_value.longest(read(group.field));
      }
    }

   private:
    friend class RuleIndex;
    struct First {
      std::optional<std::size_t> rule;
      const Group* unread = nullptr;  // the rule's, if its field must be read to know more
    };
    Candidates(const ByPath::Node* longest, std::string_view method)
        : longest_(longest), method_(method) {}
    First find_first(std::size_t from) const;
    void look_into(const Group& group, std::size_t from, First& first) const;

    const ByPath::Node* longest_;
    std::string_view method_;
    std::uint64_t is_read_ = 0;                             // a bit for each group
    std::array<const ByValue::Node*, kMostGroups> values_;  // of those that are read
  };

  RuleIndex() = default;
  explicit RuleIndex(std::span<const Rule> rules);

  /// `path` is decoded.
  Candidates for_request(std::string_view method, std::string_view path) const {
    return {by_path_.longest(path), method};
  }

 private:
  ByPath by_path_;
};

}  // namespace intermission::snapshot
