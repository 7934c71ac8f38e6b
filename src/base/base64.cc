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
  std::string out(bytes);
  encode_base64(out, 0, padded);
  return out;
}

void encode_base64(std::string& text, std::size_t from, bool padded) {
  const std::size_t size = text.size() - from;
  text.resize(text.size() + 4 * ((size + 2) / 3) + 1);  // with the NUL that is written
  auto* bytes = reinterpret_cast<unsigned char*>(text.data()) + from;
  const int written = EVP_EncodeBlock(bytes + size, bytes, static_cast<int>(size));
  text.erase(from, size);
  text.resize(from + static_cast<std::size_t>(written));
  while (!padded && text.size() > from && text.ends_with('=')) text.pop_back();
}

}  // namespace intermission::base
