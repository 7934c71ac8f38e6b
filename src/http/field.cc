#include "http/field.h"

#include <stdexcept>

#include "base/load.h"
#include "base/text.h"

namespace intermission::http {
namespace {

constexpr std::size_t kWritten = static_cast<std::size_t>(Field::kFirstNamed);

// Those that have an enumerator, in its order.
constexpr std::array<std::string_view, kWritten> kWrittenNames = {
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Expect",
    "Forwarded",
    "Host",
    "Origin",
    "Range",
    "Referer",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "TE",
    "traceparent",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "X-CF-Forwarded-Url",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Scheme",
    "X-Forwarded-Ssl",
    "X-Request-Id",
    "X-Vcap-Request-Id",
};

// Far more than there are fields, so that nearly every name has a slot of its own: a name that is
// not known costs no comparison, and one that is known costs one. A std::unordered_map, which took
// three times as long for the names of Chrome's request, cannot be made by the compiler either.
constexpr std::size_t kSlotBits = 10;
constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;

struct Ends {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  constexpr bool operator==(const Ends&) const = default;
};

// The first bytes and the last ones, up to eight each; a short name has some of them in both.
constexpr Ends ends_of(std::string_view name) {
  const char* const text = name.data();
  const std::size_t size = name.size();
  if (size >= sizeof(std::uint64_t)) {
    return {base::load<std::uint64_t>(text),
            base::load<std::uint64_t>(text + size - sizeof(std::uint64_t))};
  }
  if (size >= sizeof(std::uint32_t)) {
    return {base::load<std::uint32_t>(text),
            base::load<std::uint32_t>(text + size - sizeof(std::uint32_t))};
  }
  return {base::load<std::uint8_t>(text) << 8 | base::load<std::uint8_t>(text + size / 2),
          base::load<std::uint8_t>(text + size - 1)};
}

// Multiplicative hashing: the top bits of a product depend on all bits of the number.
constexpr std::size_t slot_of(const Ends& ends, std::size_t size) {
  // Makes letters small and mixes up a few other bytes: the comparison tells those apart.
  constexpr std::uint64_t kSmall = 0x2020'2020'2020'2020;
  const std::uint64_t hash = (ends.first | kSmall) * 0x9e37'79b9'7f4a'7c15 +
                             (ends.last | kSmall) * 0xc2b2'ae3d'27d4'eb4f +
                             size * 0x1656'67b1'9e37'79f9;
  return hash >> (64 - kSlotBits);
}

class Registry {
 public:
  constexpr Registry() {
    slots_.fill(Field::kOther);
    for (const std::string_view name : kWrittenNames) {
      std::size_t slot = slot_of(ends_of(name), name.size());
      while (slots_[slot] != Field::kOther) slot = (slot + 1) % kSlots;
      put(slot, name);
    }
  }

  // Where the name is, or an empty slot where it may be put.
  std::size_t find(std::string_view name) const {
    const Ends ends = ends_of(name);
    std::size_t slot = slot_of(ends, name.size());
    while (slots_[slot] != Field::kOther && !is(slots_[slot], name, ends)) {
      slot = (slot + 1) % kSlots;
    }
    return slot;
  }

  Field add(std::string_view name) {
    const std::size_t slot = find(name);
    if (slots_[slot] == Field::kOther) {
      if (size_ == kMostFields) throw std::length_error("more header fields than have a number");
      put(slot, name);
    }
    return slots_[slot];
  }

  std::size_t size() const { return size_; }
  Field at(std::size_t slot) const { return slots_[slot]; }
  std::string_view name(Field field) const { return names_[static_cast<std::size_t>(field)]; }

 private:
  // Most are spelled as here, and of a name of up to sixteen bytes the ends are all there is.
  bool is(Field field, std::string_view name, const Ends& ends) const {
    const auto index = static_cast<std::size_t>(field);
    if (name.size() != names_[index].size()) return false;
    if (name.size() <= 2 * sizeof(std::uint64_t) && ends == ends_[index]) return true;
    return base::iequals(name, names_[index]);
  }

  constexpr void put(std::size_t slot, std::string_view name) {
    slots_[slot] = static_cast<Field>(size_);
    ends_[size_] = ends_of(name);
    names_[size_++] = name;
  }

  std::size_t size_ = 0;
  std::array<Field, kSlots> slots_{};
  std::array<std::string_view, kMostFields> names_{};
  std::array<Ends, kMostFields> ends_{};
};

// Made by the compiler, so that it is there before any constant that is named at start-up.
constinit Registry registry;

}  // namespace

Field named_field(std::string_view name) {
  return registry.add(name);
}

std::size_t known_fields() {
  return registry.size();
}

std::string_view field_name(Field field) {
  return registry.name(field);
}

Field field_from(std::string_view name) {
  return name.empty() ? Field::kOther : registry.at(registry.find(name));
}

}  // namespace intermission::http
