// The request fields this program looks at, each with a small number, so that looking one up
// in a request is an array index and "which fields did the decision consult" is a bit mask.
//
// Fields of HTTP itself, of browsers and of routers stand here. What only one kind of client sends
// is named where that client is recognised, while the program starts:
//
//   const http::Field kStripeVersion = http::named_field("Stripe-Version");
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace intermission::http {

/// Numbers after those written here belong to named_field().
enum class Field : std::uint8_t {
  kAccept,
  kAcceptEncoding,
  kAcceptLanguage,
  kAuthorization,
  kConnection,
  kContentEncoding,
  kContentLength,
  kContentType,
  kCookie,
  kExpect,
  kForwarded,
  kHost,
  kOrigin,
  kRange,
  kReferer,
  kSecFetchDest,
  kSecFetchMode,
  kSecFetchSite,
  kTe,
  kTraceparent,
  kTransferEncoding,
  kUpgrade,
  kUserAgent,
  kXCfForwardedUrl,
  kXForwardedFor,
  kXForwardedHost,
  kXForwardedProto,
  kXForwardedScheme,
  kXForwardedSsl,
  kXRequestId,
  kXVcapRequestId,
  kFirstNamed,
  kOther = 159,  // any other name
};

/// The numbers below Field::kOther: no more fields can be known.
inline constexpr std::size_t kMostFields = static_cast<std::size_t>(Field::kOther);

/// Makes a field known by its name, spelled as in the IANA registry or as senders spell it, which
/// must live as long as the program. A name that is known already, in any case, keeps its number.
/// Throws std::length_error where there is no number left. Only while the program starts, for
/// constants at namespace scope: not thread-safe.
Field named_field(std::string_view name);

/// How many fields are known; their numbers are the lowest.
std::size_t known_fields();

/// The name of a known field.
std::string_view field_name(Field field);

/// The field of that name, whatever its case; Field::kOther for a name that is not known.
Field field_from(std::string_view name);

/// A set of known fields. Used for Vary: the fields that a decision consulted.
class FieldSet {
 public:
  constexpr FieldSet() = default;
  constexpr FieldSet(std::initializer_list<Field> fields) {
    for (const Field field : fields) add(field);
  }

  constexpr void add(Field field) { words_[word(field)] |= bit(field); }
  constexpr void add(FieldSet others) {
    for (std::size_t i = 0; i < kWords; ++i) words_[i] |= others.words_[i];
  }
  constexpr bool has(Field field) const { return (words_[word(field)] & bit(field)) != 0; }
  constexpr bool empty() const { return *this == FieldSet{}; }
  constexpr FieldSet without(Field field) const {
    FieldSet others = *this;
    others.words_[word(field)] &= ~bit(field);
    return others;
  }
  /// The fields of both.
  constexpr FieldSet both(FieldSet other) const {
    for (std::size_t i = 0; i < kWords; ++i) other.words_[i] &= words_[i];
    return other;
  }
  constexpr bool operator==(const FieldSet&) const = default;

  /// Calls visit(Field) for each of them, in the order of their numbers.
  template <typename Visit>
  constexpr void for_each(Visit visit) const {
    for (std::size_t i = 0; i < kWords; ++i) {
      for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) {
        visit(static_cast<Field>(i * kWordBits + static_cast<std::size_t>(std::countr_zero(rest))));
      }
    }
  }

  /// For tables of sets: differs for most sets that differ.
  constexpr std::uint64_t hash() const {
    // Fibonacci hashing: the top bits of a product depend on all bits of the word.
    std::uint64_t hash = 0;
    for (const std::uint64_t word : words_) hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15U;
    return hash;
  }

 private:
  static constexpr std::size_t kWordBits = 64;
  static constexpr std::size_t kWords = kMostFields / kWordBits + 1;

  static constexpr std::size_t word(Field field) {
    return static_cast<std::size_t>(field) / kWordBits;
  }
  static constexpr std::uint64_t bit(Field field) {
    return std::uint64_t{1} << (static_cast<std::size_t>(field) % kWordBits);
  }
  std::array<std::uint64_t, kWords> words_{};
};

}  // namespace intermission::http
