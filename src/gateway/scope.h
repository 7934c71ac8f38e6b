// Whether a maintenance is about a request: see catalog::Scope.
#pragma once

#include <cstdint>
#include <string_view>

#include "catalog/service.h"

namespace intermission::gateway {

/// Whether the maintenance is about that method. Listed ones are meant in any case of letters, for
/// many servers read "post" as POST; those that pass are meant as they are written.
bool covers_method(const catalog::Scope& scope, std::string_view method);

/// Whether "/api.json" counts as "/api": see http::begins_with_ending().
enum class Endings : std::uint8_t { kKept, kCutOff };

/// Whether it is about that path, which is decoded.
bool covers_path(const catalog::Scope& scope, std::string_view path, bool case_sensitive,
                 Endings endings = Endings::kKept);

}  // namespace intermission::gateway
