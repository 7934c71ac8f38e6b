#include "http/field.h"

#include "base/text.h"

namespace intermission::http {
namespace {

// A perfect hash found by the compiler: the length and four letters tell the known names apart
// once a suitable multiplier is chosen; the third letter, for many begin with "X-". One comparison
// then confirms the name. Where a new name cannot be told from another so, the compiler gives up in
// make_table(): take another letter.
constexpr std::size_t kSlots = 1024;

// The powers of a multiplier: what each letter is weighed with, so that no product waits for
// another.
using Powers = std::array<std::uint32_t, 5>;

constexpr Powers powers_of(std::uint32_t multiplier) {
  Powers powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * multiplier;
  return powers;
}

constexpr std::size_t slot_of(std::string_view name, const Powers& powers) {
  // Makes letters small and mixes up a few other bytes: the comparison tells those apart.
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]) | 0x20U);
  };
  const std::size_t last = name.size() - 1;
  const std::size_t middle = name.size() / 2;
  const std::uint32_t h = static_cast<std::uint32_t>(name.size()) * powers[4] +
                          at(last < 2 ? last : 2) * powers[3] +
                          at(middle - (middle > 0 ? 1 : 0)) * powers[2] + at(middle) * powers[1] +
                          at(last - (last > 0 ? 1 : 0)) * powers[0];
  return (h ^ (h >> 11)) % kSlots;
}

struct Table {
  Powers powers{};
  std::array<Field, kSlots> fields{};
};

constexpr bool fill(Table& table, std::uint32_t multiplier) {
  table.powers = powers_of(multiplier);
  table.fields.fill(Field::kOther);
  for (std::size_t i = 0; i < kKnownFields; ++i) {
    Field& slot = table.fields[slot_of(kFieldNames[i], table.powers)];
    if (slot != Field::kOther) return false;
    slot = static_cast<Field>(i);
  }
  return true;
}

constexpr Table make_table() {
  Table table;
  for (std::uint32_t multiplier = 31; !fill(table, multiplier); multiplier += 2) {
  }
  return table;
}

constexpr Table kTable = make_table();

}  // namespace

Field field_from(std::string_view name) {
  if (name.empty()) return Field::kOther;
  const Field field = kTable.fields[slot_of(name, kTable.powers)];
  if (field == Field::kOther || !base::iequals(name, field_name(field))) return Field::kOther;
  return field;
}

}  // namespace intermission::http
