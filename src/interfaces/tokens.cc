#include "interfaces/tokens.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace intermission::interfaces {
namespace {

constexpr std::string_view kSigns = "{}()[]<>;:=,.!|&@$-+/";

bool begins_name(char c) {
  return base::is_alpha(c) || c == '_';
}
bool continues_name(char c) {
  return begins_name(c) || base::is_digit(c);
}

class Tokenizer {
 public:
  Tokenizer(std::string_view text, Comments comments) : rest_(text), comments_(comments) {}

  base::Result<std::vector<Token>> read() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    while (!problem_ && skip_space()) take_token();
    if (problem_) return *problem_;
    tokens_.push_back({Token::Kind::kEnd, {}, line_});
    return std::move(tokens_);
  }

 private:
  // False at the end, and where a comment does not end.
  bool skip_space() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      const bool is_space = std::string_view(" \t\r\n\f\v").find(c) != std::string_view::npos;
      if (is_space || (c == ',' && comments_ == Comments::kHash)) {
        drop(1);
      } else if (rest_.starts_with(comments_ == Comments::kHash ? "#" : "//")) {
        drop(std::min(rest_.find_first_of("\r\n"), rest_.size()));
      } else if (comments_ == Comments::kSlashes && rest_.starts_with("/*")) {
        const auto end = rest_.find("*/", 2);
        if (end == std::string_view::npos) return fail("a comment that is never closed");
        drop(end + 2);
      } else {
        return true;
      }
    }
    return false;
  }

  void take_token() {
    const char c = rest_.front();
    if (begins_name(c)) {
      add(Token::Kind::kName, size_while(continues_name));
    } else if (base::is_digit(c)) {
      add(Token::Kind::kNumber,
          size_while([](char one) { return continues_name(one) || one == '.'; }));
    } else if (c == '"' || (c == '\'' && comments_ == Comments::kSlashes)) {
      take_text();
    } else if (comments_ == Comments::kHash && rest_.starts_with("...")) {
      add(Token::Kind::kSign, 3);
    } else if (kSigns.find(c) != std::string_view::npos) {
      add(Token::Kind::kSign, 1);
    } else {
      fail("the character " + base::printable(rest_.substr(0, 1)));
    }
  }

  void take_text() {
    constexpr std::string_view kBlock = "\"\"\"";
    const bool is_block = comments_ == Comments::kHash && rest_.starts_with(kBlock);
    const std::string_view quote = is_block ? kBlock : rest_.substr(0, 1);
    for (std::size_t at = quote.size(); at < rest_.size(); ++at) {
      if (rest_[at] == '\\') {
        // In a block nothing but the quotes can be escaped.
        if (!is_block) ++at;
        if (is_block && rest_.substr(at + 1).starts_with(quote)) at += quote.size();
      } else if (rest_.substr(at).starts_with(quote)) {
        tokens_.push_back(
            {Token::Kind::kText, rest_.substr(quote.size(), at - quote.size()), line_});
        drop(at + quote.size());
        return;
      } else if (rest_[at] == '\n' && !is_block) {
        break;
      }
    }
    fail("a text that is never closed");
  }

  template <typename Is>
  std::size_t size_while(Is is) const {
    return static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is) -
                                    rest_.begin());
  }

  void add(Token::Kind kind, std::size_t size) {
    tokens_.push_back({kind, rest_.substr(0, size), line_});
    drop(size);
  }

  void drop(std::size_t size) {
    line_ += static_cast<int>(
        std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size), '\n'));
    rest_.remove_prefix(size);
  }

  bool fail(const std::string& what) {
    problem_ = base::Error{"expected a definition, got " + what, "", line_};
    return false;
  }

  std::string_view rest_;
  Comments comments_;
  std::vector<Token> tokens_;
  std::optional<base::Error> problem_;
  int line_ = 1;
};

}  // namespace

base::Result<std::vector<Token>> tokens_of(std::string_view text, Comments comments) {
  return Tokenizer(text, comments).read();
}

Token TokenReader::next() {
  const Token token = peek();
  if (!at_end()) ++at_;
  return token;
}

bool TokenReader::take(std::string_view sign_or_name) {
  if (!peek().is(sign_or_name)) return false;
  ++at_;
  return true;
}

std::string_view TokenReader::take_name() {
  return peek().kind == Token::Kind::kName ? next().text : std::string_view{};
}

bool TokenReader::skip_group() {
  std::size_t depth = 0;
  while (!at_end()) {
    const Token token = next();
    if (token.is("{") || token.is("(") || token.is("[")) ++depth;
    if (token.is("}") || token.is(")") || token.is("]")) --depth;
    if (depth == 0) return true;
  }
  return false;
}

bool TokenReader::skip_statement() {
  while (!at_end()) {
    if (peek().is("}")) return true;
    if (take(";")) return true;
    if (peek().is("{")) {
      if (!skip_group()) return false;
      // "option (x) = { … };" ends behind its sign.
      take(";");
      return true;
    }
    if (peek().is("(") || peek().is("[")) {
      if (!skip_group()) return false;
    } else {
      next();
    }
  }
  return false;
}

std::string described(const Token& token) {
  return token.kind == Token::Kind::kEnd ? "the end" : '"' + base::printable(token.text, 80) + '"';
}

}  // namespace intermission::interfaces
