// Weights (RFC 9110 §12.4.2), which all three Accept headers give their members.
#pragma once

#include <string_view>

namespace intermission::negotiate {

/// The value of a malformed weight: the member is meant to be accepted, but it is unknown how
/// much, so this is the least that is not a refusal (rule 6).
inline constexpr int kMalformedWeight = 1;

/// 0 to 1000 for "0" to "1"; kMalformedWeight for any other text.
int parse_weight(std::string_view qvalue);

}  // namespace intermission::negotiate
