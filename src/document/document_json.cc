#include <rapidjson/document.h>
#include <rapidjson/reader.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "document/core_schema.h"
#include "document/document_builder.h"
#include "document/document_syntax.h"

namespace intermission::document {
namespace {

constexpr const char* kNumberTooBig = "expected a number that 64 bits can hold";

// NOLINTBEGIN(readability-identifier-naming): RapidJSON's names.

/// RapidJSON's input, counting lines as it is read.
class LineStream {
 public:
  using Ch = char;
  explicit LineStream(std::string_view text) : text_(text) {}

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char Take() {
    if (at_ >= text_.size()) return '\0';
    if (text_[at_] == '\n') ++line_;
    return text_[at_++];
  }
  std::size_t Tell() const { return at_; }
  int line() const { return line_; }

  // Only for parsing in place, which is not asked for.
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  void Flush() {}
  std::size_t PutEnd(char*) { return 0; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

class JsonEvents {
 public:
  JsonEvents(DocumentBuilder& builder, const LineStream& in) : builder_(builder), in_(in) {}

  bool Null() { return scalar({}); }
  bool Bool(bool value) { return scalar(rapidjson::Value(value)); }
  // Numbers come as text: RapidJSON 1.1.0 shifts by a negative count when it reads 0e-73. What
  // JSON calls a number is a number of YAML's core schema, and means the same there.
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    Plain number = resolve_plain({text, size});
    if (number.kind == PlainKind::kOutOfRange) {
      builder_.tolerate(kNumberTooBig, in_.line());
      builder_.text({text, size}, in_.line());
      return true;
    }
    return scalar(std::move(number.value));
  }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    std::string whole;
    builder_.text(checked({text, size}, whole), in_.line());
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    std::string whole;
    builder_.key(checked({text, size}, whole), in_.line());
    return true;
  }
  bool StartObject() {
    builder_.begin_object(in_.line());
    return true;
  }
  bool StartArray() {
    builder_.begin_array(in_.line());
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return end(); }
  bool EndArray(rapidjson::SizeType) { return end(); }

 private:
  bool scalar(rapidjson::Value value) {
    builder_.scalar(std::move(value), in_.line());
    return true;
  }
  bool end() {
    builder_.end();
    return true;
  }
  // RapidJSON writes a low surrogate that follows no high one as if it were a character; the
  // text itself was UTF-8, so ED A0 and above can only be that. `whole` is where the text is put
  // with replacement characters.
  std::string_view checked(std::string_view text, std::string& whole) const {
    constexpr std::size_t kBytes = 3;  // of a surrogate
    const auto is_half = [&](std::size_t at) {
      return static_cast<unsigned char>(text[at + 1]) >= 0xa0;
    };
    std::size_t from = 0;
    for (auto at = text.find('\xed'); at != std::string_view::npos;
         at = text.find('\xed', at + 1)) {
      if (!is_half(at)) continue;
      builder_.tolerate("expected a pair of surrogates, got one half", in_.line());
      whole.append(text.substr(from, at - from)).append("\uFFFD");
      from = at + kBytes;
    }
    if (from == 0) return text;
    return whole.append(text.substr(from));
  }

  DocumentBuilder& builder_;
  const LineStream& in_;
};

// NOLINTEND(readability-identifier-naming)

}  // namespace

bool build_from_json(std::string_view text, Document& out, Strictness strictness) {
  DocumentBuilder builder(out, strictness);
  LineStream in(text);
  JsonEvents events(builder, in);
  rapidjson::Reader reader;
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(in, events);
  const bool is_too_big = result.Code() == rapidjson::kParseErrorNumberTooBig;
  if (is_too_big && strictness == Strictness::kStrict) {
    throw DocumentProblem{kNumberTooBig, in.line()};
  }
  if (!result) return false;
  builder.finish(in.line());
  return true;
}

}  // namespace intermission::document
