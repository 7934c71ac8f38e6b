#include "dialect/slotted.h"

#include <array>
#include <charconv>
#include <string_view>

#include "dialect/notice.h"

namespace intermission::dialect {

Slotted::Slotted(const std::string& marked) {
  std::string_view rest = marked;
  for (auto at = rest.find(kSecondsMark); at != std::string_view::npos;
       at = rest.find(kSecondsMark)) {
    text_ += rest.substr(0, at);
    slots_.push_back(text_.size());
    rest.remove_prefix(at + kSecondsMark.size());
  }
  text_ += rest;
}

void Slotted::append_to(std::string& out, std::uint32_t seconds) const {
  std::array<char, 10> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), seconds).ptr;
  const std::string_view number(digits.data(), static_cast<std::size_t>(end - digits.data()));
  std::size_t from = 0;
  for (const std::size_t slot : slots_) {
    out.append(text_, from, slot - from);
    out.append(number);
    from = slot;
  }
  out.append(text_, from);
}

}  // namespace intermission::dialect
