#include "dialect/slotted.h"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include "base/base64.h"
#include "base/number_text.h"
#include "dialect/path_text.h"
#include "http/date.h"

namespace intermission::dialect {
namespace {

constexpr std::size_t kMarkSize = page::kSecondsMark.size();
// What all marks begin with.
constexpr std::string_view kMarks = page::kSecondsMark.substr(0, kMarkSize - 1);

// U+FDD7 to U+FDDD, as the marks of notice.h.
constexpr std::string_view kSecondsVarintMark = "\xEF\xB7\x97";
constexpr std::string_view kVarintLengthMark = "\xEF\xB7\x98";
constexpr std::string_view kFrameLengthMark = "\xEF\xB7\x99";
constexpr std::string_view kBase64Mark = "\xEF\xB7\x9A";
constexpr std::string_view kBase64UnpaddedMark = "\xEF\xB7\x9B";
constexpr std::string_view kEndMark = "\xEF\xB7\x9C";
constexpr std::string_view kDerLengthMark = "\xEF\xB7\x9D";

constexpr std::string_view begin_mark(Section how) {
  switch (how) {
    case Section::kVarintLength:
      return kVarintLengthMark;
    case Section::kFrameLength:
      return kFrameLengthMark;
    case Section::kDerLength:
      return kDerLengthMark;
    case Section::kBase64:
      return kBase64Mark;
    case Section::kBase64Unpadded:
      return kBase64UnpaddedMark;
  }
  return {};
}

// A length below 128 is one byte; a longer one is the number of its bytes, and they.
std::size_t write_der_length(char* out, std::size_t length) {
  if (length < 0x80) {
    *out = static_cast<char>(length);
    return 1;
  }
  std::size_t bytes = 0;
  for (std::size_t rest = length; rest > 0; rest >>= 8U) ++bytes;
  out[0] = static_cast<char>(0x80U | bytes);
  for (std::size_t i = 0; i < bytes; ++i)
    out[1 + i] = static_cast<char>(length >> (8 * (bytes - 1 - i)) & 0xFFU);
  return 1 + bytes;
}

// Writes what stands in `out` from `from` on as that section.
void finish(Section how, std::string& out, std::size_t from) {
  const std::size_t size = out.size() - from;
  char length[base::kMostVarint];
  switch (how) {
    case Section::kVarintLength:
      out.insert(from, length, base::write_varint(length, size));
      return;
    case Section::kFrameLength:
      for (std::size_t i = 0; i < 4; ++i)
        length[i] = static_cast<char>(size >> (24 - 8 * i) & 0xFFU);
      out.insert(from, length, 4);
      return;
    case Section::kDerLength:
      out.insert(from, length, write_der_length(length, size));
      return;
    case Section::kBase64:
    case Section::kBase64Unpadded:
      base::encode_base64(out, from, how == Section::kBase64);
      return;
  }
}

struct Bound {
  std::size_t most;
  std::size_t size;  // of the digits and the mark after them
};

// The digits between two marks.
std::optional<Bound> bound_in(std::string_view text, std::string_view mark) {
  Bound bound{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bound.most);
  bound.size = static_cast<std::size_t>(end - text.data());
  if (failed != std::errc{} || !text.substr(bound.size).starts_with(mark)) return {};
  bound.size += mark.size();
  return bound;
}

}  // namespace

std::string section(Section how, std::string_view content) {
  if (content.find(kMarks) != std::string_view::npos) {
    return std::string(begin_mark(how)).append(content).append(kEndMark);
  }
  std::string out(content);
  finish(how, out, 0);
  return out;
}

std::string wait_varint(const page::Notice& notice) {
  if (!notice.seconds) return std::string(kSecondsVarintMark);
  std::string out;
  base::append_varint(out, *notice.seconds);
  return out;
}

const Slotted::Mark* Slotted::find_mark(std::string_view mark) {
  static constexpr std::array<Mark, 14> kKnown = {{
      {page::kSecondsMark, Kind::kSeconds},
      {kSecondsVarintMark, Kind::kSecondsVarint},
      {page::kNowMark, Kind::kNow},
      {page::kNowSecondsMark, Kind::kNowSeconds},
      {page::kPathMark, Kind::kPath},
      {page::kPathInXmlMark, Kind::kPathInXml},
      {page::kRequestIdMark, Kind::kRequestId},
      {page::kTraceIdMark, Kind::kTraceId},
      {kVarintLengthMark, Kind::kSectionBegins, Section::kVarintLength},
      {kFrameLengthMark, Kind::kSectionBegins, Section::kFrameLength},
      {kDerLengthMark, Kind::kSectionBegins, Section::kDerLength},
      {kBase64Mark, Kind::kSectionBegins, Section::kBase64},
      {kBase64UnpaddedMark, Kind::kSectionBegins, Section::kBase64Unpadded},
      {kEndMark, Kind::kSectionEnds},
  }};
  const auto* const found =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Mark& one) { return one.text == mark; });
  return found == kKnown.end() ? nullptr : found;
}

Slotted::Slotted(std::string_view marked) {
  std::size_t open = 0;
  std::string_view rest = marked;
  for (auto at = rest.find(kMarks); at != std::string_view::npos; at = rest.find(kMarks)) {
    const std::string_view text = rest.substr(at, kMarkSize);
    text_ += rest.substr(0, at);
    rest.remove_prefix(at + text.size());
    const Mark* mark = find_mark(text);
    if (mark == nullptr) {
      text_ += text;
      continue;
    }
    const bool is_path = mark->kind == Kind::kPath || mark->kind == Kind::kPathInXml;
    const auto bound = is_path ? bound_in(rest, text) : Bound{};
    if (!bound) continue;
    rest.remove_prefix(bound->size);
    if (mark->kind == Kind::kSectionBegins && ++open > kMostSections) continue;
    if (mark->kind == Kind::kSectionEnds && (open == 0 || open-- > kMostSections)) continue;
    slots_.push_back({text_.size(), mark->kind, bound->most, mark->section});
  }
  text_ += rest;
  for (open = std::min(open, kMostSections); open > 0; --open) {
    slots_.push_back({text_.size(), Kind::kSectionEnds});
  }
}

void Slotted::fill(const Slot& slot, const Filling& filling, std::string& out) {
  switch (slot.kind) {
    case Kind::kSeconds:
      return base::append_number(out, filling.seconds);
    case Kind::kSecondsVarint:
      return base::append_varint(out, filling.seconds);
    case Kind::kNow:
      out += http::rfc3339(filling.now);
      return;
    case Kind::kNowSeconds:
      return base::append_number(
          out, static_cast<std::uint64_t>(filling.now.time_since_epoch().count()));
    case Kind::kPath:
      return append_path(out, filling.path, slot.most, PathSyntax::kPlain);
    case Kind::kPathInXml:
      return append_path(out, filling.path, slot.most, PathSyntax::kXml);
    case Kind::kRequestId:
      out += filling.request_id;
      return;
    case Kind::kTraceId:
      out += filling.trace_id;
      return;
    case Kind::kSectionBegins:
    case Kind::kSectionEnds:
      return;
  }
}

void Slotted::append_to(std::string& out, const Filling& filling) const {
  struct Open {
    Section how;
    std::size_t from;
  };
  std::array<Open, kMostSections> sections;
  std::size_t open = 0;
  std::size_t from = 0;
  for (const Slot& slot : slots_) {
    out.append(text_, from, slot.at - from);
    from = slot.at;
    if (slot.kind == Kind::kSectionBegins) {
      sections[open++] = {slot.section, out.size()};
    } else if (slot.kind == Kind::kSectionEnds) {
      --open;
      finish(sections[open].how, out, sections[open].from);
    } else {
      fill(slot, filling, out);
    }
  }
  out.append(text_, from);
}

}  // namespace intermission::dialect
