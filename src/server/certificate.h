// A certificate for TLS with its private key, as two files in PEM hold them:
//
//   certificate   the server's own certificate first, then those of the authorities between it and
//                 a root (RFC 8446 §4.4.2)
//   key           its private key, without a passphrase
//
//   auto shop = load_certificate({"shop.pem", "shop.key"}, now);
//   if (!shop) return fail(shop.error().text());    // "shop.key: the private key is not that of …"
//
// A certificate that clients would reject is rejected here: one that has expired, is not valid
// yet, belongs to another key, or is not for servers. So is a key that other users can read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "server/openssl.h"

namespace intermission::server {

struct CertificateFiles {
  std::string certificate;
  std::string key;

  bool operator==(const CertificateFiles&) const = default;
};

/// What is shown of a certificate.
struct CertificateFacts {
  std::string file;                // as it was named; empty: made in memory
  std::vector<std::string> names;  // DNS names in lower case, as "*.example.com"; may be empty
  base::TimePoint not_before;
  base::TimePoint not_after;

  bool operator==(const CertificateFacts&) const = default;
};

struct Certificate {
  CertificateFacts facts;
  X509Ptr leaf;
  std::vector<X509Ptr> chain;  // without the leaf
  KeyPtr key;
};

/// The Error names the file. The files are read at once; nothing is kept open.
base::Result<Certificate> load_certificate(const CertificateFiles& files, base::TimePoint now);

/// Signed by itself, for trying things out: `names` are DNS names or addresses, at least one.
base::Result<Certificate> make_certificate(const std::vector<std::string>& names,
                                           base::TimePoint now);

/// The certificates of authorities in PEM, at least one.
base::Result<std::vector<X509Ptr>> load_authorities(const std::string& file);

}  // namespace intermission::server
