// Every dialect, in order of precedence: the one place where that order is written.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "dialect/dialect.h"

namespace intermission::dialect {

std::span<const Dialect* const> table();

/// No table is longer: what is kept for each row of it has its place on the stack.
inline constexpr std::size_t kMostDialects = 64;

/// The row of a dialect's name.
std::optional<std::size_t> find(std::string_view name);

}  // namespace intermission::dialect
