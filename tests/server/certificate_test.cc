// Which certificates are taken, and what is said of the others.
#include "server/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "support/certificates.h"

namespace intermission::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::issue;
using testing::Issued;
using testing::present;
using testing::Wish;

constexpr base::Seconds kDay{24 * 3600};

class CertificateTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string problem(const CertificateFiles& files) const {
    const auto loaded = load_certificate(files, present());
    return loaded ? "" : loaded.error().text();
  }

  const testing::TemporaryFolder folder_;
};

TEST_F(CertificateTest, TellsItsNamesAndHowLongItIsValid) {
  const Issued shop = issue({.names = {"Shop.Example.com", "*.shop.example.com"}});
  const auto loaded = load_certificate(shop.write(folder_, "shop"), present());
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->facts.file, path("shop.pem"));
  EXPECT_THAT(loaded->facts.names, ElementsAre("shop.example.com", "*.shop.example.com"));
  EXPECT_GT(loaded->facts.not_after, present() + 89 * kDay);
  EXPECT_LT(loaded->facts.not_before, present());
}

TEST_F(CertificateTest, TakesTheChainBehindTheLeaf) {
  const Issued authority = issue({.usage = "", .is_authority = true});
  const Issued shop = issue({.names = {"shop.example.com"}}, &authority);
  CertificateFiles files = shop.write(folder_, "shop");
  folder_.write("shop.pem",
                shop.certificate_pem() + "a line of text\n" + authority.certificate_pem());
  const auto loaded = load_certificate(files, present());
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->chain.size(), 1U);
}

TEST_F(CertificateTest, BothMayBeInOneFile) {
  const Issued shop = issue({.names = {"shop.example.com"}});
  const auto both = folder_.write("both.pem", shop.key_pem() + shop.certificate_pem()).string();
  std::filesystem::permissions(both, std::filesystem::perms::owner_read);
  EXPECT_EQ(problem({both, both}), "");
}

TEST_F(CertificateTest, AKeyMayBeReadByItsGroupAndReachedByALink) {
  CertificateFiles files = issue({.names = {"a.example"}}).write(folder_, "a");
  chmod(files.key.c_str(), 0640);
  std::filesystem::create_symlink(files.key, path("link.key"));
  EXPECT_EQ(problem({files.certificate, path("link.key")}), "");
}

TEST_F(CertificateTest, AKeyThatOthersCanReadIsRejected) {
  const CertificateFiles files = issue({.names = {"a.example"}}).write(folder_, "a");
  for (const mode_t mode : {0644U, 0604U, 0602U, 0666U}) {
    chmod(files.key.c_str(), mode);
    EXPECT_THAT(problem(files), HasSubstr(files.key + ": the private key is open to every user"));
  }
  std::filesystem::create_symlink(files.key, path("link.key"));
  EXPECT_THAT(problem({files.certificate, path("link.key")}), HasSubstr("is open to every user"));
}

TEST_F(CertificateTest, ExpiredOrNotValidYet) {
  const Issued old = issue({.names = {"a.example"}, .begins = -2 * kDay, .ends = -kDay});
  EXPECT_THAT(problem(old.write(folder_, "old")),
              HasSubstr(path("old.pem") + ": the certificate has expired: it was valid until 20"));
  const Issued early = issue({.names = {"a.example"}, .begins = kDay});
  EXPECT_THAT(problem(early.write(folder_, "early")),
              HasSubstr(path("early.pem") + ": the certificate is not valid before 20"));
}

TEST_F(CertificateTest, TheKeyOfAnother) {
  const CertificateFiles mine = issue({.names = {"a.example"}}).write(folder_, "mine");
  const CertificateFiles other = issue({.names = {"a.example"}}).write(folder_, "other");
  const CertificateFiles rsa = issue({.key = Wish::Key::kRsa}).write(folder_, "rsa");
  for (const CertificateFiles& wrong : {other, rsa}) {
    EXPECT_EQ(problem({mine.certificate, wrong.key}),
              wrong.key + ": the private key is not that of the first certificate in " +
                  mine.certificate);
  }
}

TEST_F(CertificateTest, OneThatIsNotForServers) {
  const CertificateFiles files = issue({.usage = "clientAuth"}).write(folder_, "client");
  EXPECT_THAT(problem(files), HasSubstr(files.certificate + ": the first certificate is not for"));
}

TEST_F(CertificateTest, AKeyWithAPassphraseIsNotAskedFor) {
  const Issued shop = issue({.names = {"a.example"}});
  const CertificateFiles files = shop.write(folder_, "a");
  folder_.write("a.key", shop.key_pem("sesame"));
  EXPECT_EQ(problem(files), files.key + ": the private key has a passphrase; expected one without");
}

TEST_F(CertificateTest, FilesThatCannotBeRead) {
  const CertificateFiles files = issue({.names = {"a.example"}}).write(folder_, "a");
  const std::string folder = folder_.path().string();
  EXPECT_EQ(problem({path("none"), files.key}),
            path("none") + ": cannot be read: No such file or directory");
  EXPECT_EQ(problem({files.certificate, path("none")}),
            path("none") + ": cannot be read: No such file or directory");
  EXPECT_EQ(problem({folder, files.key}), folder + ": expected a file, in PEM");
  mkfifo(path("pipe").c_str(), 0600);
  EXPECT_EQ(problem({files.certificate, path("pipe")}), path("pipe") + ": expected a file, in PEM");
  const std::string big = folder_.write("big", std::string(2'000'000, 'x')).string();
  EXPECT_THAT(problem({big, files.key}), HasSubstr("of at most 1 MiB"));
}

TEST_F(CertificateTest, FilesThatHoldSomethingElse) {
  const Issued shop = issue({.names = {"a.example"}});
  const CertificateFiles files = shop.write(folder_, "a");
  EXPECT_EQ(problem({files.key, files.key}),
            files.key + ": expected a certificate in PEM, found none that can be read");
  chmod(files.certificate.c_str(), 0600);
  EXPECT_EQ(problem({files.certificate, files.certificate}),
            files.certificate + ": expected a private key in PEM, found none that can be read");
  const std::string whole = shop.certificate_pem();
  folder_.write("a.pem", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(problem(files), HasSubstr("expected a certificate in PEM"));
  folder_.write("a.pem", whole + whole.substr(0, whole.size() / 2));
  EXPECT_THAT(problem(files), HasSubstr("a certificate behind the first cannot be read"));
  folder_.write("a.pem", "");
  EXPECT_THAT(problem(files), HasSubstr("expected a certificate in PEM"));
}

TEST_F(CertificateTest, OneIsMadeForNamesAndAddresses) {
  const auto made = make_certificate({"localhost", "*.example.com", "127.0.0.1", "::1"}, present());
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_THAT(made->facts.names, ElementsAre("localhost", "*.example.com"));
  EXPECT_EQ(made->facts.file, "");
  EXPECT_GT(made->facts.not_after, present() + 29 * kDay);
  EXPECT_EQ(X509_check_host(made->leaf.get(), "a.example.com", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(made->leaf.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(made->leaf.get(), "::1", 0), 1);
}

TEST_F(CertificateTest, AnImpossibleNameIsAnErrorNotACrash) {
  EXPECT_FALSE(make_certificate({"a,b:c"}, present()));
}

}  // namespace
}  // namespace intermission::server
