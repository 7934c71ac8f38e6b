#include <optional>

#include "base/text.h"
#include "http/media_type.h"
#include "negotiate/members.h"
#include "negotiate/negotiate.h"

namespace intermission::negotiate {
namespace {

bool precedes(const TypeChoice& a, const TypeChoice& b, std::span<const Offer> offers) {
  if (a.weight != b.weight) return a.weight > b.weight;
  const int rank_a = offers[a.index].rank;
  const int rank_b = offers[b.index].rank;
  if (rank_a != rank_b) return rank_a < rank_b;
  return a.index < b.index;
}

// The offer of lowest rank, which is chosen where all weights are the same.
std::size_t first_by_rank(std::span<const Offer> offers) {
  std::size_t first = 0;
  for (std::size_t i = 1; i < offers.size(); ++i) {
    if (offers[i].rank < offers[first].rank) first = i;
  }
  return first;
}

// What a representation can be read as without knowing its type (RFC 6839, RFC 8949 §9.5).
enum class Syntax : std::uint8_t { kOther, kJson, kXml, kCbor, kMessagePack };

// "application/json", "text/json" and all that ends in "+json"; `name` is "json", "xml" and the
// like.
bool is_written_in(std::string_view media_type, std::string_view name) {
  if (media_type.size() <= name.size()) return false;
  const std::size_t end = media_type.size() - name.size() - 1;
  if (!base::iequals(media_type.substr(end + 1), name)) return false;
  if (media_type[end] == '+') return true;
  const std::string_view type = media_type.substr(0, end);
  return media_type[end] == '/' &&
         (base::iequals(type, "application") || base::iequals(type, "text"));
}

Syntax syntax_of(std::string_view media_type) {
  if (is_written_in(media_type, "json")) return Syntax::kJson;
  if (is_written_in(media_type, "xml")) return Syntax::kXml;
  if (is_written_in(media_type, "cbor")) return Syntax::kCbor;
  return is_written_in(media_type, "msgpack") ? Syntax::kMessagePack : Syntax::kOther;
}

// Where a media range has its "/"; 0 if the member is none.
std::size_t slash_of(const Member& member) {
  if (member.slash > 0) return member.slash;
  const auto parsed = http::parse_media_type(member.name);
  return parsed ? parsed->type.size() : 0;
}

bool has_wildcard(std::string_view name) {
  return name.find('*') != std::string_view::npos;
}

// "application/problem+json" is one of `application/*+json`.
bool covered_by_suffix_wildcard(std::string_view media_type, std::string_view type,
                                std::string_view subtype) {
  if (!subtype.starts_with("*+") || has_wildcard(subtype.substr(1))) return false;
  const std::string_view suffix = subtype.substr(1);
  return media_type.size() > type.size() + 1 + suffix.size() && media_type[type.size()] == '/' &&
         base::istarts_with(media_type, type) &&
         base::iequals(media_type.substr(media_type.size() - suffix.size()), suffix);
}

// Whether these are all the members, in this order, however they are spread over lines.
bool lists_exactly(http::FieldValues lines, std::span<const std::string_view> members) {
  std::size_t seen = 0;
  for (const std::string_view line : lines) {
    http::Splitter splitter(line, ',');
    std::string_view member;
    while (splitter.next(member)) {
      if (member.empty()) continue;
      if (seen == members.size() || member != members[seen]) return false;
      ++seen;
    }
  }
  return seen == members.size();
}

// What Java's HttpURLConnection sends if the program sets no Accept, in older and in newer versions
// of Java: no wish for HTML.
bool is_javas_default(http::FieldValues lines) {
  constexpr std::string_view kOld[] = {"text/html", "image/gif", "image/jpeg", "*; q=.2",
                                       "*/*; q=.2"};
  constexpr std::string_view kNew[] = {"text/html", "image/gif", "image/jpeg", "*/*; q=0.2"};
  return lists_exactly(lines, kOld) || lists_exactly(lines, kNew);
}

}  // namespace

// Accept      = [ ( media-range [ weight ] ) *( OWS "," OWS ( media-range [ weight ] ) ) ]
// media-range = ( "*/*" / ( type "/" "*" ) / ( type "/" subtype ) ) parameters
//                                                                     RFC 9110 §12.5.1
// A lone "*" has no "/", and is malformed like "*/subtype".
Accept::Accept(http::FieldValues lines) {
  if (is_javas_default(lines)) {
    ranges_[size_++] = {"*/*", 1, 3, kMaxWeight, kAnyType};
    empty_ = false;
    return;
  }
  each_member(lines, [this](const Member& member) {
    const std::size_t slash = slash_of(member);
    if (slash == 0) return;
    const std::string_view name = member.name;
    const bool any_type = name[0] == '*' && slash == 1;
    const bool any_subtype = name.back() == '*' && slash + 2 == name.size();
    if (any_type && !any_subtype) return;
    empty_ = false;
    Specificity specificity = member.has_parameters ? kNamedWithParameters : kNamed;
    if (any_subtype) specificity = any_type ? kAnyType : kAnySubtype;
    if (specificity == kNamedWithParameters && member.weight == 0) return;
    ranges_[size_++] = {name.data(), static_cast<std::uint16_t>(slash),
                        static_cast<std::uint16_t>(name.size()),
                        static_cast<std::int16_t>(member.weight), specificity};
  });
}

bool Accept::Range::covers(std::string_view media_type) const {
  switch (specificity) {
    case kAnyType:
      return true;
    case kAnySubtype:
      return media_type.size() > type_size &&
             base::istarts_with(media_type, {text, type_size + 1U});
    case kNamed:
    case kNamedWithParameters:
      return media_type.size() == size && base::iequals(media_type, whole());
  }
  return false;
}

const Accept::Range* Accept::score(std::string_view media_type) const {
  const Range* best = nullptr;
  for (const Range& range : ranges()) {
    if (best != nullptr && range.specificity < best->specificity) continue;
    if (!range.covers(media_type)) continue;
    if (best == nullptr || range.specificity > best->specificity || range.weight > best->weight) {
      best = &range;
    }
  }
  return best;
}

TypeWeight Accept::weight_of(std::string_view media_type) const {
  if (empty_) return {kMaxWeight, false};
  const Range* range = score(media_type);
  if (range == nullptr) return {};
  return {range->weight, range->specificity >= kNamed};
}

TypeChoice Accept::choose(std::span<const Offer> offers) const {
  const std::size_t first = first_by_rank(offers);
  if (empty_) return {first, kMaxWeight, Match::kAny};
  const auto choice_of = [&](std::size_t i) {
    const TypeWeight weight = weight_of(offers[i].media_type);
    return TypeChoice{i, weight.weight, weight.named ? Match::kExact : Match::kWildcard};
  };
  // Most clients weigh our favourite the most there is; then nothing else can precede it.
  TypeChoice best = choice_of(first);
  if (best.weight == kMaxWeight) return best;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const TypeChoice choice = choice_of(i);
    if (precedes(choice, best, offers)) best = choice;
  }
  return best.weight > 0 ? best : fall_back(offers);
}

TypeChoice Accept::fall_back(std::span<const Offer> offers) const {
  std::optional<TypeChoice> best;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const std::string_view media_type = offers[i].media_type;
    const Syntax syntax = syntax_of(media_type);
    // An offer that is named and was not chosen is refused.
    if (syntax == Syntax::kOther || weight_of(media_type).named) continue;
    for (const Range& range : ranges()) {
      if (range.weight == 0 || range.specificity < kNamed) continue;
      TypeChoice choice{i, range.weight, Match::kSuffix};
      if (covered_by_suffix_wildcard(media_type, range.type(), range.subtype())) {
        choice.match = Match::kWildcard;
      } else if (syntax_of(range.whole()) != syntax || has_wildcard(range.whole()) ||
                 !(base::iequals(range.type(), "application") ||
                   base::iequals(range.type(), "text"))) {
        continue;
      }
      if (!best || precedes(choice, *best, offers)) best = choice;
    }
  }
  return best ? *best : TypeChoice{first_by_rank(offers), 0, Match::kUnacceptable};
}

TypeChoice choose_type(http::FieldValues accept, std::span<const Offer> offers) {
  return Accept(accept).choose(offers);
}

TypeWeight weight_of(http::FieldValues accept, std::string_view media_type) {
  return Accept(accept).weight_of(media_type);
}

}  // namespace intermission::negotiate
