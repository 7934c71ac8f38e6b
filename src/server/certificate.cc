#include "server/certificate.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <optional>
#include <system_error>
#include <utility>

#include "base/descriptor.h"
#include "base/text.h"
#include "http/address.h"
#include "http/date.h"

namespace intermission::server {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1024} * 1024;
constexpr base::Seconds kSelfMadeLife{30 * 24 * 3600};

using NamesPtr = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

base::Error cannot_read(const std::string& file, int error) {
  return {"cannot be read: " + std::generic_category().message(error), file, 0};
}

// Judged by the open descriptor, so that it is the mode of the very file that is read. A link is
// followed: certbot and Kubernetes put one in front of each key.
std::optional<base::Error> looseness(const struct stat& facts, const std::string& file) {
  if ((facts.st_mode & S_IRWXO) == 0) return {};
  return base::Error{
      fmt::format("the private key is open to every user of this machine (mode {:04o}); expected "
                  "0600, or 0640 for a group",
                  facts.st_mode & 07777U),
      file, 0};
}

enum class Kind : std::uint8_t { kPublic, kKey };

// Not through std::ifstream: a pipe in its place would be waited for without end.
base::Result<std::string> read_file(const std::string& file, Kind kind) {
  const base::Descriptor opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat facts {};
  if (!opened || fstat(opened.get(), &facts) != 0) return cannot_read(file, errno);
  if (!S_ISREG(facts.st_mode)) return base::Error{"expected a file, in PEM", file, 0};
  if (kind == Kind::kKey) {
    if (auto loose = looseness(facts, file)) return std::move(*loose);
  }
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t got = read(opened.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(file, errno);
    if (got == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > kMostBytes) {
      return base::Error{"expected a file in PEM of at most 1 MiB", file, 0};
    }
  }
}

BioPtr bytes_of(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Nobody is asked for a passphrase: a gateway starts unattended.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

base::Result<KeyPtr> read_key(const std::string& file) {
  auto text = read_file(file, Kind::kKey);
  if (!text) return text.error();
  ERR_clear_error();
  KeyPtr key(PEM_read_bio_PrivateKey(bytes_of(*text).get(), nullptr, no_passphrase, nullptr));
  const bool encrypted = text->find("ENCRYPTED") != std::string::npos;
  OPENSSL_cleanse(text->data(), text->size());
  if (key) return key;
  ERR_clear_error();
  if (encrypted) {
    return base::Error{"the private key has a passphrase; expected one without", file, 0};
  }
  return base::Error{"expected a private key in PEM, found none that can be read", file, 0};
}

base::Result<std::vector<X509Ptr>> read_certificates(const std::string& file) {
  const auto text = read_file(file, Kind::kPublic);
  if (!text) return text.error();
  const BioPtr bytes = bytes_of(*text);
  ERR_clear_error();
  std::vector<X509Ptr> found;
  while (X509* one = PEM_read_bio_X509(bytes.get(), nullptr, no_passphrase, nullptr)) {
    found.emplace_back(one);
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (!found.empty() && ERR_GET_REASON(error) == PEM_R_NO_START_LINE) return found;
  return base::Error{found.empty() ? "expected a certificate in PEM, found none that can be read"
                                   : "a certificate behind the first cannot be read",
                     file, 0};
}

base::TimePoint time_of(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return base::TimePoint(base::Seconds(timegm(&parts)));
}

std::vector<std::string> dns_names(X509* certificate) {
  const NamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                     static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    for (char& c : text) c = base::ascii_lower(c);
    found.push_back(std::move(text));
  }
  return found;
}

std::optional<base::Error> problem_of(const Certificate& certificate, const CertificateFiles& files,
                                      base::TimePoint now) {
  const auto wrong = [&](std::string why) {
    ERR_clear_error();
    return base::Error{std::move(why), files.certificate, 0};
  };
  const CertificateFacts& facts = certificate.facts;
  if (facts.not_after <= now) {
    return wrong("the certificate has expired: it was valid until " +
                 http::rfc3339(facts.not_after));
  }
  if (facts.not_before > now) {
    return wrong("the certificate is not valid before " + http::rfc3339(facts.not_before));
  }
  if (X509_check_purpose(certificate.leaf.get(), X509_PURPOSE_SSL_SERVER, 0) != 1) {
    return wrong("the first certificate is not for servers (its key usage says so)");
  }
  if (X509_check_private_key(certificate.leaf.get(), certificate.key.get()) != 1) {
    ERR_clear_error();
    return base::Error{
        "the private key is not that of the first certificate in " + files.certificate, files.key,
        0};
  }
  return {};
}

CertificateFacts facts_of(X509* certificate, std::string file) {
  return {std::move(file), dns_names(certificate), time_of(X509_get0_notBefore(certificate)),
          time_of(X509_get0_notAfter(certificate))};
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ',';
    text += (http::Address::parse(name) ? "IP:" : "DNS:") + name;
  }
  return text;
}

// Clients reject two certificates of one issuer that have the same number.
bool number(X509* certificate) {
  std::uint64_t serial = 0;
  return RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1;
}

bool write_self_signed(X509* certificate, EVP_PKEY* key, const std::vector<std::string>& names,
                       base::TimePoint now) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* common = reinterpret_cast<const unsigned char*>("intermission, self-signed");
  const std::time_t from = (now - base::Seconds(3600)).time_since_epoch().count();
  const std::time_t until = (now + kSelfMadeLife).time_since_epoch().count();
  return X509_set_version(certificate, X509_VERSION_3) == 1 && number(certificate) &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), until) != nullptr &&
         X509_set_pubkey(certificate, key) == 1 &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1 &&
         add_extension(certificate, NID_subject_alt_name, alternative_names(names)) &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

std::string last_openssl_error() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(error);
  return reason != nullptr ? reason : "no reason is known";
}

base::Result<Certificate> load_certificate(const CertificateFiles& files, base::TimePoint now) {
  auto chain = read_certificates(files.certificate);
  if (!chain) return chain.error();
  auto key = read_key(files.key);
  if (!key) return key.error();
  Certificate out;
  out.leaf = std::move(chain->front());
  chain->erase(chain->begin());
  out.chain = std::move(*chain);
  out.key = std::move(*key);
  out.facts = facts_of(out.leaf.get(), files.certificate);
  if (auto problem = problem_of(out, files, now)) return std::move(*problem);
  return out;
}

base::Result<Certificate> make_certificate(const std::vector<std::string>& names,
                                           base::TimePoint now) {
  Certificate out;
  out.key.reset(EVP_EC_gen("P-256"));
  out.leaf.reset(X509_new());
  if (!out.key || !out.leaf || !write_self_signed(out.leaf.get(), out.key.get(), names, now)) {
    return base::Error{"a certificate cannot be made: " + last_openssl_error()};
  }
  out.facts = facts_of(out.leaf.get(), {});
  return out;
}

base::Result<std::vector<X509Ptr>> load_authorities(const std::string& file) {
  return read_certificates(file);
}

}  // namespace intermission::server
