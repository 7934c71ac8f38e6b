#include "base/base64.h"

#include <openssl/evp.h>

#include <cstdint>

namespace intermission::base {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::uint32_t> base64_value(char c) {
  const auto at = kAlphabet.find(c);
  if (at == std::string_view::npos) return {};
  return static_cast<std::uint32_t>(at);
}

std::string base64(std::string_view bytes, bool padded) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // with the NUL that is written
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  while (!padded && out.ends_with('=')) out.pop_back();
  return out;
}

}  // namespace intermission::base
