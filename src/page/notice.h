// What is to be said, whatever the form: one value from which every dialect speaks, so that
// header and body, page and fault never disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace intermission::page {

/// What a text is fitted to beside its language, as far as a request tells. Only dialects with
/// Dialect::fit look at it.
struct Fit {
  enum class Scheme : std::uint8_t { kAny, kLight, kDark };

  Scheme scheme = Scheme::kAny;  // Sec-CH-Prefers-Color-Scheme
  bool still = false;            // Sec-CH-Prefers-Reduced-Motion: reduce
  bool narrow = false;           // Sec-CH-Viewport-Width, or else Sec-CH-UA-Mobile
  bool chromium = false;         // Sec-CH-UA names the engine
  bool posted = false;           // by a form, not by GET: something was sent

  bool operator==(const Fit&) const = default;
};

/// Views into the Snapshot; valid as long as it is.
struct Notice {
  std::string_view service;   // its name, a token
  std::string_view title;     // what people call it
  std::string_view message;   // the operator's words, in `language`
  std::string_view language;  // RFC 5646
  std::optional<base::TimePoint> since;
  std::optional<base::TimePoint> until;
  /// The wait, once it is drawn. Nothing while text is rendered early: kSecondsMark stands for it.
  std::optional<std::uint32_t> seconds;
  /// The language of our own words, where it is not the message's: there are words in many more
  /// languages than operators write. Empty: as `language`.
  std::string_view words_language = {};
  /// The service is not in maintenance: its router sent the request because the service is down.
  bool is_outage = false;
  /// The `type` of problem details.
  std::string_view problem_type = "about:blank";
  Fit fit = {};
};

/// Stands in rendered text wherever the seconds to wait belong: they are drawn for each
/// answer, after everything else was rendered. A Unicode noncharacter (U+FDD0, "for internal
/// use"), which no message may hold, so no escaping of HTML, JSON or XML touches it.
inline constexpr std::string_view kSecondsMark = "\xEF\xB7\x90";

/// Likewise for the moment of the answer: RFC 3339 ("2026-12-01T22:30:00Z"), and the seconds since
/// 1970 (U+FDD1, U+FDD2).
inline constexpr std::string_view kNowMark = "\xEF\xB7\x91";
inline constexpr std::string_view kNowSecondsMark = "\xEF\xB7\x92";

/// And for what the request is known by (U+FDD3 to U+FDD6). A path's mark stands twice, with the
/// most characters that may be told in between, in digits.
inline constexpr std::string_view kPathMark = "\xEF\xB7\x93";
inline constexpr std::string_view kPathInXmlMark = "\xEF\xB7\x94";
inline constexpr std::string_view kRequestIdMark = "\xEF\xB7\x95";
inline constexpr std::string_view kTraceIdMark = "\xEF\xB7\x96";

}  // namespace intermission::page
