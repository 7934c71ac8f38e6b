// The rules that a path leaves possible, in their order, without a look at the others: what a
// request costs does not grow with the rules for other paths.
//
//   const RuleIndex index(rules);                  // globs "/v1/*", "*", "/v1/a*", "/v2/*"
//   const auto candidates = index.for_path("/v1/x");
//   for (auto i = candidates.next(0); i; i = candidates.next(*i + 1)) ...     // 0, 1
//
// A rule is possible where the text before its glob's first "*" begins the path. These texts
// are kept sorted, each once, and each knows the longest other one that it begins with:
//
//   0 ""    1 "/v1/" → 0    2 "/v1/a" → 1    3 "/v2/" → 0
//
// The last one that does not sort behind the path either begins it, or one of those it leads to
// does: whatever sorts between a text and what that text begins, begins with it too.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/configuration.h"

namespace intermission::gateway {

/// Immutable; any thread. Allocates only when it is built.
class RuleIndex {
  struct Prefix {
    std::string_view text;
    const Prefix* shorter = nullptr;  // the longest other one that begins this one
    std::vector<std::size_t> rules;   // ascending
  };

 public:
  class Candidates {
   public:
    /// The first possible rule from number `from` on.
    std::optional<std::size_t> next(std::size_t from) const;

   private:
    friend class RuleIndex;
    explicit Candidates(const Prefix* longest) : longest_(longest) {}
    const Prefix* longest_;
  };

  RuleIndex() = default;
  /// Holds views into `rules`, which must outlive it.
  explicit RuleIndex(std::span<const catalog::Rule> rules);
  RuleIndex(const RuleIndex&) = delete;
  RuleIndex& operator=(const RuleIndex&) = delete;
  RuleIndex(RuleIndex&&) = default;
  RuleIndex& operator=(RuleIndex&&) = default;

  /// `path` is decoded.
  Candidates for_path(std::string_view path) const;

 private:
  std::vector<Prefix> prefixes_;  // sorted by text; the first is empty, if there are any
};

}  // namespace intermission::gateway
