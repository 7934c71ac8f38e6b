#include "support/certificates.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <filesystem>
#include <stdexcept>

namespace intermission::testing {
namespace {

using server::BioPtr;

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void require(bool done) {
  if (!done) throw std::runtime_error("no certificate: " + server::last_openssl_error());
}

void extend(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  require(extension != nullptr);
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  require(added);
}

EVP_PKEY* key_of(Wish::Key kind) {
  if (kind == Wish::Key::kEc) return EVP_EC_gen("P-256");
  return EVP_RSA_gen(kind == Wish::Key::kRsa ? 2048 : 1024);
}

}  // namespace

std::string Issued::certificate_pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
  return text_of(bio.get());
}

std::string Issued::key_pem(const std::string& passphrase) const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  const auto* secret = reinterpret_cast<const unsigned char*>(passphrase.data());
  require(PEM_write_bio_PrivateKey(bio.get(), key.get(),
                                   passphrase.empty() ? nullptr : EVP_aes_256_cbc(), secret,
                                   static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  return text_of(bio.get());
}

server::CertificateFiles Issued::write(const TemporaryFolder& folder,
                                       const std::string& name) const {
  using std::filesystem::perms;
  const auto pem = folder.write(name + ".pem", certificate_pem());
  const auto secret = folder.write(name + ".key", key_pem());
  std::filesystem::permissions(secret, perms::owner_read | perms::owner_write);
  return {pem.string(), secret.string()};
}

base::TimePoint present() {
  return base::SystemClock().now();
}

Issued issue(const Wish& wish, const Issued* issuer) {
  Issued out{server::X509Ptr(X509_new()), server::KeyPtr(key_of(wish.key))};
  X509* made = out.certificate.get();
  std::uint64_t serial = 0;
  require(made != nullptr && out.key &&
          RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), serial);
  X509_set_version(made, X509_VERSION_3);
  const auto at = [](base::Seconds from_now) {
    return (present() + from_now).time_since_epoch().count();
  };
  ASN1_TIME_set(X509_getm_notBefore(made), at(wish.begins));
  ASN1_TIME_set(X509_getm_notAfter(made), at(wish.ends));
  X509_set_pubkey(made, out.key.get());
  const std::string common = wish.is_authority ? "authority" : "server";
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
  X509_set_issuer_name(made, X509_get_subject_name(issuer ? issuer->certificate.get() : made));
  std::string names;
  for (const std::string& name : wish.names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  if (!names.empty()) extend(made, NID_subject_alt_name, names);
  if (wish.is_authority) extend(made, NID_basic_constraints, "critical,CA:TRUE");
  if (!wish.usage.empty()) extend(made, NID_ext_key_usage, wish.usage);
  EVP_PKEY* signer = issuer ? issuer->key.get() : out.key.get();
  require(X509_sign(made, signer, EVP_sha256()) > 0);
  return out;
}

}  // namespace intermission::testing
