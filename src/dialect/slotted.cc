#include "dialect/slotted.h"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include "base/number_text.h"
#include "dialect/path_text.h"
#include "http/date.h"
#include "page/notice.h"

namespace intermission::dialect {
namespace {

constexpr std::size_t kMarkSize = page::kSecondsMark.size();
// What all marks begin with.
constexpr std::string_view kMarks = page::kSecondsMark.substr(0, kMarkSize - 1);

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

Slotted::Slotted(const std::string& marked) {
  constexpr std::array<std::pair<std::string_view, Kind>, 7> kKinds = {{
      {page::kSecondsMark, Kind::kSeconds},
      {page::kNowMark, Kind::kNow},
      {page::kNowSecondsMark, Kind::kNowSeconds},
      {page::kPathMark, Kind::kPath},
      {page::kPathInXmlMark, Kind::kPathInXml},
      {page::kRequestIdMark, Kind::kRequestId},
      {page::kTraceIdMark, Kind::kTraceId},
  }};
  std::string_view rest = marked;
  for (auto at = rest.find(kMarks); at != std::string_view::npos; at = rest.find(kMarks)) {
    const std::string_view mark = rest.substr(at, kMarkSize);
    text_ += rest.substr(0, at);
    rest.remove_prefix(at + mark.size());
    const auto* const known = std::find_if(kKinds.begin(), kKinds.end(),
                                           [&](const auto& one) { return one.first == mark; });
    if (known == kKinds.end()) {
      text_ += mark;
      continue;
    }
    const bool is_path = known->second == Kind::kPath || known->second == Kind::kPathInXml;
    const auto bound = is_path ? bound_in(rest, mark) : Bound{};
    if (!bound) continue;
    rest.remove_prefix(bound->size);
    slots_.push_back({text_.size(), known->second, bound->most});
  }
  text_ += rest;
}

void Slotted::fill(const Slot& slot, const Filling& filling, std::string& out) {
  switch (slot.kind) {
    case Kind::kSeconds:
      return base::append_number(out, filling.seconds);
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
  }
}

void Slotted::append_to(std::string& out, const Filling& filling) const {
  std::size_t from = 0;
  for (const Slot& slot : slots_) {
    out.append(text_, from, slot.at - from);
    from = slot.at;
    fill(slot, filling, out);
  }
  out.append(text_, from);
}

}  // namespace intermission::dialect
