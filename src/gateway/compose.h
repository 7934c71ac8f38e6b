// The last station: the chosen bytes, patched, become the response.
#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/choice.h"
#include "gateway/context.h"
#include "http/response.h"

namespace intermission::gateway {

/// Vary: the fields that were consulted for this answer, `rule_fields` as in Client. Nothing is
/// added where there are none.
void append_vary(const Context& context, std::uint64_t rule_fields, http::FieldLines& fields);

/// Fills `response`, which comes reset. Returns what kind of answer it is: the name of the
/// dialect that spoke, or kContract.
std::string_view compose(const Context& context, const Client& client, const Choice& choice,
                         http::Response& response);

}  // namespace intermission::gateway
