#include "support/wildcards.h"

#include <vector>

#include "base/text.h"

namespace intermission::testing {
namespace {

enum class Kind { kLiteral, kInLine, kLines };

struct Token {
  Kind kind = Kind::kLiteral;
  std::string literal;
};

/// The length of the escape that `text` starts with, 0 where there is none; `byte` is its meaning.
std::size_t escape_at(std::string_view text, char& byte) {
  if (text.starts_with("\\r")) {
    byte = '\r';
    return 2;
  }
  if (!text.starts_with("\\x") || text.size() < 4) return 0;
  const int high = base::hex_value(text[2]);
  const int low = base::hex_value(text[3]);
  if (high < 0 || low < 0) return 0;
  byte = static_cast<char>(high * 16 + low);
  return 4;
}

void add_literal(std::vector<Token>& tokens, char c) {
  if (tokens.empty() || tokens.back().kind != Kind::kLiteral) tokens.emplace_back();
  tokens.back().literal += c;
}

std::vector<Token> tokens_of(std::string_view pattern) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < pattern.size();) {
    const std::string_view rest = pattern.substr(i);
    char byte = '\0';
    if (rest.starts_with("\\*")) {
      add_literal(tokens, '*');
      i += 2;
    } else if (const std::size_t length = escape_at(rest, byte); length > 0) {
      add_literal(tokens, byte);
      i += length;
    } else if (rest.front() == '*') {
      const bool begins_line = i == 0 || pattern[i - 1] == '\n';
      const bool ends_line = rest.size() == 1 || rest[1] == '\n';
      tokens.push_back({begins_line && ends_line ? Kind::kLines : Kind::kInLine, {}});
      i += 1;
    } else {
      add_literal(tokens, rest.front());
      i += 1;
    }
  }
  return tokens;
}

bool matches(const std::vector<Token>& tokens, std::size_t at, std::string_view text) {
  if (at == tokens.size()) return text.empty();
  const Token& token = tokens[at];
  if (token.kind == Kind::kLiteral) {
    return text.starts_with(token.literal) &&
           matches(tokens, at + 1, text.substr(token.literal.size()));
  }
  for (std::size_t taken = 0; taken <= text.size(); ++taken) {
    if (matches(tokens, at + 1, text.substr(taken))) return true;
    if (taken < text.size() && text[taken] == '\n' && token.kind == Kind::kInLine) return false;
  }
  return false;
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) {
  return matches(tokens_of(pattern), 0, text);
}

std::string as_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*') pattern += '\\';
    if (c == '\r') {
      pattern += "\\r";
    } else {
      pattern += c;
    }
  }
  return pattern;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    char byte = '\0';
    const std::size_t length = escape_at(text.substr(i), byte);
    out += length > 0 ? byte : text[i];
    i += length > 0 ? length : 1;
  }
  return out;
}

}  // namespace intermission::testing
