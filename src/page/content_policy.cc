#include "page/content_policy.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "base/base64.h"

namespace intermission::page {
namespace {

// hash-source = "'" "sha256-" base64-value "'"
std::string hash_source(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("libcrypto has no SHA-256");
  }
  return " 'sha256-" + base::base64({reinterpret_cast<const char*>(digest.data()), size}) + '\'';
}

/// The hashes of the contents of all elements of that name, each with a space before it.
std::string hashes(std::string_view html, std::string_view name) {
  const std::string open = "<" + std::string(name);
  const std::string close = "</" + std::string(name);
  std::string sources;
  while (true) {
    const auto start = html.find(open);
    if (start == std::string_view::npos) return sources;
    html.remove_prefix(start);
    const auto content = html.find('>');
    const auto end = html.find(close);
    if (content == std::string_view::npos || end == std::string_view::npos) return sources;
    if (content < end) sources += hash_source(html.substr(content + 1, end - content - 1));
    html.remove_prefix(end + close.size());
  }
}

}  // namespace

std::string content_policy(std::string_view html) {
  std::string policy = "default-src 'none'; style-src";
  const std::string styles = hashes(html, "style");
  const std::string scripts = hashes(html, "script");
  policy += styles.empty() ? " 'none'" : styles;
  if (!scripts.empty()) policy += "; script-src" + scripts + "; connect-src 'self'";
  return policy + "; img-src data:; base-uri 'none'; form-action 'none'";
}

}  // namespace intermission::page
