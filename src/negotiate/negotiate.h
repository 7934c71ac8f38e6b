// Proactive content negotiation (RFC 9110 §12), pure functions of header values.
//
// Each header comes as the values of its lines, in order (http::FieldValues), which equals the
// values joined with commas. Weights are integers from 0 to 1000. Nothing here allocates,
// fails or throws: a malformed member is dropped alone, a header without a usable member
// counts as absent. Any thread.
//
// The thirteen rules that these functions keep, and where each stands, are listed in
// negotiate.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "http/request.h"

namespace intermission::negotiate {

/// No header is read further than this; what follows is ignored.
inline constexpr std::size_t kMaxMembers = 64;
inline constexpr std::size_t kMaxBytes = 8 * 1024;

inline constexpr int kMaxWeight = 1000;

// ---------------------------------------------------------------- Accept

/// A representation on offer: its type in lower case, without parameters, for example
/// "application/problem+json".
struct Offer {
  std::string_view media_type;
  /// Rank among offers of equal weight: evidence of the request's kind lowers it (rule 8).
  /// Offers of equal rank are taken in the order given.
  int rank = 0;
};

enum class Match : std::uint8_t {
  kAny,          // Accept was absent, empty or without a usable member: everything is acceptable
  kWildcard,     // matched by */* or type/*
  kExact,        // matched by a range that names the type
  kSuffix,       // nothing matched; a range's +json or +xml is what the offer is written in
  kUnacceptable  // nothing on offer is acceptable; the first offer by rank stands in (rule 7)
};

struct TypeChoice {
  std::size_t index = 0;  // into the offers
  int weight = 0;
  Match match = Match::kAny;
  /// With kSuffix: the client's own type ("application/vnd.acme.v2+json"), as sent, which is a
  /// valid type "/" subtype of tokens; a view into the header. Else empty.
  std::string_view asked;
};

/// Picks one of `offers` (at least one). See TypeChoice for what is said about the pick.
/// For the fallback of rule 10 an offer counts as JSON if its type is application/json or ends
/// in +json, and as XML likewise.
TypeChoice choose_type(http::FieldValues accept, std::span<const Offer> offers);

/// The weight that Accept gives to one media type (without parameters): -1 if no range
/// matches, 1000 if the header is absent. `named` tells whether the type itself was named
/// (type/subtype), which a wildcard does not do.
struct TypeWeight {
  int weight = -1;
  bool named = false;
};
TypeWeight weight_of(http::FieldValues accept, std::string_view media_type);

// ---------------------------------------------------------------- Accept-Language

/// Picks one of `available` (RFC 5646 tags, at least one) by RFC 4647 §3.4 lookup; `fallback`
/// is the index of the default language.
std::size_t choose_language(http::FieldValues accept_language,
                            std::span<const std::string_view> available, std::size_t fallback);

// ---------------------------------------------------------------- Accept-Encoding

enum class Coding : std::uint8_t { kIdentity, kGzip, kBrotli, kZstd };
inline constexpr std::size_t kCodings = 4;

/// As in Content-Encoding: "gzip", "br", "zstd"; "identity" is never sent.
std::string_view coding_name(Coding coding);

/// A coded form of the body; identity is always among the choices.
struct CodedSize {
  Coding coding;
  std::size_t bytes;
};

/// Rule 12. `available` lists the coded forms and their sizes, identity included. A coding
/// that the client weighs no less than identity is preferred where it saves bytes; among
/// equals the smallest wins, and at the same size zstd before br before gzip.
Coding choose_coding(http::FieldValues accept_encoding, std::span<const CodedSize> available);

}  // namespace intermission::negotiate
