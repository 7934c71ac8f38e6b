#include "document/document.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include "base/read_file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "document/document_builder.h"
#include "document/document_syntax.h"

namespace intermission::document {
namespace {

/// What is wrong with the bytes before any grammar, or a problem without a message.
DocumentProblem check_bytes(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const char c = text.front();
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') ++line;
    // yaml-cpp takes U+0004 for the end of the text; no other control may stand here either
    // (YAML 1.2.2 §5.1, RFC 8259 §7).
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') {
      return {"expected text, got the control character " + base::printable({&c, 1}), line};
    }
    const std::size_t size = base::utf8_size(text);
    if (size == 0) {
      return {"expected UTF-8, got the byte " + base::printable({&c, 1}) + " in no valid sequence",
              line};
    }
    text.remove_prefix(size);
  }
  return {};
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

bool may_be_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
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

int last_line(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

base::Result<Document> parse_document(std::string_view text, const std::string& file,
                                      Strictness strictness) {
  if (text.size() > kMaxDocumentBytes) {
    return base::Error{"expected at most " + std::to_string(kMaxDocumentBytes) + " bytes", file};
  }
  text = without_byte_order_mark(text);
  if (const DocumentProblem problem = check_bytes(text); !problem.message.empty()) {
    return base::Error{problem.message, file, problem.line};
  }
  try {
    // YAML 1.2 contains JSON, but yaml-cpp refuses surrogate pairs (\ud83d\ude00), which
    // writers of JSON make of every character beyond the basic plane; and this is faster.
    if (may_be_json(text)) {
      Document json;
      json.file = file;
      if (build_from_json(text, json, strictness)) return json;
    }
    Document yaml;
    yaml.file = file;
    build_from_yaml(text, yaml, strictness);
    return yaml;
  } catch (const DocumentProblem& problem) {
    return base::Error{problem.message, file, std::min(problem.line, last_line(text))};
  } catch (const std::exception& error) {
    return base::Error{"not valid YAML: " + base::printable(error.what()), file};
  }
}

base::Result<Document> read_document(const std::string& path, Strictness strictness) {
  const auto text = base::read_file(path, kMaxDocumentBytes);
  if (!text) return text.error();
  return parse_document(*text, path, strictness);
}

}  // namespace intermission::document
