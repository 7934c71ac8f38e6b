// The paths that other servers may see in a path. A proxy decides about the path that a client
// wrote, and the server behind it serves what it makes of it:
//
//   /x/..;/api/y    Tomcat      /api/y     parameters cut, then dot segments removed
//   /%2fapi         many        //api      decoded; then, slashes merged, /api
//   /api%20         Windows     /api       spaces and dots at the end of a segment dropped
//   //x/api         WHATWG URL  /api       the first segment is a host
//
// A reading is what comes out of these steps, each done any number of times and in any order:
//
//   percent-decode all, all but %2F,    backslash as slash            merge slashes
//   unreserved bytes, dot segments
//   remove dot segments (RFC 3986       cut ";parameters" of each     drop spaces around segments,
//   §5.2.4)                             segment, or all behind ";"    dots and spaces behind them
//   other blanks and "+" as spaces
//   cut at a decoded "?" or "#"         cut NTFS streams ("::$DATA")  take "//host" off
//   drop scripts ("/index.php/x")       cut known endings             cut sessions ("/(S(1))/x")
//                                       ("/x.json", "/v1.php/x")
//   split dots off ("/x.." as "/x/..")  fold letters (NFKC, case)     drop ignorable characters
//   bytes that are no UTF-8 as Latin-1
//
// So whatever pipeline of such steps a server has, what it serves is among the readings. Frameworks
// that cut off every ending are met where prefixes are compared: see begins_with_ending().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace intermission::http {

/// Whether what follows a path prefix may be an ending of its last segment, ".json" or ".en/x".
/// Rails, Spring and others may take "/api.anything" for "/api". Numbers are no endings: "/v1.1" is
/// not "/v1".
bool begins_with_ending(std::string_view behind_prefix);

/// A decoded path as servers compare it that know the letters of all languages: without case, in
/// one form where Unicode has several, and without characters that are not seen. Among the readings
/// of every path that such a server takes for it. ASCII comes back as it is.
std::string fold_path(std::string_view path);

/// What servers that normalise most make of a path: decoded as often as it goes, with slashes for
/// backslashes, without parameters, empty and dot segments, and dots and spaces behind segments. A
/// prefix that is written differently may be one that no request has.
std::string usual_path(std::string_view path);

/// Why servers may read a decoded path in ways that are not all known, in plain words; else empty.
std::string_view path_doubt(std::string_view path);

class PathReadings {
 public:
  /// A path as sent, without its query. A usual one has one reading and costs a scan; nothing is
  /// allocated. The others cost less than a millisecond, however hostile they are.
  explicit PathReadings(std::string_view path);

  /// Why the readings are not all known, in plain words: "it holds a control character". Empty
  /// where all are.
  std::string_view doubt() const { return doubt_; }

  /// At least one; the path as sent is the first. Views that live as long as the path and this.
  std::size_t size() const { return 1 + others_.size(); }
  std::string_view operator[](std::size_t index) const {
    return index == 0 ? path_ : std::string_view(others_[index - 1]);
  }

  /// Past these, the readings are not all known.
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMostBytes = std::size_t{32} * 1024;  // of all readings
  static constexpr std::size_t kLongest = std::size_t{8} * 1024;     // unless it has one alone

 private:
  void find_others();

  std::string_view path_;
  std::string_view doubt_;
  std::vector<std::string> others_;
};

}  // namespace intermission::http
