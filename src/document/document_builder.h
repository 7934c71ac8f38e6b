// Builds a Document from events, whichever parser they come from, and keeps its bounds: depth,
// number of values, what aliases expand to, duplicate keys. document.cc feeds it.
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/document.h"

namespace intermission::document {

/// Thrown through a third-party parser to end it; becomes an Error in parse_document().
struct DocumentProblem {
  std::string message;
  int line = 0;
};

/// Events must be balanced, and in an object a key comes before every value. Every function
/// may throw DocumentProblem; the builder is of no use after that.
class DocumentBuilder {
 public:
  /// Names an anchored value in later aliases; 0: the value has no anchor.
  using Anchor = std::size_t;

  explicit DocumentBuilder(Document& out, Strictness strictness = Strictness::kStrict);

  /// Something that a lenient strictness can pass over: noted then, thrown otherwise.
  void tolerate(std::string message, int line);
  bool is_lenient() const { return strictness_ == Strictness::kLenient; }

  void begin_array(int line, Anchor anchor = 0) { begin(false, line, anchor); }
  void begin_object(int line, Anchor anchor = 0) { begin(true, line, anchor); }
  void end();
  void key(std::string_view text, int line, Anchor anchor = 0);
  /// The key of a map, or of several, whose members the object gets that it has none of its own
  /// for.
  void merge_key(int line);
  void text(std::string_view text, int line, Anchor anchor = 0);
  /// Null, a boolean or a number.
  void scalar(rapidjson::Value value, int line, Anchor anchor = 0);
  /// A value again, or a key if one is due.
  void alias(int line, Anchor anchor);

  bool wants_key() const { return !frames_.empty() && frames_.back().is_object && !has_key_; }
  bool at_root() const { return frames_.empty(); }
  /// Makes the one value that was built the document's; the line is for when there is none.
  void finish(int line);

 private:
  /// What a value costs, everything inside included.
  struct Cost {
    std::size_t values = 0;
    std::size_t bytes = 0;   // of text
    std::size_t height = 0;  // levels of arrays and objects
  };
  struct Frame {
    bool is_object = false;
    Anchor anchor = 0;
    std::size_t first = 0;         // of its members in values_
    std::size_t pointer_size = 0;  // of its own pointer
    Cost cost;
    std::unordered_map<std::string, int> keys;  // of an object, with their lines
    bool has_duplicates = false;
    std::vector<std::size_t> merges = {};  // which of its members are merged, by index
  };
  struct Anchored {
    rapidjson::Value value;
    Cost cost;
  };

  void begin(bool is_object, int line, Anchor anchor);
  /// Points at the value that comes now and notes its line; at its key's for a member.
  void place(int line);
  void add(rapidjson::Value value, const Cost& cost, int line, Anchor anchor);
  void charge(const Cost& cost, int line);
  void note(int line);
  rapidjson::Value collect(const Frame& frame, int line);
  rapidjson::Value collect_members(const Frame& frame, int line);
  void merge(rapidjson::Value& object, rapidjson::Value& others, int line);

  Document& out_;
  Strictness strictness_;
  rapidjson::Document::AllocatorType& allocator_;
  std::vector<Frame> frames_;
  std::vector<rapidjson::Value> values_;  // finished, their container not: key, value, key, …
  std::unordered_map<Anchor, Anchored> anchored_;
  std::string pointer_;  // of the innermost container, or of the member whose key was read
  bool has_key_ = false;
  std::size_t total_values_ = 0;
  std::size_t copied_bytes_ = 0;
  std::size_t pointer_bytes_ = 0;
};

}  // namespace intermission::document
