// The facts of a notice that a service's contracts, its API documents and its WSDL, can use.
#pragma once

#include <string_view>

#include "catalog/service.h"
#include "contract/facts.h"
#include "page/notice.h"

namespace intermission::dialect {

/// Views into both. `seconds` is what stands for the wait; it outlives the facts too.
contract::Facts facts_of(const page::Notice& notice, const catalog::Service& service,
                         std::string_view seconds = page::kSecondsMark);

}  // namespace intermission::dialect
