// OCSP, which asks whether a certificate is revoked (RFC 6960). A responder that cannot answer now
// says tryLater, under 200, because appendix A knows no other status and clients read no body under
// it. There is no place for a message.
//
//   30 03        SEQUENCE OCSPResponse
//     0a 01 03     ENUMERATED responseStatus: tryLater(3)
//
// A GET holds its request at the end of the path, in base64 (appendix A.1). Its first bytes tell it
// from all other paths:
//
//   30 LEN            SEQUENCE OCSPRequest, to the end
//     30 LEN            SEQUENCE tbsRequest
//       a0 03 02 01 00    version, which is left out as a rule
//       30 LEN            SEQUENCE OF Request
//         30 LEN            SEQUENCE Request
//           30 LEN            SEQUENCE CertID
//             30 LEN            SEQUENCE hashAlgorithm
//               06 LEN            OBJECT IDENTIFIER
#include <array>
#include <span>

#include "base/base64.h"
#include "base/text.h"
#include "dialect/dialect.h"

namespace intermission::dialect::ocsp {
namespace {

constexpr std::string_view kRequest = "application/ocsp-request";
constexpr std::string_view kResponse = "application/ocsp-response";
constexpr std::string_view kTryLater = "\x30\x03\x0a\x01\x03";

// ------------------------------------------------------------------ a request in a path

constexpr unsigned char kSequence = 0x30;
constexpr unsigned char kVersion = 0xA0;
constexpr unsigned char kIdentifier = 0x06;

// Tag and length of one value in DER; the bytes are what is left.
class Der {
 public:
  explicit Der(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  /// The length of the content, and takes the header off; nothing if the tag is another.
  std::optional<std::size_t> enter(unsigned char tag) {
    if (bytes_.size() < 2 || bytes_[0] != tag) return {};
    std::size_t length = bytes_[1];
    bytes_ = bytes_.subspan(2);
    if (length < 0x80) return length;
    const std::size_t digits = length - 0x80;
    if (digits == 0 || digits > 2 || bytes_.size() < digits) return {};
    length = 0;
    for (std::size_t i = 0; i < digits; ++i) length = length << 8U | bytes_[i];
    bytes_ = bytes_.subspan(digits);
    return length;
  }

  void skip(unsigned char tag) {
    Der past = *this;
    const auto length = past.enter(tag);
    if (length && *length <= past.bytes_.size()) bytes_ = past.bytes_.subspan(*length);
  }

  std::size_t left() const { return bytes_.size(); }

 private:
  std::span<const unsigned char> bytes_;
};

// As many bytes as `first` has room for; `size` counts them all.
struct Beginning {
  std::array<unsigned char, 48> first{};
  std::size_t size = 0;

  std::span<const unsigned char> bytes() const {
    return std::span(first).first(std::min(size, first.size()));
  }
};

// A character of base64, which a path may hold escaped: %2B, %2F, %3D.
std::optional<char> take(std::string_view& text) {
  const char c = text.front();
  text.remove_prefix(1);
  if (c != '%') return c;
  if (text.size() < 2) return {};
  const std::string_view code = text.substr(0, 2);
  text.remove_prefix(2);
  if (base::iequals(code, "2b")) return '+';
  if (base::iequals(code, "2f")) return '/';
  return base::iequals(code, "3d") ? std::optional('=') : std::nullopt;
}

std::optional<Beginning> from_base64(std::string_view text) {
  Beginning begun;
  std::uint32_t bits = 0;
  unsigned held = 0;
  bool ended = false;
  while (!text.empty()) {
    const auto c = take(text);
    if (!c) return {};
    if (*c == '=') {
      ended = true;
      continue;
    }
    const auto value = base::base64_value(*c);
    if (!value || ended) return {};
    bits = (bits << 6U | *value) & 0xFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (begun.size < begun.first.size()) {
      begun.first[begun.size] = static_cast<unsigned char>(bits >> held & 0xFFU);
    }
    ++begun.size;
  }
  return begun;
}

bool is_request(std::string_view text) {
  const auto begun = from_base64(text);
  if (!begun) return false;
  Der der(begun->bytes());
  const std::size_t before = der.left();
  const auto length = der.enter(kSequence);
  if (!length || *length + (before - der.left()) != begun->size) return false;
  if (!der.enter(kSequence)) return false;
  der.skip(kVersion);
  // The list of requests, the first of them, its CertID, and what that is hashed with.
  for (int depth = 0; depth < 4; ++depth) {
    if (!der.enter(kSequence)) return false;
  }
  return der.enter(kIdentifier).has_value();
}

// In base64 a SEQUENCE begins with M. What is in front is the responder's own path; slashes are
// digits, too.
bool holds_request(std::string_view path) {
  for (auto at = path.find("/M"); at != std::string_view::npos; at = path.find("/M", at + 1)) {
    if (is_request(path.substr(at + 1))) return true;
  }
  return false;
}

// ------------------------------------------------------------------ recognising and speaking

Claim sure(std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() == kRead) {
    return holds_request(evidence.request().path()) ? sure("the path ends with a request of OCSP")
                                                    : Claim{};
  }
  return evidence.sends(kRequest) ? sure("Content-Type is application/ocsp-request") : Claim{};
}

std::vector<Representation> render(const page::Notice&, const catalog::Service&) {
  Representation said;
  said.media_type = said.content_type = kResponse;
  said.status = 200;
  said.body = kTryLater;
  said.may_be_coded = false;
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "ocsp",
    .speaks_to = "OCSP clients, which ask whether a certificate is revoked",
    .known_by =
        "Content-Type application/ocsp-request; a GET whose path ends with a request in base64",
    .triggers = {{.methods = kRead, .always = true},
                 {.methods = kPost, .content_types = {kRequest}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::ocsp
