#include "program/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "program/source.h"
#include "support/certificates.h"
#include "support/eventually.h"
#include "support/http1_harness.h"
#include "support/temporary_folder.h"
#include "support/tls_client.h"

namespace intermission::program {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::issue;
using ::testing::Not;
using testing::TlsClient;

class TlsTest : public ::testing::Test {
 protected:
  catalog::Configuration configuration(const std::string& text) const {
    Source source;
    source.file = folder_.write("intermission.yaml", text).string();
    auto loaded = source.load();
    if (!loaded) throw std::runtime_error(loaded.error().text());
    return std::move(*loaded);
  }
  /// A certificate for `host`, in NAME.pem and NAME.key.
  void certify(const std::string& name, const std::string& host) const {
    issue({.names = {host}}).write(folder_, name);
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  testing::TemporaryFolder folder_;
  const base::SystemClock clock_;
};

const std::string kData =
    "listen: { tls: { certificates: [ { certificate: shop.pem, key: shop.key } ] } }\n";
const std::string kOperators = "control: { tls: { certificate: ops.pem, key: ops.key } }\n";

std::vector<std::string> shown(const Tls& tls) {
  std::vector<std::string> all;
  for (const control::ServerCertificate& one : tls.certificates()) {
    all.push_back(one.listener + " " + std::filesystem::path(one.file).filename().string() + " " +
                  (one.names.empty() ? "" : one.names.front()));
  }
  return all;
}

// ---------------------------------------------------------------- opening

TEST_F(TlsTest, WithoutTlsThereIsNone) {
  const auto tls = Tls::open(configuration("services: []\n"), false, clock_);
  ASSERT_TRUE(tls);
  EXPECT_EQ(tls->data(), nullptr);
  EXPECT_EQ(tls->operators(), nullptr);
  EXPECT_THAT(tls->certificates(), IsEmpty());
}

TEST_F(TlsTest, BothListenersHaveCertificatesOfTheirOwn) {
  certify("shop", "shop.example");
  certify("ops", "ops.example");
  const auto both = Tls::open(configuration(kData + kOperators), false, clock_);
  ASSERT_TRUE(both) << both.error().text();
  EXPECT_THAT(shown(*both),
              ElementsAre("data shop.pem shop.example", "control ops.pem ops.example"));
  EXPECT_EQ(both->certificates()[0].file, path("shop.pem"));
  const auto days = control::days_left(both->certificates()[0], clock_.now());
  EXPECT_TRUE(days == 89 || days == 90) << days;
  const auto data = Tls::open(configuration(kData), false, clock_);
  ASSERT_TRUE(data);
  EXPECT_THAT(shown(*data), ElementsAre("data shop.pem shop.example"));
  EXPECT_EQ(data->operators(), nullptr);
  const auto operators = Tls::open(configuration(kOperators), false, clock_);
  ASSERT_TRUE(operators);
  EXPECT_THAT(shown(*operators), ElementsAre("control ops.pem ops.example"));
  EXPECT_EQ(operators->data(), nullptr);
}

TEST_F(TlsTest, ACertificateThatIsNoGoodIsAnError) {
  certify("shop", "shop.example");
  certify("ops", "ops.example");
  for (const std::string& key : {path("shop.key"), path("ops.key")}) {
    const auto good = testing::TemporaryFolder();
    std::filesystem::copy(key, good.path() / "kept");
    std::filesystem::remove(key);
    const auto tls = Tls::open(configuration(kData + kOperators), false, clock_);
    ASSERT_FALSE(tls) << key;
    EXPECT_THAT(tls.error().text(), HasSubstr(key));
    EXPECT_EQ(certificate_problem(configuration(kData + kOperators), clock_)->text(),
              tls.error().text());
    std::filesystem::copy(good.path() / "kept", key);
  }
  EXPECT_EQ(certificate_problem(configuration(kData + kOperators), clock_), std::nullopt);
  EXPECT_EQ(certificate_problem(configuration("services: []\n"), clock_), std::nullopt);
}

// The same file may be right for one key and wrong for another.
TEST_F(TlsTest, AnErrorNamesTheKeyOfTheConfiguration) {
  certify("shop", "shop.example");
  certify("ops", "ops.example");
  const std::string second =
      "listen: { tls: { certificates: [ { certificate: shop.pem, key: shop.key },\n"
      "  { certificate: none.pem, key: shop.key } ] } }\n";
  const std::string keyless =
      "listen: { tls: { certificates: [ { certificate: shop.pem,\n  key: none.key } ] } }\n";
  const std::string authorities =
      "listen: { tls: { certificates: [ { certificate: shop.pem, key: shop.key } ],\n"
      "  client_ca: shop.key } }\n";
  const std::string operators = "\n\ncontrol: { tls: { certificate: ops.pem, key: none.key } }\n";
  const std::string gone = ": cannot be read: No such file or directory";
  const std::string config = path("intermission.yaml");
  for (const auto& [text, problem] :
       {std::pair{second, ":2: listen.tls.certificates[1].certificate: " + path("none.pem") + gone},
        std::pair{keyless, ":2: listen.tls.certificates[0].key: " + path("none.key") + gone},
        std::pair{authorities, ":2: listen.tls.client_ca: " + path("shop.key") +
                                   ": expected a certificate in PEM, found none that can be read"},
        std::pair{operators, ":3: control.tls.key: " + path("none.key") + gone}}) {
    const auto wrong = configuration(text);
    const auto tls = Tls::open(wrong, false, clock_);
    ASSERT_FALSE(tls) << text;
    EXPECT_EQ(tls.error().text(), config + problem);
  }
}

TEST_F(TlsTest, AnErrorOfAReloadNamesTheKeyToo) {
  certify("shop", "shop.example");
  certify("ops", "ops.example");
  const auto tls = Tls::open(configuration(kData + kOperators), false, clock_);
  ASSERT_TRUE(tls) << tls.error().text();
  const std::string other = "control: { tls: { certificate: shop.pem, key: ops.key } }\n";
  const auto problem = tls->reload(configuration(kData + other));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->text(), path("intermission.yaml") + ":2: control.tls.key: " + path("ops.key") +
                                 ": the private key is not that of the first certificate in " +
                                 path("shop.pem"));
}

// ---------------------------------------------------------------- the self-signed certificate

TEST_F(TlsTest, ASelfSignedCertificateIsMadeForTheServices) {
  const auto tls = Tls::open(
      configuration("services: [ { name: a, hosts: ['**.Shop.example', '[2001:db8::7]'] } ]\n"),
      true, clock_);
  ASSERT_TRUE(tls) << tls.error().text();
  ASSERT_EQ(tls->certificates().size(), 1U);
  EXPECT_EQ(tls->certificates()[0].file, "");
  EXPECT_EQ(tls->certificates()[0].listener, "data");
  EXPECT_THAT(tls->certificates()[0].names, Contains("*.shop.example"));
  const auto ssl = tls->data()->current()->begin();
  X509* made = SSL_get_certificate(ssl.get());
  for (const char* address : {"127.0.0.1", "::1", "2001:db8::7"}) {
    EXPECT_EQ(X509_check_ip_asc(made, address, 0), 1) << address;
  }
  for (const char* host : {"localhost", "a.shop.example"}) {
    EXPECT_EQ(X509_check_host(made, host, 0, 0, nullptr), 1) << host;
  }
  EXPECT_EQ(X509_check_host(made, "orders.example", 0, 0, nullptr), 0);
  EXPECT_EQ(tls->operators(), nullptr);
}

TEST_F(TlsTest, ASelfSignedCertificateTakesNoPlaceOfAnother) {
  certify("shop", "shop.example");
  const auto tls = Tls::open(configuration(kData), true, clock_);
  ASSERT_FALSE(tls);
  EXPECT_EQ(tls.error().text(),
            "--tls-self-signed: expected no listen.tls in the configuration, which names "
            "certificates already");
}

TEST_F(TlsTest, NamesForTryingAreThoseThatACertificateCanCarry) {
  const auto names = [&](const std::string& hosts, const std::string& machine) {
    return names_for_trying(configuration("services: [ { name: a, hosts: [" + hosts + "] } ]\n"),
                            machine);
  };
  EXPECT_THAT(names("'**.shop.example', '*.orders.example', 'a-1.example', '[2001:db8::7]'", "box"),
              ElementsAre("localhost", "127.0.0.1", "::1", "box", "*.shop.example",
                          "*.orders.example", "a-1.example", "2001:db8::7"));
  for (const char* odd : {"", "a b", "b,DNS:evil.example", "a_b", "a/b"}) {
    EXPECT_THAT(names("a.example", odd), ElementsAre("localhost", "127.0.0.1", "::1", "a.example"))
        << odd;
  }
  EXPECT_THAT(names("localhost, box", "box"), ElementsAre("localhost", "127.0.0.1", "::1", "box"))
      << "each once";
}

TEST_F(TlsTest, ASelfSignedCertificateHasAHundredNamesAtMost) {
  std::string hosts;
  for (int i = 0; i < 150; ++i) hosts += (i == 0 ? "h" : ", h") + std::to_string(i) + ".example";
  const auto names =
      names_for_trying(configuration("services: [ { name: a, hosts: [" + hosts + "] } ]\n"), "box");
  ASSERT_EQ(names.size(), 100U);
  EXPECT_EQ(names.back(), "h95.example");
}

// ---------------------------------------------------------------- reloading

TEST_F(TlsTest, CertificatesAreReadAgain) {
  certify("shop", "shop.example");
  certify("ops", "ops.example");
  const auto now = configuration(kData + kOperators);
  const auto tls = Tls::open(now, false, clock_);
  ASSERT_TRUE(tls);
  certify("shop", "new.shop.example");
  certify("ops", "new.ops.example");
  EXPECT_EQ(tls->reload(now), std::nullopt);
  EXPECT_THAT(shown(*tls),
              ElementsAre("data shop.pem new.shop.example", "control ops.pem new.ops.example"));
}

TEST_F(TlsTest, OfCertificatesThatAreReadAgainAllAreTakenOrNone) {
  certify("shop", "shop.example");
  certify("ops", "ops.example");
  const auto now = configuration(kData + kOperators);
  const auto tls = Tls::open(now, false, clock_);
  ASSERT_TRUE(tls);
  certify("shop", "new.shop.example");
  std::filesystem::remove(path("ops.pem"));
  const auto problem = tls->reload(now);
  ASSERT_TRUE(problem);
  EXPECT_THAT(problem->text(), HasSubstr(path("ops.pem")));
  EXPECT_THAT(shown(*tls), ElementsAre("data shop.pem shop.example", "control ops.pem ops.example"))
      << "what was in force stays";
  certify("ops", "new.ops.example");
  std::filesystem::remove(path("shop.pem"));
  EXPECT_THAT(tls->reload(now)->text(), HasSubstr(path("shop.pem")));
  EXPECT_THAT(shown(*tls),
              ElementsAre("data shop.pem shop.example", "control ops.pem ops.example"));
}

TEST_F(TlsTest, AListenerThatHadNoTlsGetsNone) {
  certify("shop", "shop.example");
  certify("ops", "ops.example");
  const auto tls = Tls::open(configuration("services: []\n"), false, clock_);
  ASSERT_TRUE(tls);
  EXPECT_EQ(tls->reload(configuration(kData + kOperators)), std::nullopt);
  EXPECT_THAT(tls->certificates(), IsEmpty());
  const auto data = Tls::open(configuration(kData + kOperators), false, clock_);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->reload(configuration("services: []\n")), std::nullopt);
  EXPECT_EQ(data->certificates().size(), 2U) << "and it stays where it was";
}

TEST_F(TlsTest, ASelfSignedCertificateStays) {
  const auto tls = Tls::open(configuration("services: []\n"), true, clock_);
  ASSERT_TRUE(tls);
  const auto before = tls->data()->current()->begin();
  certify("shop", "shop.example");
  EXPECT_EQ(tls->reload(configuration(kData)), std::nullopt);
  EXPECT_EQ(tls->reload(configuration("services: [ { name: a, hosts: [a.example] } ]\n")),
            std::nullopt);
  const auto after = tls->data()->current()->begin();
  EXPECT_EQ(X509_cmp(SSL_get_certificate(before.get()), SSL_get_certificate(after.get())), 0);
}

// ---------------------------------------------------------------- what clients meet

class ServedTest : public TlsTest {
 protected:
  void serve(const std::string& text, bool self_signed = false) {
    auto tls = Tls::open(configuration(text), self_signed, clock_);
    ASSERT_TRUE(tls) << tls.error().text();
    tls_.emplace(std::move(*tls));
    server::Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    options.http2 = true;
    if (tls_->data()) options.tls = server::Options::Tls{0, tls_->data()};
    auto started =
        server::Server::start(options, [] { return std::make_unique<testing::MirrorHandler>(); });
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  /// The one of that name.
  observe::Instrument reading(const std::string& name) const {
    for (observe::Instrument& one : tls_readings(*tls_, *server_, clock_)) {
      if (one.name == name) return one;
    }
    ADD_FAILURE() << name;
    return {};
  }
  /// Whether a client is answered.
  bool answers(const TlsClient::Wishes& wishes) const {
    TlsClient client(server_->tls_port(), wishes);
    client.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    return client.response().starts_with("HTTP/1.1 200");
  }

  std::optional<Tls> tls_;
  std::unique_ptr<server::Server> server_;
};

TEST_F(ServedTest, SettingsOfTheConfigurationHold) {
  certify("shop", "shop.example");
  serve(kData);
  EXPECT_TRUE(answers({.version = TLS1_2_VERSION}));
  EXPECT_TRUE(answers({.version = TLS1_3_VERSION}));
  EXPECT_EQ(TlsClient(server_->tls_port(), {.alpn = {"h2", "http/1.1"}}).protocol(), "h2");
  serve(
      "listen: { http2: false, tls: { min_version: '1.3', certificates: [ { certificate: "
      "shop.pem, key: shop.key } ] } }\n");
  EXPECT_FALSE(answers({.version = TLS1_2_VERSION}));
  EXPECT_TRUE(answers({.version = TLS1_3_VERSION}));
  EXPECT_EQ(TlsClient(server_->tls_port(), {.alpn = {"h2", "http/1.1"}}).protocol(), "http/1.1");
}

TEST_F(ServedTest, EveryCertificateIsShownByItsName) {
  certify("shop", "shop.example");
  certify("orders", "orders.example");
  serve(
      "listen: { tls: { certificates: [ { certificate: shop.pem, key: shop.key }, { certificate: "
      "orders.pem, key: orders.key } ] } }\n");
  const auto name = [&](const std::string& host) {
    return TlsClient(server_->tls_port(), {.name = host}).certificate_name();
  };
  EXPECT_EQ(name("orders.example"), "orders.example");
  EXPECT_EQ(name("shop.example"), "shop.example");
  EXPECT_EQ(name("other.example"), "shop.example");
  EXPECT_THAT(shown(*tls_),
              ElementsAre("data shop.pem shop.example", "data orders.pem orders.example"));
}

TEST_F(ServedTest, ClientsShowACertificateWhereOneIsDemanded) {
  certify("shop", "shop.example");
  const auto authority = issue({.usage = "", .is_authority = true});
  folder_.write("ca.pem", authority.certificate_pem());
  const auto router = issue({.names = {"router.example"}, .usage = "clientAuth"}, &authority);
  serve(
      "listen: { tls: { client_ca: ca.pem, certificates: [ { certificate: shop.pem, key: "
      "shop.key } ] } }\n");
  EXPECT_FALSE(answers({}));
  EXPECT_TRUE(answers({.certificate = &router}));
}

TEST_F(ServedTest, ASelfSignedCertificateIsShown) {
  serve("listen: { http2: false }\n", true);
  EXPECT_TRUE(answers({}));
  EXPECT_EQ(TlsClient(server_->tls_port(), {.alpn = {"h2", "http/1.1"}}).protocol(), "http/1.1");
  serve("services: []\n", true);
  EXPECT_EQ(TlsClient(server_->tls_port(), {.alpn = {"h2", "http/1.1"}}).protocol(), "h2");
}

// ---------------------------------------------------------------- metrics

std::vector<std::string> names(const std::vector<observe::Instrument>& readings) {
  std::vector<std::string> all;
  for (const observe::Instrument& one : readings) all.push_back(one.name);
  return all;
}

TEST_F(ServedTest, ReadingsAreOfTheListenersThatHaveTls) {
  serve("services: []\n");
  EXPECT_THAT(tls_readings(*tls_, *server_, clock_), IsEmpty());
  certify("ops", "ops.example");
  serve(kOperators);
  EXPECT_THAT(names(tls_readings(*tls_, *server_, clock_)),
              ElementsAre("intermission_certificate_days_left"));
  certify("shop", "shop.example");
  serve(kData);
  EXPECT_THAT(names(tls_readings(*tls_, *server_, clock_)),
              ElementsAre("intermission_certificate_days_left", "intermission_tls_handshakes_total",
                          "intermission_tls_handshakes_in_progress"));
}

TEST_F(ServedTest, ReadingsSayHowManyDaysACertificateHas) {
  issue({.names = {"shop.example"}, .ends = base::Seconds(10 * 24 * 3600 + 3600)})
      .write(folder_, "shop");
  certify("ops", "ops.example");
  serve(kData + kOperators);
  const auto days = reading("intermission_certificate_days_left");
  EXPECT_EQ(days.type, observe::Instrument::Type::kGauge);
  const auto each = days.each();
  using Labels = std::vector<std::pair<std::string, std::string>>;
  ASSERT_EQ(each.size(), 2U);
  EXPECT_EQ(each[0].labels, (Labels{{"listener", "data"}, {"certificate", path("shop.pem")}}));
  EXPECT_EQ(each[0].value, 10);
  EXPECT_EQ(each[1].labels, (Labels{{"listener", "control"}, {"certificate", path("ops.pem")}}));
  EXPECT_GT(each[1].value, 80);
}

TEST_F(ServedTest, ReadingsCountHandshakes) {
  certify("shop", "shop.example");
  serve(kData);
  const auto total = reading("intermission_tls_handshakes_total");
  const auto open = reading("intermission_tls_handshakes_in_progress");
  EXPECT_EQ(total.type, observe::Instrument::Type::kCounter);
  EXPECT_EQ(open.type, observe::Instrument::Type::kGauge);
  const auto value = [&](const std::string& result) {
    for (const auto& one : total.each()) {
      if (one.labels == std::vector<std::pair<std::string, std::string>>{{"result", result}}) {
        return one.value;
      }
    }
    return -1.0;
  };
  EXPECT_EQ(value("done"), 0);
  EXPECT_EQ(value("failed"), 0);
  EXPECT_EQ(open.value(), 0);
  EXPECT_TRUE(answers({}));
  EXPECT_TRUE(answers({}));
  EXPECT_TRUE(eventually([&] { return value("done") == 2; }));
  EXPECT_EQ(value("failed"), 0);
  {
    testing::WireClient silent(server_->tls_port());
    EXPECT_TRUE(eventually([&] { return open.value() == 1; }));
  }
  EXPECT_TRUE(eventually([&] { return value("failed") == 1; }));
  EXPECT_TRUE(eventually([&] { return open.value() == 0; }));
  EXPECT_EQ(value("done"), 2);
}

}  // namespace
}  // namespace intermission::program
