#include "negotiate/members.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "negotiate/weight.h"

namespace intermission::negotiate {
namespace {

bool is_q(std::string_view name) {
  return name.size() == 1 && base::ascii_lower(name[0]) == 'q';
}

// Reads the parameters behind a member's first ";", whatever they are.
void parse_parameters(std::string_view text, Member& member) {
  http::Splitter parameters(text, ';');
  std::string_view parameter;
  bool weighed = false;
  while (parameters.next(parameter)) {
    if (parameter.empty()) continue;
    const auto equals = parameter.find('=');
    if (!is_q(base::trim(parameter.substr(0, equals)))) {
      member.has_parameters = true;
    } else if (!weighed) {
      weighed = true;
      member.weight = equals == std::string_view::npos
                          ? kMalformedWeight
                          : parse_weight(base::trim(parameter.substr(equals + 1)));
    }
  }
}

// `text` is what stands behind a member's first ";". Nearly always that is "q=0.9", which a good
// weight cannot be mistaken for.
void read_parameters(std::string_view text, Member& member) {
  text = base::trim(text);
  if (text.size() > 2 && is_q(text.substr(0, 1)) && text[1] == '=') {
    const int weight = parse_weight(text.substr(2));
    if (weight != kMalformedWeight) {
      member.weight = weight;
      return;
    }
  }
  parse_parameters(text, member);
}

// member     = name parameters                                        RFC 9110 §5.6.6, §12.4.2
// parameters = *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )
// weight     = the first parameter named "q", wherever it stands (rule 5)
Member parse_member(std::string_view text) {
  Member member;
  const auto semicolon = text.find(';');
  member.name = base::trim(text.substr(0, semicolon));
  if (semicolon != std::string_view::npos) read_parameters(text.substr(semicolon + 1), member);
  return member;
}

// What the bytes of a line without quotes mean to a member's name.
enum Kind : std::uint8_t { kTokenChar, kSlash, kOther, kEndOfName };

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const char c = static_cast<char>(i);
    kinds[i] = http::is_token_char(c) ? kTokenChar : kOther;
  }
  kinds['/'] = kSlash;
  kinds[','] = kinds[';'] = kEndOfName;
  return kinds;
}
constexpr auto kKinds = make_kinds();

// Reads a name in one pass; returns where it ends.
std::size_t read_name(std::string_view text, Member& member) {
  std::size_t end = 0;
  std::size_t slashes = 0;
  bool plain = true;
  const auto kind_at = [&](std::size_t i) { return kKinds[static_cast<unsigned char>(text[i])]; };
  for (;; ++end) {
    while (end < text.size() && kind_at(end) == kTokenChar) ++end;
    if (end == text.size()) break;
    const Kind kind = kind_at(end);
    if (kind == kEndOfName) break;
    if (kind == kSlash) {
      member.slash = end;
      ++slashes;
    } else {
      plain = false;
    }
  }
  member.name = text.substr(0, end);
  if (!plain) member.name = base::trim(member.name);
  if (!plain || slashes != 1 || member.slash + 1 == end) member.slash = 0;
  return end;
}

}  // namespace

Members::Members(http::FieldValues lines)
    : line_(lines.begin()), end_(lines.end()), parts_({}, ',') {}

// Cuts the line to what is left of kMaxBytes, and then back to the last comma: half a member
// could mean something else than the whole.
bool Members::next_line() {
  if (line_ == end_ || bytes_left_ == 0) return false;
  std::string_view text = *line_;
  ++line_;
  if (text.size() > bytes_left_) {
    const auto comma = text.rfind(',', bytes_left_);
    text = text.substr(0, comma == std::string_view::npos ? 0 : comma);
    bytes_left_ = 0;
  } else {
    bytes_left_ -= text.size();
    if (bytes_left_ > 0) --bytes_left_;  // the comma that would join it with the next line
  }
  const bool quotes = text.find('"') != std::string_view::npos;
  parts_ = http::Splitter(quotes ? text : std::string_view{}, ',');
  plain_ = quotes ? std::string_view{} : text;
  return true;
}

// Without quotes no separator is hidden, and one pass finds the member and its parts.
bool Members::next_plain(Member& member) {
  const auto separates = [](char c) { return c == ',' || c == ' ' || c == '\t'; };
  while (!plain_.empty() && separates(plain_.front())) plain_.remove_prefix(1);
  if (plain_.empty()) return false;
  member = {};
  std::size_t end = read_name(plain_, member);
  if (end < plain_.size() && plain_[end] == ';') {
    const std::size_t comma = std::min(plain_.find(',', end), plain_.size());
    read_parameters(plain_.substr(end + 1, comma - end - 1), member);
    end = comma;
  }
  plain_.remove_prefix(end);
  return true;
}

bool Members::next_quoted(Member& member) {
  std::string_view part;
  while (part.empty()) {
    if (!parts_.next(part)) return false;
  }
  member = parse_member(part);
  return true;
}

// #element = [ element ] *( OWS "," OWS [ element ] )                 RFC 9110 §5.6.1.2
bool Members::next(Member& member) {
  if (members_left_ == 0) return false;
  while (!next_plain(member) && !next_quoted(member)) {
    plain_ = {};
    if (!next_line()) return false;
  }
  --members_left_;
  return true;
}

}  // namespace intermission::negotiate
