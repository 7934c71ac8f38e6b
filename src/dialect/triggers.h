// What makes the gateway ask a row of the table about a request. Asking costs little, asking every
// row of a long table does not: a row names beforehand what a request of its kind must show, and
// one pass over the request finds the few rows to ask (see candidate_rows.h).
//
//   .triggers = {{.methods = kPost, .fields = {kSoapAction}, .content_types = {"text/xml", ""}},
//             {.methods = kRead, .accepts = {"application/soap+xml"}}},
//
// Any one of the things that a trigger names is enough. They are hints, not evidence: recognise()
// looks at the request itself and trusts in none of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "http/field.h"

namespace intermission::dialect {

/// Methods in classes: what is evidence in a POST need not be looked at, nor be listed in Vary,
/// for a GET.
using Methods = std::uint8_t;
inline constexpr Methods kRead = 1;        // GET and HEAD
inline constexpr Methods kPost = 2;        // POST
inline constexpr Methods kWrite = 4;       // PUT, PATCH and DELETE
inline constexpr Methods kOptions = 8;     // OPTIONS
inline constexpr Methods kExtension = 16;  // every other
inline constexpr Methods kAnyMethod = 31;
inline constexpr std::size_t kMethodClasses = 5;

/// One bit of the above.
Methods method_class(std::string_view method);

/// The name of the product that a User-Agent begins with: "kubectl" of kubectl/v1.30 (RFC 9110
/// §10.1.5), "npm-registry-fetch" of npm-registry-fetch@17.1.0.
std::string_view product_of(std::string_view user_agent);

/// Whether a User-Agent begins with that product, with its version or without.
bool is_product(std::string_view user_agent, std::string_view product);

using Rows = std::uint64_t;  // a bit for each row of the table
using RowsByMethod = std::array<Rows, kMethodClasses>;

/// A few items, kept in the constant that they belong to.
template <typename T, std::size_t most>
class Few {
 public:
  constexpr Few() = default;
  constexpr Few(std::initializer_list<T> items) {
    if (items.size() > most) throw std::length_error("more than a few");
    for (const T& item : items) items_[size_++] = item;
  }
  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }
  constexpr bool empty() const { return size_ == 0; }

 private:
  std::array<T, most> items_{};
  std::size_t size_ = 0;
};

/// Any number of names. Made while the program starts; the texts must live for ever.
class Names {
 public:
  Names() = default;
  Names(std::initializer_list<std::string_view> names) : names_(names) {}
  /// A name that is there already is not added again.
  void add(std::string_view name) {
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  }
  auto begin() const { return names_.begin(); }
  auto end() const { return names_.end(); }
  bool empty() const { return names_.empty(); }

 private:
  std::vector<std::string_view> names_;
};

struct Trigger {
  Methods methods = kAnyMethod;
  bool always = false;         // whatever the request shows
  http::FieldSet fields = {};  // one of them is present
  /// Content-Type is one of them. "application/grpc" also stands for application/grpc+proto,
  /// "+json" for every type that ends so, and "" for a type that is absent or malformed.
  Names content_types = {};
  Names accepts = {};         // Accept names one of them (spelled as above) with a weight above 0
  Names last_segments = {};   // of the path: "$batch"; ".json" stands for all that end so
  Names first_segments = {};  // of the path: "v2" for /v2 and /v2/…
  Names parameters = {};      // names in the query: "wsdl"
  Names products = {};        // User-Agent begins with one of them: "kubectl" for kubectl/v1.30
};

using Triggers = Few<Trigger, 4>;

}  // namespace intermission::dialect
