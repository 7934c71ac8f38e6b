// The tokens that .proto files and GraphQL schemas are made of: names, numbers, texts, signs, each
// with its line. Comments and white space only divide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace intermission::interfaces {

struct Token {
  enum class Kind : std::uint8_t {
    kName,    // letters, digits, "_"; no digit at first
    kNumber,  // digits and what else a number has
    kText,    // without its quotes, escapes as they are written
    kSign,    // one character, or "..."
    kEnd,     // of the document
  };
  Kind kind = Kind::kEnd;
  std::string_view text;
  int line = 0;

  bool is(std::string_view sign_or_name) const {
    return kind != Kind::kText && kind != Kind::kEnd && text == sign_or_name;
  }
};

/// How comments begin.
enum class Comments : std::uint8_t {
  kSlashes,  // "//" to the end of the line, and "/*" to "*/"
  kHash,  // "#" to the end of the line; texts in three quotes are texts, and commas are white space
};

/// Views of `text`, with a kEnd at last. An Error (without a file) names the line of a text or
/// comment that does not end, or of a byte that belongs to no token.
base::Result<std::vector<Token>> tokens_of(std::string_view text, Comments comments);

/// Reads tokens one after the other. The end is never passed.
class TokenReader {
 public:
  explicit TokenReader(const std::vector<Token>& tokens) : tokens_(tokens) {}

  const Token& peek() const { return tokens_[at_]; }
  bool at_end() const { return peek().kind == Token::Kind::kEnd; }
  Token next();
  /// Takes the token if it is this one.
  bool take(std::string_view sign_or_name);
  /// Takes it if it is a name; empty otherwise.
  std::string_view take_name();

  /// Passes over what is left of a statement: to behind a ";", or behind a "{ … }" if that comes
  /// before. Stays before a "}" that closes what is around. False where the document ends first.
  bool skip_statement();
  /// Passes over a bracket that opens here, with all that is inside. False where it never closes.
  bool skip_group();

 private:
  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
};

/// What a person calls the token: "the end", or the token in quotes.
std::string described(const Token& token);

}  // namespace intermission::interfaces
