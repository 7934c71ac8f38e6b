#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/text.h"
#include "http/media_type.h"
#include "negotiate/members.h"
#include "negotiate/negotiate.h"

namespace intermission::negotiate {
namespace {

constexpr std::array<std::string_view, kCodings> kNames = {"identity", "gzip", "br", "zstd"};

constexpr std::size_t index_of(Coding coding) {
  return static_cast<std::size_t>(coding);
}

std::optional<Coding> coding_from(std::string_view name) {
  for (std::size_t i = 0; i < kCodings; ++i) {
    if (base::iequals(name, kNames[i])) return static_cast<Coding>(i);
  }
  if (base::iequals(name, "x-gzip")) return Coding::kGzip;
  return {};
}

}  // namespace

std::string_view coding_name(Coding coding) {
  return kNames[index_of(coding)];
}

// Accept-Encoding = [ ( codings [ weight ] ) *( OWS "," OWS ( codings [ weight ] ) ) ]
// codings         = content-coding / "identity" / "*"                 RFC 9110 §12.5.3
AcceptEncoding::AcceptEncoding(http::FieldValues lines) {
  weights_.fill(kUnlisted);
  each_member(lines, [this](const Member& member) {
    if (member.name == "*") {
      others_ = std::max(others_, member.weight);
    } else if (const auto coding = coding_from(member.name)) {
      int& weight = weights_[index_of(*coding)];
      weight = std::max(weight, member.weight);
    }
  });
}

int AcceptEncoding::weight_of(Coding coding) const {
  const int weight = weights_[index_of(coding)];
  return weight == kUnlisted ? others_ : weight;
}

// Identity that the header does not name ranks below the least weight.
bool AcceptEncoding::accepts(Coding coding) const {
  const int weight = weight_of(coding);
  return weight > 0 || (coding == Coding::kIdentity && weight == kUnlisted);
}

bool AcceptEncoding::precedes(const CodedSize& a, const CodedSize& b) const {
  if (weight_of(a.coding) != weight_of(b.coding)) return weight_of(a.coding) > weight_of(b.coding);
  if (a.bytes != b.bytes) return a.bytes < b.bytes;
  return a.coding > b.coding;  // declared in the reverse order of preference
}
static_assert(Coding::kGzip < Coding::kBrotli && Coding::kBrotli < Coding::kZstd);

Coding AcceptEncoding::choose(std::span<const CodedSize> available) const {
  const bool identity = accepts(Coding::kIdentity);
  std::size_t identity_bytes = std::numeric_limits<std::size_t>::max();
  for (const CodedSize& form : available) {
    if (form.coding == Coding::kIdentity) identity_bytes = form.bytes;
  }
  std::optional<CodedSize> best;
  for (const CodedSize& form : available) {
    if (form.coding == Coding::kIdentity || !accepts(form.coding)) continue;
    if (identity &&
        (form.bytes >= identity_bytes || weight_of(form.coding) < weight_of(Coding::kIdentity))) {
      continue;
    }
    if (!best || precedes(form, *best)) best = form;
  }
  return best ? best->coding : Coding::kIdentity;
}

Coding choose_coding(http::FieldValues accept_encoding, std::span<const CodedSize> available) {
  return AcceptEncoding(accept_encoding).choose(available);
}

}  // namespace intermission::negotiate
