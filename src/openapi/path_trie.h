// Finds the operation that a method and a path belong to, among the path templates of API
// documents (OpenAPI 3.1 §4.8.8):
//
//   /orders/mine         before
//   /orders/report-{id}  before
//   /orders/{id}
//
// Segment by segment the concrete one is tried first, then those that are partly a parameter (the
// most letters first), then the parameter that is a whole segment. A choice that leads nowhere is
// taken back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intermission::openapi {

/// Built once, then immutable: any thread.
class PathTrie {
 public:
  /// Adds a template ("/orders/{id}") for a method in upper case. False, and nothing is added, if
  /// the same method is there already for a template that only names its parameters otherwise, or
  /// if the template has more segments than any.
  bool add(std::string_view method, std::string_view path_template, std::size_t value);

  struct Found {
    std::optional<std::size_t> value;  // nothing: the path is known, the method is not
  };
  /// Nothing for an unknown path. HEAD is answered as GET where it is not declared itself. A slash
  /// at the end does not matter. Allocates nothing.
  std::optional<Found> find(std::string_view method, std::string_view path) const;

  static constexpr std::size_t kMaxSegments = 64;

 private:
  static constexpr std::size_t kMethods = 9;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// A segment such as "report-{id}.csv": literals around parameters.
  struct Pattern {
    std::vector<std::string> literals;  // before, between and after the parameters
    std::size_t letters = 0;
    std::uint32_t next = kNone;

    bool matches(std::string_view segment) const;
  };
  struct Node {
    std::map<std::string, std::uint32_t, std::less<>> concrete;
    std::vector<Pattern> patterns;  // the most letters first
    std::uint32_t parameter = kNone;
    std::array<std::uint32_t, kMethods> values = [] {
      std::array<std::uint32_t, kMethods> none{};
      none.fill(kNone);
      return none;
    }();
    bool ends_here = false;
  };

  static std::optional<std::size_t> index_of(std::string_view method);
  std::uint32_t child(std::uint32_t node, std::string_view segment);
  std::uint32_t walk(std::uint32_t node, std::string_view rest, int& budget) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
};

}  // namespace intermission::openapi
