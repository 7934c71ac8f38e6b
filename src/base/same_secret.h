// Comparing with a secret.
#pragma once

#include <string_view>

namespace intermission::base {

/// Takes the same time wherever they differ; only whether the lengths are equal shows. Nothing is
/// the same as an empty secret.
bool same_secret(std::string_view given, std::string_view secret);

}  // namespace intermission::base
