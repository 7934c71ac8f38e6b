#include "dialect/grpc_status.h"

#include "base/hex.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

// Three bytes each where nothing is ASCII; grpc-core bounds all metadata at 8 KiB.
constexpr std::size_t kMostBytes = 1000;

// The start of a text in UTF-8 that fits, whole characters.
std::string shortened(std::string_view text) {
  if (text.size() <= kMostBytes) return std::string(text);
  std::size_t end = kMostBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return std::string(text.substr(0, end)) + "\xE2\x80\xA6";
}

// Percent-Encoded → 1*(Percent-Byte-Unencoded / Percent-Byte-Encoded), where space to "~" but
// "%" stand for themselves. The place of the wait is kept.
std::string percent_encode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(page::kSecondsMark)) {
      out += page::kSecondsMark;
      i += page::kSecondsMark.size() - 1;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte <= 0x7E && byte != '%') {
      out += text[i];
    } else {
      base::append_percent(out, text[i]);
    }
  }
  return out;
}

}  // namespace

std::string grpc_status_lines(const page::Notice& notice) {
  const std::string message = shortened(notice.message);
  page::Notice brief = notice;
  brief.message = message;
  return "grpc-status: 14\r\ngrpc-message: " + percent_encode(page::spoken_text(brief)) + "\r\n";
}

std::optional<std::size_t> grpc_form(const std::optional<http::MediaType>& type,
                                     std::span<const std::string_view> types) {
  if (!type) return {};
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (type->is(types[i])) return i;
  }
  const std::string_view stem = type->whole.substr(0, type->whole.find('+'));
  if (base::iequals(stem, types[0])) return 0;
  return {};
}

}  // namespace intermission::dialect
