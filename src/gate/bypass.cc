#include "gate/bypass.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "base/base64.h"
#include "base/same_secret.h"
#include "base/text.h"

namespace intermission::gate {
namespace {

constexpr std::string_view kPurpose = "intermission-bypass";
constexpr std::size_t kDigest = 32;                    // SHA-256
constexpr std::size_t kSignature = 43;                 // base64 of it, without padding
constexpr std::uint64_t kLatest = 253'402'300'799ULL;  // the end of the year 9999

std::string signature_of(std::string_view service, std::string_view seconds, std::string_view key) {
  std::string text(kPurpose);
  for (const std::string_view part : {service, seconds}) (text += '\0') += part;
  std::array<unsigned char, kDigest> digest{};
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           nullptr) == nullptr) {
    throw std::runtime_error("no memory for a signature");
  }
  std::string signature =
      base::base64({reinterpret_cast<const char*>(digest.data()), digest.size()}, false);
  for (char& c : signature) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return signature;
}

}  // namespace

std::string sign_pass(std::string_view service, base::TimePoint until, std::string_view key) {
  const std::string seconds = std::to_string(until.time_since_epoch().count());
  return seconds + '.' + signature_of(service, seconds, key);
}

std::optional<base::TimePoint> end_of_pass(std::string_view pass) {
  const auto dot = pass.find('.');
  if (dot == std::string_view::npos || pass.size() - dot - 1 != kSignature) return {};
  const auto seconds = base::parse_number(pass.substr(0, dot));
  if (!seconds || *seconds > kLatest) return {};
  return base::TimePoint(base::Seconds(static_cast<std::int64_t>(*seconds)));
}

bool is_pass(std::string_view pass, std::string_view service, std::string_view key,
             base::TimePoint now) {
  const auto until = end_of_pass(pass);
  if (!until || key.empty()) return false;
  const auto dot = pass.find('.');
  const std::string expected = signature_of(service, pass.substr(0, dot), key);
  return base::same_secret(pass.substr(dot + 1), expected) && now < *until;
}

}  // namespace intermission::gate
