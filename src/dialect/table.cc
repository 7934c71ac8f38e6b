#include "dialect/table.h"

#include <array>

namespace intermission::dialect {

// Each is defined in the file of its name.
extern const Dialect kSoap;
extern const Dialect kLegacy;
extern const Dialect kPage;
extern const Dialect kProblem;
extern const Dialect kText;

namespace {

// The order of evidence. A row that is sure ends the search, so the rows before it are the only
// ones that can contradict it; among those that negotiate, the earlier row wins at equal weights
// and without other evidence.
constexpr std::array kTable = {
    // Protocol evidence: whoever speaks SOAP hears SOAP, whatever else the request says.
    &kSoap,
    // What rules alone ask for.
    &kLegacy,
    // Forms that are negotiated, most telling first.
    &kPage,
    &kProblem,
    &kText,
};
static_assert(kTable.size() <= kMostDialects);

}  // namespace

std::span<const Dialect* const> table() {
  return kTable;
}

std::optional<std::size_t> find(std::string_view name) {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i]->name == name) return i;
  }
  return {};
}

}  // namespace intermission::dialect
