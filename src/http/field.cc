#include "http/field.h"

#include <cstring>

#include "base/text.h"

namespace intermission::http {
namespace {

// A perfect hash found by the compiler: the length and four letters tell the known names apart
// once a suitable multiplier is chosen. One comparison then confirms the name. Where a new name
// cannot be told from another so, the compiler gives up in make_table(): take another letter.
constexpr std::size_t kSlots = 1024;

constexpr std::size_t slot_of(std::string_view name, std::uint32_t multiplier) {
  // Makes letters small and mixes up a few other bytes: the comparison tells those apart.
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]) | 0x20U);
  };
  const std::size_t last = name.size() - 1;
  const std::size_t middle = name.size() / 2;
  std::uint32_t h = static_cast<std::uint32_t>(name.size());
  h = h * multiplier + at(0);
  h = h * multiplier + at(middle - (middle > 0 ? 1 : 0));
  h = h * multiplier + at(middle);
  h = h * multiplier + at(last - (last > 0 ? 1 : 0));
  return (h ^ (h >> 11)) % kSlots;
}

struct Table {
  std::uint32_t multiplier = 0;
  std::array<Field, kSlots> fields{};
};

constexpr bool fill(Table& table, std::uint32_t multiplier) {
  table.multiplier = multiplier;
  table.fields.fill(Field::kOther);
  for (std::size_t i = 0; i < kKnownFields; ++i) {
    Field& slot = table.fields[slot_of(kFieldNames[i], multiplier)];
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
  const Field field = kTable.fields[slot_of(name, kTable.multiplier)];
  if (field == Field::kOther) return Field::kOther;
  const std::string_view known = field_name(field);
  if (name.size() != known.size()) return Field::kOther;
  // Nearly everybody spells names as the table does.
  const bool same = std::memcmp(name.data(), known.data(), name.size()) == 0 ||
                    base::same_letters(name.data(), known.data(), name.size());
  return same ? field : Field::kOther;
}

}  // namespace intermission::http
