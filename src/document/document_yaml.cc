#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "document/core_schema.h"
#include "document/document_builder.h"
#include "document/document_syntax.h"

namespace intermission::document {
namespace {

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

// yaml-cpp 0.7 makes the escapes \_ and \N (YAML 1.2.2 §5.7: U+00A0 and U+0085) the lone bytes A0
// and 85. The text itself is whole UTF-8, so between its characters there can be no others.
std::string with_whole_characters(const std::string& value) {
  if (value.find_first_of("\xA0\x85") == std::string::npos) return value;
  std::string out;
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t size = base::utf8_size(rest);
    if (size == 0) out += '\xC2';
    out += rest.substr(0, std::max<std::size_t>(size, 1));
    rest.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

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
      builder_.tolerate("expected text as a key, got nothing (a key null is quoted)", line(mark));
      return builder_.key("null", line(mark), anchor);
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
                const std::string& read) override {
    const std::string value = with_whole_characters(read);
    // Keys are text as written, whatever their tag would make of them.
    if (builder_.wants_key()) {
      check_tag(mark, tag, {"str", "int", "float", "bool", "null"});
      // Quoted it has the tag "!".
      if (builder_.is_lenient() && value == "<<" && tag != "!") {
        return builder_.merge_key(line(mark));
      }
      return builder_.key(value, line(mark), anchor);
    }
    if (tag == "!" || tag == "tag:yaml.org,2002:str") {
      return builder_.text(value, line(mark), anchor);
    }
    Plain plain = resolve_plain(value);
    const bool is_held = check_tag(mark, tag, {"int", "float", "bool", "null"}) &&
                         check_plain(mark, tag, plain, value) && plain.kind != PlainKind::kText;
    if (!is_held) return builder_.text(value, line(mark), anchor);
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

  /// "?" and "" mean no tag, "!" that it is text or a plain container. False where a
  /// lenient strictness passes over the tag; so is check_plain(), where it takes the value for
  /// text.
  bool check_tag(const YAML::Mark& mark, std::string_view tag,
                 std::initializer_list<std::string_view> core) const {
    if (tag.empty() || tag == "?" || tag == "!") return true;
    if (tag.starts_with(kCoreTag)) {
      for (const std::string_view name : core) {
        if (tag.substr(kCoreTag.size()) == name) return true;
      }
    }
    builder_.tolerate("unknown tag " + base::printable(tag) + "; only the core schema's are known",
                      line(mark));
    return false;
  }

  bool check_plain(const YAML::Mark& mark, std::string_view tag, const Plain& plain,
                   std::string_view value) const {
    const auto is_wrong = [&](const std::string& expected) {
      builder_.tolerate("expected " + expected + ", got " + base::printable(value), line(mark));
      return false;
    };
    if (plain.kind == PlainKind::kNotFinite) return is_wrong("a finite number");
    if (plain.kind == PlainKind::kOutOfRange) return is_wrong("a number that 64 bits can hold");
    if (!tag.starts_with(kCoreTag)) return true;
    tag.remove_prefix(kCoreTag.size());
    const bool fits = (tag == "null" && plain.kind == PlainKind::kNull) ||
                      (tag == "bool" && plain.kind == PlainKind::kBoolean) ||
                      (tag == "int" && plain.kind == PlainKind::kInteger) ||
                      (tag == "float" && plain.value.IsNumber());
    return fits || is_wrong("what the tag !!" + std::string(tag) + " says");
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
  static const std::array words_of = {
      Words{YAML::ErrorMsg::END_OF_MAP, "expected a key at the indentation of the others"},
      Words{YAML::ErrorMsg::END_OF_SEQ, "expected an item at the indentation of the others"},
      Words{YAML::ErrorMsg::END_OF_MAP_FLOW, "expected , or } in a map that began with {"},
      Words{YAML::ErrorMsg::END_OF_SEQ_FLOW, "expected , or ] in a list that began with ["},
      Words{YAML::ErrorMsg::TAB_IN_INDENTATION, "expected spaces as indentation, got a tab"},
      Words{YAML::ErrorMsg::EOF_IN_SCALAR, "expected a closing quote, got the end of the text"},
      Words{YAML::ErrorMsg::DOC_IN_SCALAR, "expected a closing quote, got the end of the document"},
      Words{YAML::ErrorMsg::MAP_VALUE,
            "expected no ': ' in this value (put text that contains ': ' in quotes, or check the "
            "indentation)"},
      Words{YAML::ErrorMsg::MAP_KEY, "expected no key here (check the indentation)"},
      Words{YAML::ErrorMsg::BLOCK_ENTRY, "expected no list item here (check the indentation)"},
      Words{YAML::ErrorMsg::FLOW_END, "this } or ] does not match the last { or [ that is open"},
      Words{YAML::ErrorMsg::UNKNOWN_ANCHOR,
            "the anchor of this alias (*) is not defined before it"},
      Words{YAML::ErrorMsg::UNKNOWN_TOKEN,
            "expected a key, a list item or text (text that starts with @, ` or % is quoted; "
            "a tab is no indentation)"},
  };
  for (const Words& words : words_of) {
    if (message == words.theirs) return std::string(words.ours);
  }
  return "not valid YAML: " + base::printable(message);
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

}  // namespace

void build_from_yaml(std::string_view text, Document& out, Strictness strictness) {
  DocumentBuilder builder(out, strictness);
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

}  // namespace intermission::document
