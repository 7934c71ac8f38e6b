#include "dialect/slotted.h"

#include <array>
#include <charconv>
#include <string_view>

#include "dialect/notice.h"
#include "http/date.h"

namespace intermission::dialect {
namespace {

// What all marks begin with.
constexpr std::string_view kMarks = kSecondsMark.substr(0, kSecondsMark.size() - 1);
static_assert(kNowMark.starts_with(kMarks) && kNowSecondsMark.starts_with(kMarks));

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace

Slotted::Slotted(const std::string& marked) {
  std::string_view rest = marked;
  for (auto at = rest.find(kMarks); at != std::string_view::npos; at = rest.find(kMarks)) {
    const std::string_view mark = rest.substr(at, kSecondsMark.size());
    text_ += rest.substr(0, at);
    if (mark == kSecondsMark) {
      slots_.push_back({text_.size(), Kind::kSeconds});
    } else if (mark == kNowMark) {
      slots_.push_back({text_.size(), Kind::kNow});
    } else if (mark == kNowSecondsMark) {
      slots_.push_back({text_.size(), Kind::kNowSeconds});
    } else {
      text_ += mark;
    }
    rest.remove_prefix(at + mark.size());
  }
  text_ += rest;
}

void Slotted::append_to(std::string& out, std::uint32_t seconds, base::TimePoint now) const {
  std::size_t from = 0;
  for (const auto& [at, kind] : slots_) {
    out.append(text_, from, at - from);
    from = at;
    switch (kind) {
      case Kind::kSeconds:
        append_number(out, seconds);
        break;
      case Kind::kNow:
        out += http::rfc3339(now);
        break;
      case Kind::kNowSeconds:
        append_number(out, static_cast<std::uint64_t>(now.time_since_epoch().count()));
        break;
    }
  }
  out.append(text_, from);
}

}  // namespace intermission::dialect
