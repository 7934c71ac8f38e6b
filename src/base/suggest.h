// "Did you mean": the known word nearest to one that a person mistyped.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace intermission::base {

/// The word with the fewest inserted, removed, replaced or swapped characters, case aside; the
/// first of several. Empty if none is near: more than a third of the letters would change, or
/// more than three.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known);

/// "; did you mean WORD?" with the nearest word; empty if none is near.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace intermission::base
