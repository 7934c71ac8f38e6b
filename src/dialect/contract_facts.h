// What the contracts of a service, its API documents and its WSDL, are told of a notice.
#pragma once

#include <string_view>

#include "catalog/configuration.h"
#include "contract/facts.h"
#include "dialect/notice.h"

namespace intermission::dialect {

/// Views into both. `seconds` is what stands for the wait; it outlives the facts too.
contract::Facts facts_of(const Notice& notice, const catalog::Service& service,
                         std::string_view seconds = kSecondsMark);

}  // namespace intermission::dialect
