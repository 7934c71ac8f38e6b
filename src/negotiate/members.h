// Reads the members of Accept, Accept-Language and Accept-Encoding, one after the other, over
// all lines of the header.
//
//   Members members(request.values(Field::kAccept));
//   Member member;
//   while (members.next(member)) use(member.name, member.weight);
//
// Time is linear in the bytes read, whatever they are; nothing is allocated.
#pragma once

#include <cstddef>
#include <string_view>

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

/// Views into the header's lines; they must outlive it. Empty members are passed over. Ends
/// after kMaxMembers members, and before the first member that does not end within the first
/// kMaxBytes of the lines joined with commas. A quoted-string ends with its line.
class Members {
 public:
  explicit Members(http::FieldValues lines);

  /// The next member that is not empty; false at the end.
  bool next(Member& member);

 private:
  bool next_line();
  bool next_plain(Member& member);
  bool next_quoted(Member& member);

  http::FieldValues::Iterator line_;
  http::FieldValues::Iterator end_;
  http::Splitter parts_;    // of a line with quotes,
  std::string_view plain_;  // or what is left of one without
  std::size_t bytes_left_ = kMaxBytes;
  std::size_t members_left_ = kMaxMembers;
};

}  // namespace intermission::negotiate
