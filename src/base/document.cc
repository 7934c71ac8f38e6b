#include "base/document.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/core_schema.h"
#include "base/document_builder.h"
#include "base/text.h"

namespace intermission::base {
namespace {

// ---------------------------------------------------------------- bytes

struct NoOutput {
  using Ch = char;
  void Put(char) {}
};

/// What is wrong with the bytes before any grammar, or a problem without a message.
DocumentProblem check_bytes(std::string_view text) {
  rapidjson::MemoryStream in(text.data(), text.size());
  NoOutput out;
  int line = 1;
  while (in.Tell() < text.size()) {
    const char c = in.Peek();
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') ++line;
    // yaml-cpp takes U+0004 for the end of the text; no other control may stand here either
    // (YAML 1.2.2 §5.1, RFC 8259 §7).
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') {
      return {"expected text, got the control character " + printable({&c, 1}), line};
    }
    if (!rapidjson::UTF8<>::Validate(in, out)) {
      return {"expected UTF-8, got the byte " + printable({&c, 1}) +
                  (byte >= 0x80 ? " in no valid sequence" : ""),
              line};
    }
  }
  return {};
}

int last_line(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

// ---------------------------------------------------------------- JSON

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
  bool Int(int value) { return scalar(rapidjson::Value(value)); }
  bool Uint(unsigned value) { return scalar(rapidjson::Value(value)); }
  bool Int64(std::int64_t value) { return scalar(rapidjson::Value(value)); }
  bool Uint64(std::uint64_t value) { return scalar(rapidjson::Value(value)); }
  bool Double(double value) { return scalar(rapidjson::Value(value)); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }  // not asked for
  bool String(const char* text, rapidjson::SizeType size, bool) {
    builder_.text(checked({text, size}), in_.line());
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    builder_.key(checked({text, size}), in_.line());
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
  // text itself was UTF-8, so ED A0 and above can only be that.
  std::string_view checked(std::string_view text) const {
    for (auto at = text.find('\xed'); at != std::string_view::npos;
         at = text.find('\xed', at + 1)) {
      if (static_cast<unsigned char>(text[at + 1]) >= 0xa0) {
        throw DocumentProblem{"expected a pair of surrogates, got one half", in_.line()};
      }
    }
    return text;
  }

  DocumentBuilder& builder_;
  const LineStream& in_;
};

bool may_be_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

/// False if the text is not JSON; what was built is of no use then.
bool build_from_json(std::string_view text, Document& out) {
  DocumentBuilder builder(out);
  LineStream in(text);
  JsonEvents events(builder, in);
  rapidjson::Reader reader;
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(in, events);
  if (result.Code() == rapidjson::kParseErrorNumberTooBig) {
    throw DocumentProblem{"expected a number that 64 bits can hold", in.line()};
  }
  if (!result) return false;
  builder.finish(in.line());
  return true;
}

// ---------------------------------------------------------------- YAML

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

class YamlEvents final : public YAML::EventHandler {
 public:
  /// Nothing stands past `last_line` but the end marker that we add.
  YamlEvents(DocumentBuilder& builder, int last_line) : builder_(builder), last_line_(last_line) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      throw DocumentProblem{"expected the end of the document, got more text", line(mark)};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (builder_.wants_key()) {
      throw DocumentProblem{"expected text as a key, got nothing (a key null is quoted)",
                            line(mark)};
    }
    if (builder_.at_root() && mark.line >= last_line_) {
      throw DocumentProblem{"expected a YAML or JSON document, got an empty text", 0};
    }
    builder_.scalar({}, line(mark), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.alias(line(mark), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // Keys are text as written, whatever their tag would make of them.
    if (builder_.wants_key()) {
      check_tag(mark, tag, {"str", "int", "float", "bool", "null"});
      return builder_.key(value, line(mark), anchor);
    }
    if (tag == "!" || tag == "tag:yaml.org,2002:str") {
      return builder_.text(value, line(mark), anchor);
    }
    check_tag(mark, tag, {"int", "float", "bool", "null"});
    Plain plain = resolve_plain(value);
    check_plain(mark, tag, plain, value);
    if (plain.kind == PlainKind::kText) return builder_.text(value, line(mark), anchor);
    builder_.scalar(std::move(plain.value), line(mark), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_container(mark, tag, "seq", "a list");
    builder_.begin_array(line(mark), anchor);
  }
  void OnSequenceEnd() override { builder_.end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_container(mark, tag, "map", "a map");
    builder_.begin_object(line(mark), anchor);
  }
  void OnMapEnd() override { builder_.end(); }

 private:
  int line(const YAML::Mark& mark) const { return std::min(mark.line + 1, last_line_); }

  /// "?" and "" say that there is no tag, "!" that it is text or a plain container.
  void check_tag(const YAML::Mark& mark, std::string_view tag,
                 std::initializer_list<std::string_view> core) const {
    if (tag.empty() || tag == "?" || tag == "!") return;
    if (tag.starts_with(kCoreTag)) {
      for (const std::string_view name : core) {
        if (tag.substr(kCoreTag.size()) == name) return;
      }
    }
    throw DocumentProblem{"unknown tag " + printable(tag) + "; only the core schema's are known",
                          line(mark)};
  }

  void check_plain(const YAML::Mark& mark, std::string_view tag, const Plain& plain,
                   std::string_view value) const {
    if (plain.kind == PlainKind::kNotFinite) {
      throw DocumentProblem{"expected a finite number, got " + printable(value), line(mark)};
    }
    if (plain.kind == PlainKind::kOutOfRange) {
      throw DocumentProblem{"expected a number that 64 bits can hold, got " + printable(value),
                            line(mark)};
    }
    if (!tag.starts_with(kCoreTag)) return;
    tag.remove_prefix(kCoreTag.size());
    const bool fits = (tag == "null" && plain.kind == PlainKind::kNull) ||
                      (tag == "bool" && plain.kind == PlainKind::kBoolean) ||
                      (tag == "int" && plain.kind == PlainKind::kInteger) ||
                      (tag == "float" && plain.value.IsNumber());
    if (!fits) {
      throw DocumentProblem{
          "expected what the tag !!" + std::string(tag) + " says, got " + printable(value),
          line(mark)};
    }
  }

  void check_container(const YAML::Mark& mark, std::string_view tag, std::string_view name,
                       const std::string& word) const {
    check_tag(mark, tag, {name});
    if (builder_.wants_key()) {
      throw DocumentProblem{
          "expected text as a key, got " + word + " (text that starts with { or [ is quoted)",
          line(mark)};
    }
  }

  DocumentBuilder& builder_;
  int last_line_;
  int documents_ = 0;
};

/// yaml-cpp says what its parser missed; this says what a person may have done.
std::string explain(const std::string& message) {
  struct Words {
    std::string_view theirs;
    std::string_view ours;
  };
  // Not constexpr: theirs are not.
  static const std::array kWords = {
      Words{YAML::ErrorMsg::END_OF_MAP, "expected a key at the indentation of the others"},
      Words{YAML::ErrorMsg::END_OF_SEQ, "expected an item at the indentation of the others"},
      Words{YAML::ErrorMsg::END_OF_MAP_FLOW, "expected , or } in a map that began with {"},
      Words{YAML::ErrorMsg::END_OF_SEQ_FLOW, "expected , or ] in a list that began with ["},
      Words{YAML::ErrorMsg::TAB_IN_INDENTATION, "expected spaces as indentation, got a tab"},
      Words{YAML::ErrorMsg::EOF_IN_SCALAR, "expected a closing quote, got the end of the text"},
      Words{YAML::ErrorMsg::DOC_IN_SCALAR, "expected a closing quote, got the end of the document"},
      Words{YAML::ErrorMsg::MAP_VALUE,
            "expected no ': ' here (is the line indented too far? text that holds ': ' is quoted)"},
      Words{YAML::ErrorMsg::MAP_KEY, "expected no key here"},
      Words{YAML::ErrorMsg::BLOCK_ENTRY, "expected no list item here"},
      Words{YAML::ErrorMsg::FLOW_END, "expected no } or ] here, where no map or list is open"},
      Words{YAML::ErrorMsg::UNKNOWN_ANCHOR, "expected an alias of an anchor that was set before"},
      Words{YAML::ErrorMsg::UNKNOWN_TOKEN,
            "expected a key, a list item or text (text that starts with @, ` or % is quoted; "
            "a tab is no indentation)"},
  };
  for (const Words& words : kWords) {
    if (message == words.theirs) return std::string(words.ours);
  }
  return "not valid YAML: " + printable(message);
}

std::string_view line_at(std::string_view text, int line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

bool is_indented_with_tab(std::string_view line) {
  return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

DocumentProblem problem_of(const YAML::Exception& error, std::string_view text) {
  if (error.mark.is_null()) return {explain(error.msg), 0};
  const int line = error.mark.line + 1;
  const bool tab = is_indented_with_tab(line_at(text, line));
  return {explain(tab ? YAML::ErrorMsg::TAB_IN_INDENTATION : error.msg), line};
}

void build_from_yaml(std::string_view text, Document& out) {
  DocumentBuilder builder(out);
  YamlEvents events(builder, last_line(text));
  // yaml-cpp takes a quote that never closes for text up to the end of the input; in front of
  // a document end marker it notices.
  std::istringstream in(std::string(text) + (text.ends_with('\n') ? "...\n" : "\n...\n"));
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::Exception& error) {
    throw problem_of(error, text);
  }
  builder.finish(1);
}

// ---------------------------------------------------------------- files

std::string reason(int error) {
  return std::generic_category().message(error);
}

Result<std::string> read_text(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Error{"expected a file, got a directory", path};
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{"cannot be read: " + reason(errno), path};
  std::string text;
  std::array<char, 64 * 1024> part;
  while (in.read(part.data(), part.size()) || in.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxDocumentBytes) break;  // parse_document() says so
  }
  if (in.bad()) return Error{"cannot be read: " + reason(errno), path};
  return text;
}

}  // namespace

int Document::line_of(std::string_view pointer) const {
  while (true) {
    const auto found = lines.find(pointer);
    if (found != lines.end()) return found->second;
    const auto slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return 0;
    pointer = pointer.substr(0, slash);
  }
}

void append_pointer(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

void append_pointer(std::string& pointer, std::size_t index) {
  pointer += '/';
  pointer += std::to_string(index);
}

Result<Document> parse_document(std::string_view text, const std::string& file) {
  if (text.size() > kMaxDocumentBytes) {
    return Error{"expected at most " + std::to_string(kMaxDocumentBytes) + " bytes", file};
  }
  text = without_byte_order_mark(text);
  if (const DocumentProblem problem = check_bytes(text); !problem.message.empty()) {
    return Error{problem.message, file, problem.line};
  }
  try {
    // YAML 1.2 contains JSON, but yaml-cpp refuses surrogate pairs (\ud83d\ude00), which
    // writers of JSON make of every character beyond the basic plane; and this is faster.
    if (may_be_json(text)) {
      Document json;
      json.file = file;
      if (build_from_json(text, json)) return json;
    }
    Document yaml;
    yaml.file = file;
    build_from_yaml(text, yaml);
    return yaml;
  } catch (const DocumentProblem& problem) {
    return Error{problem.message, file, std::min(problem.line, last_line(text))};
  } catch (const std::exception& error) {
    return Error{"not valid YAML: " + printable(error.what()), file};
  }
}

Result<Document> read_document(const std::string& path) {
  const Result<std::string> text = read_text(path);
  if (!text) return text.error();
  return parse_document(*text, path);
}

}  // namespace intermission::base
