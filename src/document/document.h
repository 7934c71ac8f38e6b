// A YAML or JSON text as a JSON value that remembers where everything stood.
//
// YAML is read by the 1.2 core schema: a plain null, true, false or number is one; `on`,
// `off`, `yes`, `no` and everything quoted is text. JSON is read as JSON. Keys are text as
// written (`200:` is the key "200"). Tags other than the core ones, duplicate keys and keys
// that are not scalars are errors; anchors and aliases work, within a bound on the size of
// what they expand to.
//
//   auto document = document::parse_document("listen:\n  port: 80\n", "my.yaml");
//   document->value["listen"]["port"].GetInt();  // 80
//   document->line_of("/listen/port");           // 2
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace intermission::document {

/// What a lenient strictness took otherwise than it was written.
struct Oddity {
  std::string message;
  int line = 0;
};

/// How a text is read.
enum class Strictness : std::uint8_t {
  kStrict,  // whatever has no meaning by the core schema is an error
  /// For documents that somebody else maintains: a number that no type holds is text, an unknown
  /// tag is passed over, of a key that is there twice the last value counts, and YAML's merge keys
  /// (`<<: *base`, https://yaml.org/type/merge.html) are merged. Each but the last is an Oddity.
  kLenient,
};

struct Document {
  std::string file;
  rapidjson::Document value;
  /// JSON Pointer (RFC 6901) of every value to the line it starts on, from 1. For a member of
  /// an object it is the line of its key. What an alias stands for has the alias's line and
  /// none further inside; past kMaxPointerBytes no more lines are kept.
  std::map<std::string, int, std::less<>> lines;
  std::vector<Oddity> oddities;  // of a lenient strictness; at most kMaxOddities

  /// The line of a pointer, or of the nearest parent that has one.
  int line_of(std::string_view pointer) const;
};

inline constexpr std::size_t kMaxDocumentBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kMaxDocumentValues = 4'000'000;  // aliases expanded
inline constexpr std::size_t kMaxDocumentDepth = 200;         // aliases expanded
inline constexpr std::size_t kMaxKeyBytes = 4096;
inline constexpr std::size_t kMaxOddities = 100;
/// Of all pointers in Document::lines together: deep nesting under long keys would else cost
/// the square of the text.
inline constexpr std::size_t kMaxPointerBytes = 64 * 1024 * 1024;

/// Errors name file and line. The text must be UTF-8; a byte order mark is skipped.
base::Result<Document> parse_document(std::string_view text, const std::string& file,
                                      Strictness strictness = Strictness::kStrict);

/// The same from a file, with the Errors of base::read_file(). A pipe is rejected.
base::Result<Document> read_document(const std::string& path,
                                     Strictness strictness = Strictness::kStrict);

/// Appends "/" and the key, escaped as a reference token of a JSON Pointer (RFC 6901 §3).
void append_pointer(std::string& pointer, std::string_view key);
void append_pointer(std::string& pointer, std::size_t index);

}  // namespace intermission::document
