// A path alone is weak evidence: other services have such paths too. A kind that is known by its
// path joins the negotiation, and only if nothing in the request speaks for another kind.
#pragma once

#include <initializer_list>
#include <string_view>

#include "dialect/request_evidence.h"

namespace intermission::dialect {

/// Whether Accept names no type but those in `types`, wildcards aside, and the request's own
/// content is not XML. Without Accept it is so. Never where the service has an OpenAPI document,
/// which says what its paths mean.
bool leaves_form_to_path(RequestEvidence& evidence, std::initializer_list<std::string_view> types);

}  // namespace intermission::dialect
