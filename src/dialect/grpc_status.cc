#include "dialect/grpc_status.h"

#include <limits>
#include <vector>

#include "base/hex.h"
#include "base/text.h"
#include "dialect/error_details.h"
#include "dialect/protobuf.h"
#include "dialect/slotted.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

constexpr unsigned kUnavailable = 14;

// Of all lines together. nginx reads a head of at most 4 KiB, with all that stands beside them;
// grpc-core bounds its metadata at 8 KiB.
constexpr std::size_t kMostBytes = 3000;

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// "%", and what is not visible ASCII.
bool is_encoded(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte > 0x7E || byte == '%';
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
    if (is_encoded(text[i])) {
      base::append_percent(out, text[i]);
    } else {
      out += text[i];
    }
  }
  return out;
}

// Status { int32 code = 1; string message = 2; repeated Any details = 3; }, and
// Any { string type_url = 1; bytes value = 2; }. Clients want the message of grpc-message here.
std::string status(std::string_view message, std::span<const ErrorDetail> details) {
  std::string out = integer(1, kUnavailable) + length_delimited(2, message);
  for (const ErrorDetail& detail : details) {
    const std::string url = std::string("type.googleapis.com/").append(detail.type);
    out += length_delimited(3, length_delimited(1, url) + length_delimited(2, detail.value));
  }
  return out;
}

std::string lines(const page::Notice& notice, bool with_all_details) {
  const std::string message = page::spoken_text(notice);
  std::vector<ErrorDetail> details = error_details(notice);
  if (!with_all_details) details.pop_back();
  return "grpc-status: " + std::to_string(kUnavailable) +
         "\r\ngrpc-message: " + percent_encode(message) + "\r\ngrpc-status-details-bin: " +
         section(Section::kBase64Unpadded, status(message, details)) + "\r\n";
}

// With the longest wait.
std::size_t size_of(const std::string& marked) {
  std::string out;
  Slotted(marked).append_to(out, {.seconds = std::numeric_limits<std::uint32_t>::max()});
  return out.size();
}

// The start of a text in UTF-8, whole characters, that takes at least so many bytes less: each
// stands percent-encoded in one line and in base64 in the other.
std::string shortened(std::string_view text, std::size_t excess) {
  constexpr std::size_t kBase64 = 4;  // thirds of a byte
  const auto thirds = [](char c) { return kBase64 + (is_encoded(c) ? 9U : 3U); };
  const std::size_t needed = 3 * excess + 13 * kEllipsis.size();
  std::size_t end = text.size();
  for (std::size_t saved = 0; end > 0 && saved < needed;) saved += thirds(text[--end]);
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return std::string(text.substr(0, end)).append(kEllipsis);
}

}  // namespace

std::string grpc_status_lines(const page::Notice& notice) {
  std::string whole = lines(notice, true);
  if (size_of(whole) <= kMostBytes) return whole;
  whole = lines(notice, false);
  const std::size_t size = size_of(whole);
  if (size <= kMostBytes) return whole;
  const std::string message = shortened(notice.message, size - kMostBytes);
  page::Notice brief = notice;
  brief.message = message;
  return lines(brief, false);
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
