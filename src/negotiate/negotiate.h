// Proactive content negotiation (RFC 9110 §12), pure functions of header values.
//
// Each header comes as the values of its lines, in order (http::FieldValues), which equals the
// values joined with commas. Weights are integers from 0 to 1000. Nothing here fails
// or throws, and of what reads a header nothing allocates: a malformed member is dropped alone, a
// header without a usable member counts as absent. Any thread.
//
//   const Offer offers[] = {{"application/problem+json"}, {"text/html"}};
//   choose_type(request.values(Field::kAccept), offers).index              // 0 or 1
//   choose_language(request.values(Field::kAcceptLanguage), languages, 0)  // into languages
//   choose_coding(request.values(Field::kAcceptEncoding), sizes)           // Coding::kBrotli
//
// The thirteen rules of negotiation, and where each of them stands:
//
//    1  repeated lines are one list                  members.h, each_member
//    2  no Accept accepts anything                   accept.cc, Accept::choose
//    3  the most specific range gives the weight     accept.cc, Accept::score
//    4  q=0 refuses; weights are 0 to 1000           accept.cc, language.cc, encoding.cc
//    5  q anywhere among the parameters              members.cc, parse_member
//    6  malformed members drop alone, all is bounded members.cc; weight.cc; the names in the
//                                                    three that read members
//    7  nothing acceptable: answer all the same      accept.cc, Accept::choose
//    8  ties: evidence (rank), then server order     accept.cc, precedes
//    9  protocol evidence beats Accept               dialect/, which ranks the offers
//   10  +json and +xml are a fallback                accept.cc, Accept::fall_back
//   11  languages are looked up                      language.cc
//   12  codings by weight, then by size              encoding.cc; what is never compressed is
//                                                    known in dialect/
//   13  Vary lists what was consulted                above: the caller that reads a header adds
//                                                    its Field to the response's FieldSet
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace intermission::negotiate {

/// No header is read further than this; what follows is ignored. Members that are not empty
/// count, malformed or not; bytes count over all lines and the commas that would join them.
inline constexpr std::size_t kMaxMembers = 64;
inline constexpr std::size_t kMaxBytes = 8192;

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
  kAny,           // Accept was absent or without a usable member: everything is acceptable
  kWildcard,      // matched by */* or type/*, or after them by type/*+json or type/*+xml
  kExact,         // matched by a range that names the type, with parameters or without
  kSuffix,        // nothing matched; a range names another type of the offer's own syntax
  kUnacceptable,  // nothing on offer is acceptable; the first offer by rank stands in (rule 7)
};

struct TypeChoice {
  std::size_t index = 0;  // into the offers
  int weight = 0;         // kMaxWeight with kAny, 0 with kUnacceptable, else 1 to kMaxWeight
  Match match = Match::kAny;
};

/// The weight that Accept gives to one media type (without parameters): -1 if no range
/// matches, 1000 if the header is absent. `named` tells whether the type itself was named
/// (type/subtype), which a wildcard does not do.
struct TypeWeight {
  int weight = -1;
  bool named = false;
};

/// Accept, parsed once for any number of questions. Holds views into the header.
///
/// Parameters of a range. What is on offer has none, so taken literally `text/html;level=1`
/// would never match (RFC 9110 §12.5.1). But a client that writes
/// `application/json;charset=utf-8` or `application/fhir+json;fhirVersion=4.0` will read our
/// JSON, so a range with parameters names the type, and more specifically than one without.
/// A refusal is taken literally: `text/html;level=1;q=0` refuses a form that we do not send,
/// and says nothing about text/html. Among equally specific ranges the highest weight counts.
///
/// Fallback (rule 10), if no offer is matched with a weight above 0: an offer in JSON
/// (application/json, text/json, +json) serves a range that names another type in JSON, and XML
/// (application/xml, text/xml, +xml) likewise. It keeps its own type, because the other one
/// promises another body. The highest weight wins, then as ever rank and order of the offers.
/// Ranges under other types than application and text do not count: image/svg+xml names a picture.
/// The not quite standard `application/*+json` is a wildcard for offers that end in +json.
/// An offer that is itself named with q=0 is left out.
///
/// The default Accept of Java's HttpURLConnection is read as */*.
class Accept {
 public:
  explicit Accept(http::FieldValues lines);

  /// Whether the header is absent or has no usable member.
  bool empty() const { return empty_; }
  TypeWeight weight_of(std::string_view media_type) const;
  /// Calls `visit` with each range that names a type and does not refuse it, as sent.
  template <typename Visit>
  void each_named(Visit visit) const {
    for (const Range& range : ranges()) {
      if (range.specificity >= kNamed && range.weight > 0) visit(range.whole());
    }
  }
  /// Picks one of `offers` (at least one). See TypeChoice for what is said about the pick.
  TypeChoice choose(std::span<const Offer> offers) const;

 private:
  enum Specificity : std::uint8_t { kAnyType, kAnySubtype, kNamed, kNamedWithParameters };

  // A range in 16 bytes that need no initialisation, for there is room for kMaxMembers.
  struct Range {
    const char* text;
    std::uint16_t type_size;
    std::uint16_t size;
    std::int16_t weight;
    Specificity specificity;

    std::string_view whole() const { return {text, size}; }
    std::string_view type() const { return {text, type_size}; }
    std::string_view subtype() const { return whole().substr(type_size + 1U); }
    bool covers(std::string_view media_type) const;
  };
  static_assert(kMaxBytes <= UINT16_MAX && kMaxWeight <= INT16_MAX);

  // The range that speaks for a type; null if none does.
  const Range* score(std::string_view media_type) const;
  TypeChoice fall_back(std::span<const Offer> offers) const;
  std::span<const Range> ranges() const { return {ranges_.data(), size_}; }

  std::array<Range, kMaxMembers> ranges_;  // the first size_ are set
  std::size_t size_ = 0;
  bool empty_ = true;
};

/// The same for a single question.
TypeChoice choose_type(http::FieldValues accept, std::span<const Offer> offers);
TypeWeight weight_of(http::FieldValues accept, std::string_view media_type);

// ---------------------------------------------------------------- Accept-Language

/// Languages to choose from, as RFC 5646 tags, and a way to find one of them by its name.
/// Immutable; any thread. Allocates only when it is made.
class Languages {
 public:
  Languages() = default;
  /// At most 65,535; the owner of their text must outlive it.
  explicit Languages(std::vector<std::string_view> tags);

  std::size_t size() const { return tags_.size(); }
  std::string_view operator[](std::size_t index) const { return tags_[index]; }
  std::span<const std::string_view> tags() const { return tags_; }

  /// The first that is the same but for case and "_" for "-".
  std::optional<std::size_t> find(std::string_view tag) const;

 private:
  std::size_t slot_of(std::string_view tag) const;

  std::vector<std::string_view> tags_;
  std::vector<std::uint16_t> slots_;  // index + 1, by the hash of the tag; a power of two of them
};

/// Accept-Language, parsed once for any number of questions. Holds views into the header.
class AcceptLanguage {
 public:
  explicit AcceptLanguage(http::FieldValues lines);

  /// Picks one of `available`; `fallback` is returned where nothing is found.
  ///
  /// 1. Lookup (RFC 4647 §3.4): ranges by weight, then position; each is compared with the
  ///    available tags and shortened from its end until one is equal. `*` finds nothing: alone
  ///    it means the default, and beside others it does not count.
  /// 2. If lookup finds nothing, the same with tags that begin with the range: `en` finds
  ///    "en-GB", and `en-AU` finds it too, which lookup would not but a reader would.
  /// 3. The default, even if it is refused: somebody must be answered (rule 7).
  ///
  /// A range with q=0 refuses the tag that it equals, all tags that begin with it and those that
  /// it can be shortened to, unless a range with weight above 0 speaks of the tag at least as
  /// directly, in that order: `de-AT;q=0, de` leaves "de" acceptable, `en;q=0, en-GB` leaves
  /// "en-GB". `_` is read as `-`: clients on phones send their locale's name.
  std::size_t choose(const Languages& available, std::size_t fallback) const;

 private:
  // In 16 bytes that need no initialisation, as in Accept.
  struct Range {
    const char* text;
    std::uint16_t size;
    std::int16_t weight;

    std::string_view tag() const { return {text, size}; }
  };
  static_assert(kMaxBytes <= UINT16_MAX && kMaxWeight <= INT16_MAX);

  void insert(std::string_view range, int weight);
  bool refuses(std::string_view tag) const;
  std::optional<std::size_t> look_up(const Languages& available) const;
  std::optional<std::size_t> find_beginning(const Languages& available) const;
  std::span<const Range> wanted() const { return {ranges_.data(), wanted_}; }
  std::span<const Range> refusals() const { return {ranges_.data() + wanted_, size_ - wanted_}; }

  std::array<Range, kMaxMembers> ranges_;  // the first size_ are set
  std::size_t size_ = 0;
  std::size_t wanted_ = 0;  // how many of them have a weight above 0; they come first
};

/// The same for a single question.
std::size_t choose_language(http::FieldValues accept_language, const Languages& available,
                            std::size_t fallback);

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

/// Accept-Encoding, parsed once for any number of questions. Holds no views.
class AcceptEncoding {
 public:
  explicit AcceptEncoding(http::FieldValues lines);

  /// Rule 12. `available` lists the coded forms and their sizes, identity included. A coding
  /// that the client weighs no less than identity is preferred where it saves bytes; among
  /// those the highest weight wins, then the fewest bytes, then zstd before br before gzip.
  ///
  /// `*` stands for every coding that is not listed, identity among them. Identity that is
  /// neither listed nor covered by `*` is acceptable, but less than any coding that is. Where
  /// identity is refused, any acceptable coding is taken, whether it saves bytes or not; if
  /// there is none, identity all the same. Of a coding listed twice the highest weight counts,
  /// x-gzip is gzip (RFC 9110 §8.4.1.3), and unknown codings are ignored.
  Coding choose(std::span<const CodedSize> available) const;

 private:
  static constexpr int kUnlisted = -1;

  int weight_of(Coding coding) const;
  bool accepts(Coding coding) const;
  bool precedes(const CodedSize& a, const CodedSize& b) const;

  std::array<int, kCodings> weights_;
  int others_ = kUnlisted;
};

/// The same for a single question.
Coding choose_coding(http::FieldValues accept_encoding, std::span<const CodedSize> available);

}  // namespace intermission::negotiate
