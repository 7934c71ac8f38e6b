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

// Protocol evidence first: whoever speaks SOAP hears SOAP whatever else the request says.
// Then what rules alone ask for, then the forms that are negotiated, most telling first:
// at equal weights and without evidence the earlier row wins.
constexpr std::array kTable = {
    &kSoap, &kLegacy, &kPage, &kProblem, &kText,
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
