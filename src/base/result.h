// A value, or the reason there is none.
//
// Bad input and failures of the environment are returned, not thrown (exceptions end at the
// edge of third-party libraries). An Error names the place where a person must look.
//
//   Result<Catalog> catalog = load("intermission.yaml");
//   if (!catalog) return print(catalog.error().text());
//   use(*catalog);
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace intermission::base {

/// What is wrong, where, and what was expected. `file` and `line` may be empty and 0.
struct Error {
  std::string message;
  std::string file = {};
  int line = 0;

  /// "FILE:LINE: message", leaving out what is not known.
  std::string text() const {
    std::string out = file;
    if (line > 0) out += (out.empty() ? "line " : ":") + std::to_string(line);
    if (!out.empty()) out += ": ";
    return out + message;
  }
};

/// Holds exactly one of a T and an Error. Reading the one it does not hold throws
/// std::bad_variant_access: a broken invariant of the caller, not bad input.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace intermission::base
