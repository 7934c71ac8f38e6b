// Certificates made while a test runs: there are no private keys in the tree.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "server/certificate.h"
#include "support/temporary_folder.h"

namespace intermission::testing {

struct Issued {
  server::X509Ptr certificate;
  server::KeyPtr key;

  std::string certificate_pem() const;
  /// With a passphrase, if one is given.
  std::string key_pem(const std::string& passphrase = {}) const;
  /// Writes NAME.pem and NAME.key, which its owner alone may read, into `folder`.
  server::CertificateFiles write(const TemporaryFolder& folder, const std::string& name) const;
};

struct Wish {
  enum class Key : std::uint8_t { kEc, kRsa, kShortRsa };

  std::vector<std::string> names = {};  // DNS names
  Key key = Key::kEc;
  base::Seconds begins{-3600};  // from now
  base::Seconds ends{90 * 24 * 3600};
  std::string usage = "serverAuth";
  bool is_authority = false;
};

/// The present, for those who judge certificates.
base::TimePoint present();

/// Signed by `issuer`, or by itself. Throws std::runtime_error.
Issued issue(const Wish& wish, const Issued* issuer = nullptr);

}  // namespace intermission::testing
