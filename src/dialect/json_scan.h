// The members of the JSON object that a body holds, or of each object in the list that it holds,
// as far as the body goes: it may have been cut off.
//
// A parser of documents would not do: numbers of any size have to come out byte for byte, and
// what stood before a cut or a mistake counts. So only brackets and strings are recognised, and
// nothing else is verified: is_json() tells whether one value is what it should be.
#pragma once

#include <string_view>

namespace intermission::dialect {

class JsonVisitor {
 public:
  virtual ~JsonVisitor() = default;
  virtual void begin_object() {}
  /// `name` without its quotes and with its escapes, `value` as it stands. False: seen enough.
  virtual bool member(std::string_view name, std::string_view value) = 0;
  /// The object has come to its end; not called where the body ends first.
  virtual void end_object() {}
};

struct JsonScan {
  bool is_list = false;
  bool is_whole = false;  // neither cut, nor broken, nor left early
};

/// One pass over the body, no recursion, no allocation.
JsonScan scan_json(std::string_view body, JsonVisitor& visitor);

/// Whether a text is one valid JSON value (RFC 8259), numbers of any size among them.
bool is_json(std::string_view text);

/// The string that a JSON text is; empty where it is none.
std::string_view between_quotes(std::string_view json);

}  // namespace intermission::dialect
