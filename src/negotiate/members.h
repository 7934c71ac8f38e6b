// Reads the members of Accept, Accept-Language and Accept-Encoding, one after the other, over
// all lines of the header.
//
//   each_member(request.values(Field::kAccept), [&](const Member& member) {
//     use(member.name, member.weight);
//   });
//
// Time is linear in the bytes read, whatever they are; nothing is allocated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "http/media_type.h"
#include "http/request.h"
#include "negotiate/negotiate.h"

namespace intermission::negotiate {

struct Member {
  std::string_view name;        // what stands before the first ";", trimmed, as sent, unchecked
  int weight = kMaxWeight;      // 0 to 1000
  bool has_parameters = false;  // other than the weight
  /// Where the name has its only "/", if it has one and all else in it are token characters;
  /// else 0, and nothing is said about the name.
  std::size_t slash = 0;
};

namespace detail {

// How much of a header is still to be read.
struct Rest {
  std::size_t bytes = kMaxBytes;
  std::size_t members = kMaxMembers;

  // What may be read of the next line.
  std::string_view cut(std::string_view line);
};

// What the bytes of a line without quotes mean to a member's name.
enum Kind : std::uint8_t { kTokenChar, kSlash, kOther, kEndOfName };

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    kinds[i] = http::is_token_char(static_cast<char>(i)) ? kTokenChar : kOther;
  }
  kinds['/'] = kSlash;
  kinds[','] = kinds[';'] = kEndOfName;
  return kinds;
}
inline constexpr auto kKinds = make_kinds();

// A member as a line with quotes has it.
Member parse_member(std::string_view text);

// Reads the parameters behind the ";" at `at`; returns where the member ends.
const char* read_parameters(const char* at, const char* end, Member& member);

// Reads a member of a line without quotes, in which no separator is hidden: one pass finds it and
// its parts. Returns where it ends.
inline const char* read_member(const char* at, const char* end, Member& member) {
  const char* const begin = at;
  const char* slash = begin;
  int slashes = 0;
  bool plain = true;
  for (; at != end; ++at) {
    const Kind kind = kKinds[static_cast<unsigned char>(*at)];
    if (kind == kTokenChar) continue;
    if (kind == kEndOfName) break;
    if (kind == kSlash) {
      slash = at;
      ++slashes;
    } else {
      plain = false;
    }
  }
  member.name = {begin, static_cast<std::size_t>(at - begin)};
  if (!plain) {
    member.name = base::trim(member.name);
  } else if (slashes == 1 && slash + 1 != at) {
    member.slash = static_cast<std::size_t>(slash - begin);
  }
  return at != end && *at == ';' ? read_parameters(at, end, member) : at;
}

}  // namespace detail

/// Calls `visit` with each member that is not empty. Its views look into the header's lines.
/// Ends after kMaxMembers members, and before the first member that does not end within the
/// first kMaxBytes of the lines joined with commas. A quoted-string ends with its line.
template <typename Visit>
void each_member(http::FieldValues lines, Visit visit) {
  detail::Rest rest;
  for (const std::string_view line : lines) {
    const std::string_view text = rest.cut(line);
    if (text.find('"') != std::string_view::npos) {
      http::Splitter parts(text, ',');
      std::string_view part;
      while (parts.next(part)) {
        if (part.empty()) continue;
        if (rest.members-- == 0) return;
        visit(detail::parse_member(part));
      }
      continue;
    }
    const char* at = text.data();
    const char* const end = at + text.size();
    for (;;) {
      while (at != end && (*at == ',' || *at == ' ' || *at == '\t')) ++at;
      if (at == end) break;
      if (rest.members-- == 0) return;
      Member member;
      at = detail::read_member(at, end, member);
      visit(member);
    }
  }
}

}  // namespace intermission::negotiate
