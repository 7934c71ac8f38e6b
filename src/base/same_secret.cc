#include "base/same_secret.h"

#include <openssl/crypto.h>

namespace intermission::base {

bool same_secret(std::string_view given, std::string_view secret) {
  return !secret.empty() && given.size() == secret.size() &&
         CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

}  // namespace intermission::base
