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

// What the header says of each coding.
class Weights {
 public:
  explicit Weights(http::FieldValues lines) {
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

  // Identity that nobody speaks of ranks below the least weight there is.
  bool accepts(Coding coding) const {
    return of(coding) > 0 || (coding == Coding::kIdentity && of(coding) == kUnlisted);
  }
  int of(Coding coding) const {
    const int weight = weights_[index_of(coding)];
    return weight == kUnlisted ? others_ : weight;
  }

 private:
  static constexpr int kUnlisted = -1;

  std::array<int, kCodings> weights_{};
  int others_ = kUnlisted;
};

bool precedes(const CodedSize& a, const CodedSize& b, const Weights& weights) {
  if (weights.of(a.coding) != weights.of(b.coding)) {
    return weights.of(a.coding) > weights.of(b.coding);
  }
  if (a.bytes != b.bytes) return a.bytes < b.bytes;
  return a.coding > b.coding;  // declared in the reverse order of preference
}
static_assert(Coding::kGzip < Coding::kBrotli && Coding::kBrotli < Coding::kZstd);

}  // namespace

std::string_view coding_name(Coding coding) {
  return kNames[index_of(coding)];
}

// Accept-Encoding = [ ( codings [ weight ] ) *( OWS "," OWS ( codings [ weight ] ) ) ]
// codings         = content-coding / "identity" / "*"                 RFC 9110 §12.5.3
Coding choose_coding(http::FieldValues accept_encoding, std::span<const CodedSize> available) {
  const Weights weights(accept_encoding);
  const bool identity = weights.accepts(Coding::kIdentity);
  std::size_t identity_bytes = std::numeric_limits<std::size_t>::max();
  for (const CodedSize& form : available) {
    if (form.coding == Coding::kIdentity) identity_bytes = form.bytes;
  }
  std::optional<CodedSize> best;
  for (const CodedSize& form : available) {
    if (form.coding == Coding::kIdentity || !weights.accepts(form.coding)) continue;
    if (identity &&
        (form.bytes >= identity_bytes || weights.of(form.coding) < weights.of(Coding::kIdentity))) {
      continue;
    }
    if (!best || precedes(form, *best, weights)) best = form;
  }
  return best ? best->coding : Coding::kIdentity;
}

}  // namespace intermission::negotiate
