// Finds the operation that a method and a path belong to, among the path templates of API
// documents (OpenAPI 3.1 §4.8.8):
//
//   /orders/mine         before
//   /orders/report-{id}  before
//   /orders/{id}
//
// Segment by segment the concrete one is tried first, then those that are partly a parameter
// ("{from}-{to}.zip", "{id}:cancel", the most letters first), then the parameter that is a whole
// segment, then one that takes all that is left ("{path+}", "{+path}", "{path*}"). A choice that
// leads nowhere is taken back.
//
// Some documents tell operations apart by what follows "?" or "#" in their templates:
// "/?Action=Run". They are for requests with those parameters in the query, the most parameters
// first.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intermission::openapi {

/// Built once, then immutable: any thread.
class PathTrie {
 public:
  /// Adds a template ("/orders/{id}") for a method in upper case. Percent-encoding in it is undone
  /// once. False, and nothing is added, if the same method is there already for a template that
  /// only names its parameters otherwise, or if the template has more segments than any.
  bool add(std::string_view method, std::string_view path_template, std::size_t value);

  struct Found {
    std::optional<std::size_t> value;  // nothing: the path is known, the method is not
  };
  /// Nothing for an unknown path. HEAD is answered as GET where it is not declared itself. A slash
  /// at the end does not matter. `path` is decoded, encoded slashes apart: see keep_slashes().
  /// Allocates nothing where no template has a query.
  std::optional<Found> find(std::string_view method, std::string_view path,
                            std::string_view query = {}) const;

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
  /// One of several operations of a path, for requests with those parameters in the query.
  struct Variant {
    std::size_t method = 0;
    std::vector<std::pair<std::string, std::optional<std::string>>>
        query;  // name, its value or any
    std::uint32_t value = kNone;

    bool matches(std::string_view asked) const;
  };
  struct Node {
    std::map<std::string, std::uint32_t, std::less<>> concrete;
    std::vector<Pattern> patterns;  // the most letters first
    std::uint32_t parameter = kNone;
    std::uint32_t rest = kNone;     // of a parameter that takes all that is left
    std::vector<Variant> variants;  // the most parameters first
    std::array<std::uint32_t, kMethods> values = [] {
      std::array<std::uint32_t, kMethods> none{};
      none.fill(kNone);
      return none;
    }();
    bool ends_here = false;
  };

  static std::optional<std::size_t> index_of(std::string_view method);
  static bool add_variant(Node& node, Variant variant);
  std::uint32_t child(std::uint32_t node, std::string_view segment);
  std::uint32_t value_at(const Node& node, std::string_view method, std::string_view query) const;
  std::uint32_t walk(std::uint32_t node, std::string_view rest, int& budget) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
};

/// The path of a request, decoded as http::decode_path() does it, but with a mark for each encoded
/// slash: "%2F" is part of a segment, and divides none. The result holds no "%2F".
std::string keep_slashes(std::string_view path);

/// Whether a path holds an encoded slash.
bool has_encoded_slash(std::string_view path);

}  // namespace intermission::openapi
