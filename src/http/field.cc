#include "http/field.h"

#include <stdexcept>

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
// not known costs no comparison, and one that is known costs one. The names of Chrome's request
// take three times as long in a std::unordered_map (185 in place of 62 ns), which cannot be made by
// the compiler either.
constexpr std::size_t kSlots = 1024;

// The length and four letters tell names apart; the third is one of them, for many begin with "X-".
// The factors are independent of one another, so that no product waits for another.
constexpr std::size_t slot_of(std::string_view name) {
  // Makes letters small and mixes up a few other bytes: the comparison tells those apart.
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]) | 0x20U);
  };
  const std::size_t last = name.size() - 1;
  const std::size_t middle = name.size() / 2;
  const std::uint32_t h =
      static_cast<std::uint32_t>(name.size()) * 923'521U + at(last < 2 ? last : 2) * 29'791U +
      at(middle - (middle > 0 ? 1 : 0)) * 961U + at(middle) * 31U + at(last - (last > 0 ? 1 : 0));
  return (h ^ (h >> 11)) % kSlots;
}

class Registry {
 public:
  constexpr Registry() {
    slots_.fill(Field::kOther);
    for (const std::string_view name : kWrittenNames) {
      std::size_t slot = slot_of(name);
      while (slots_[slot] != Field::kOther) slot = (slot + 1) % kSlots;
      put(slot, name);
    }
  }

  // Where the name is, or an empty slot where it may be put.
  std::size_t find(std::string_view name) const {
    std::size_t slot = slot_of(name);
    while (slots_[slot] != Field::kOther && !base::iequals(name, this->name(slots_[slot]))) {
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
  constexpr void put(std::size_t slot, std::string_view name) {
    slots_[slot] = static_cast<Field>(size_);
    names_[size_++] = name;
  }

  std::size_t size_ = 0;
  std::array<Field, kSlots> slots_{};
  std::array<std::string_view, kMostFields> names_{};
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
