// Which service a request belongs to: Catalog::find() in words, against a naive reference on
// every small catalogue, and with ten thousand services.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/configuration.h"

namespace intermission::catalog {
namespace {

Service service(std::string name, std::vector<std::string> hosts,
                std::vector<std::string> paths = {"/"}) {
  Service made;
  made.name = std::move(name);
  made.hosts = std::move(hosts);
  made.paths = std::move(paths);
  return made;
}

std::string found(const Catalog& catalog, std::string_view host, std::string_view path = "/") {
  return catalog.service(catalog.find(host, path)).name;
}

TEST(Catalog, FallbackIsTheLast) {
  const Catalog none({}, Service{});
  EXPECT_EQ(none.services().size(), 1U);
  EXPECT_EQ(none.find("a.example", "/"), 0U);
  const Catalog one({service("a", {"a.example"})}, Service{});
  EXPECT_EQ(one.services().size(), 2U);
  EXPECT_EQ(one.find("b.example", "/"), 1U);
  EXPECT_EQ(one.find("", ""), 1U);
}

TEST(Catalog, ExactThenLongerWildcardThenShorterThenEveryHost) {
  const Catalog catalog({service("every", {}), service("short", {"*.example"}),
                         service("long", {"*.a.example"}), service("exact", {"x.a.example"})},
                        Service{});
  EXPECT_EQ(found(catalog, "x.a.example"), "exact");
  EXPECT_EQ(found(catalog, "X.A.Example"), "exact");
  EXPECT_EQ(found(catalog, "y.a.example"), "long");
  EXPECT_EQ(found(catalog, "z.y.a.example"), "long");
  EXPECT_EQ(found(catalog, "z.x.a.example"), "long");
  EXPECT_EQ(found(catalog, "a.example"), "short");
  EXPECT_EQ(found(catalog, "example"), "every");
  EXPECT_EQ(found(catalog, ".example"), "every");
  EXPECT_EQ(found(catalog, "notexample"), "every");
  EXPECT_EQ(found(catalog, ""), "every");
}

std::vector<std::string> all_found(const Catalog& catalog, std::string_view host,
                                   std::string_view path) {
  std::set<std::string> names;
  catalog.find_all(host, path,
                   [&](std::size_t index) { names.insert(catalog.service(index).name); });
  return {names.begin(), names.end()};
}

TEST(Catalog, FindsAllThatMayBeMeantInAnyCase) {
  Service strict = service("strict", {"h"}, {"/Strict"});
  strict.case_sensitive_paths = true;
  const Catalog catalog({service("root", {"h"}), service("api", {"h"}, {"/api"}),
                         service("public", {"h"}, {"/api/Public"}), strict,
                         service("upper", {"i"}, {"/A"}), service("lower", {"i"}, {"/a"})},
                        Service{});
  using Names = std::vector<std::string>;
  EXPECT_EQ(all_found(catalog, "h", "/api/x"), (Names{"api"}));
  EXPECT_EQ(all_found(catalog, "h", "/API/x"), (Names{"api", "root"}));
  EXPECT_EQ(all_found(catalog, "h", "/api/public"), (Names{"api", "public"}));
  EXPECT_EQ(all_found(catalog, "h", "/API/public"), (Names{"public", "root"}));
  EXPECT_EQ(all_found(catalog, "h", "/apix"), (Names{"root"}));
  EXPECT_EQ(all_found(catalog, "h", "/strict"), (Names{"root"}));
  EXPECT_EQ(all_found(catalog, "h", "/Strict/x"), (Names{"strict"}));
  EXPECT_EQ(all_found(catalog, "i", "/a"), (Names{"lower", "upper"}));
  EXPECT_EQ(all_found(catalog, "i", "/b"), (Names{"default"}));
}

TEST(Catalog, KnowsWhichHostsAreNamedAndHaveParts) {
  Service scoped = service("scoped", {"s.example"});
  scoped.scope.paths = {"/edit"};
  const Catalog catalog({service("whole", {"w.example"}), service("part", {"p.example"}, {"/a"}),
                         scoped, service("wild", {"*.w.example"}), service("every", {}, {"/e"})},
                        Service{});
  EXPECT_TRUE(catalog.is_named("W.example"));
  EXPECT_TRUE(catalog.is_named("a.w.example"));
  EXPECT_FALSE(catalog.is_named("x.example"));
  EXPECT_FALSE(catalog.is_named(""));
  EXPECT_FALSE(catalog.has_parts("w.example"));
  EXPECT_FALSE(catalog.has_parts("a.w.example"));
  EXPECT_TRUE(catalog.has_parts("p.example"));
  EXPECT_TRUE(catalog.has_parts("s.example"));
  EXPECT_TRUE(catalog.has_parts("x.example")) << "every host has /e";
  std::set<std::string> reached;
  catalog.visit_host("p.example",
                     [&](std::size_t index) { reached.insert(catalog.service(index).name); });
  EXPECT_EQ(reached, (std::set<std::string>{"part", "every", "default"}));
}

TEST(Catalog, LongestPrefixOfWholeSegments) {
  const Catalog catalog({service("root", {"h"}), service("v1", {"h"}, {"/v1"}),
                         service("deep", {"h"}, {"/v1/orders/new", "/v2/"})},
                        Service{});
  EXPECT_EQ(found(catalog, "h", "/"), "root");
  EXPECT_EQ(found(catalog, "h", "/v1"), "v1");
  EXPECT_EQ(found(catalog, "h", "/v1/"), "v1");
  EXPECT_EQ(found(catalog, "h", "/v1/orders"), "v1");
  EXPECT_EQ(found(catalog, "h", "/v1/orders/new"), "deep");
  EXPECT_EQ(found(catalog, "h", "/v1/orders/new/7"), "deep");
  EXPECT_EQ(found(catalog, "h", "/v1/orders/news"), "v1");
  EXPECT_EQ(found(catalog, "h", "/v1x"), "root");
  EXPECT_EQ(found(catalog, "h", "/V1"), "root");
  EXPECT_EQ(found(catalog, "h", "/v2"), "deep");
  EXPECT_EQ(found(catalog, "h", "//v1"), "root");
  EXPECT_EQ(found(catalog, "h", "*"), "root");  // OPTIONS *
  EXPECT_EQ(found(catalog, "h", ""), "root");   // CONNECT
}

TEST(Catalog, AHostWithoutAFittingPathFallsThrough) {
  const Catalog catalog(
      {service("exact", {"a.b.example"}, {"/x"}), service("long", {"*.b.example"}, {"/x", "/y"}),
       service("short", {"*.example"}, {"/z"}), service("every", {}, {"/w"})},
      Service{});
  EXPECT_EQ(found(catalog, "a.b.example", "/x"), "exact");
  EXPECT_EQ(found(catalog, "a.b.example", "/y"), "long");
  EXPECT_EQ(found(catalog, "a.b.example", "/z"), "short");
  EXPECT_EQ(found(catalog, "a.b.example", "/w"), "every");
  EXPECT_EQ(found(catalog, "a.b.example", "/"), "default");
}

TEST(Catalog, AddressesAreHosts) {
  const Catalog catalog({service("six", {"[2001:db8::1]"}), service("four", {"10.0.0.1"})},
                        Service{});
  EXPECT_EQ(found(catalog, "[2001:DB8::1]"), "six");
  EXPECT_EQ(found(catalog, "10.0.0.1"), "four");
  EXPECT_EQ(found(catalog, "[2001:db8::2]"), "default");
}

TEST(Catalog, HostileHostsAndPaths) {
  const Catalog catalog({service("a", {"*.example"}, {"/v1"})}, Service{});
  EXPECT_EQ(found(catalog, std::string(247, 'a') + ".example", "/v1"), "a");
  EXPECT_EQ(found(catalog, std::string(248, 'a') + ".example", "/v1"), "default");
  EXPECT_EQ(found(catalog, std::string(70'000, 'a'), "/v1"), "default");
  EXPECT_EQ(found(catalog, std::string(255, '.'), "/v1"), "default");
  EXPECT_EQ(found(catalog, std::string("a\0.example", 10), "/v1"), "a");
  EXPECT_EQ(found(catalog, "x.example", "/v1" + std::string(70'000, '/')), "a");
  EXPECT_EQ(found(catalog, "x.example", std::string(70'000, '/')), "default");
}

TEST(Catalog, TwoStarsStandForAHostAndAllBelowIt) {
  const Catalog catalog({service("a", {"**.a.example"}), service("b", {"b.a.example"})}, Service{});
  EXPECT_EQ(found(catalog, "a.example"), "a");
  EXPECT_EQ(found(catalog, "x.a.example"), "a");
  EXPECT_EQ(found(catalog, "b.a.example"), "b");
  EXPECT_EQ(found(catalog, "xa.example"), "default");
}

TEST(Catalog, SurvivesBeingMoved) {
  Catalog catalog({service("a", {"a.example"})}, Service{});
  const Catalog moved(std::move(catalog));
  EXPECT_EQ(found(moved, "a.example"), "a");
}

// ---------------------------------------------------------------- against a reference

/// The rules as the header states them, by looking at everything.
std::size_t naive_find(const Catalog& catalog, std::string_view host, std::string_view path) {
  const auto services = catalog.services();
  std::size_t best = services.size() - 1;
  std::pair<std::size_t, std::size_t> best_rank{0, 0};
  for (std::size_t i = 0; i + 1 < services.size(); ++i) {
    std::size_t host_rank = catalog.service(i).hosts.empty() ? 1 : 0;
    for (const std::string& pattern : catalog.service(i).hosts) {
      if (pattern.starts_with('*')) {
        const std::string_view suffix = std::string_view(pattern).substr(1);
        if (host.size() > suffix.size() &&
            base::iequals(host.substr(host.size() - suffix.size()), suffix)) {
          host_rank = std::max(host_rank, 1 + suffix.size());
        }
      } else if (base::iequals(host, pattern)) {
        host_rank = 1000;
      }
    }
    std::size_t path_rank = 0;
    for (const std::string& prefix : catalog.service(i).paths) {
      const bool fits = prefix == "/" || path == prefix ||
                        (path.starts_with(prefix) && path[prefix.size()] == '/');
      if (fits) path_rank = std::max(path_rank, prefix.size());
    }
    if (host_rank == 0 || path_rank == 0) continue;
    if (std::pair(host_rank, path_rank) > best_rank) {
      best = i;
      best_rank = {host_rank, path_rank};
    }
  }
  return best;
}

TEST(Catalog, EverySmallCatalogueAgreesWithTheReference) {
  const std::vector<std::string> hosts = {"", "a.x", "*.x", "*.a.x"};
  const std::vector<std::string> paths = {"/", "/v", "/v/w"};
  const std::vector<std::string> asked_hosts = {"a.x", "A.X", "b.a.x", "c.b.a.x",
                                                "x",   "y",   "",      ".x"};
  const std::vector<std::string> asked_paths = {"/", "/v",    "/v/",    "/vx", "/v/w",
                                                "*", "/v/wx", "/v/w/z", "//v", ""};
  const unsigned claims = static_cast<unsigned>(hosts.size() * paths.size());
  std::size_t differences = 0;
  for (unsigned chosen = 0; chosen < 1U << claims; ++chosen) {
    std::vector<Service> services;
    for (unsigned claim = 0; claim < claims; ++claim) {
      if ((chosen >> claim & 1U) == 0) continue;
      const std::string& host = hosts[claim / paths.size()];
      const std::vector<std::string> list =
          host.empty() ? std::vector<std::string>{} : std::vector<std::string>{host};
      services.push_back(service("s", list, {paths[claim % paths.size()]}));
    }
    const Catalog catalog(std::move(services), Service{});
    for (const std::string& host : asked_hosts) {
      for (const std::string& path : asked_paths) {
        if (catalog.find(host, path) == naive_find(catalog, host, path)) continue;
        if (++differences < 10) ADD_FAILURE() << chosen << ' ' << host << ' ' << path;
      }
    }
  }
  EXPECT_EQ(differences, 0U);
}

// ---------------------------------------------------------------- many

TEST(Catalog, TenThousandServices) {
  std::string text = "services:\n";
  for (int i = 0; i < 10'000; ++i) {
    const std::string n = std::to_string(i);
    text += "- { name: s" + n + ", hosts: [h" + n + ".example, \"*.w" + n +
            ".example\"], paths: [/, /p" + n + "] }\n";
  }
  const auto configuration = load_text(text, "f", {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const Catalog& catalog = configuration->catalog;
  ASSERT_EQ(catalog.services().size(), 10'001U);
  for (std::size_t i = 0; i < 10'000; ++i) {
    const std::string n = std::to_string(i);
    EXPECT_EQ(catalog.find("H" + n + ".example", "/"), i);
    EXPECT_EQ(catalog.find("a.b.w" + n + ".example", "/p" + n + "/x"), i);
    EXPECT_EQ(catalog.find("w" + n + ".example", "/"), 10'000U);
  }
}

TEST(Catalog, TenThousandServicesOnOneHost) {
  std::vector<Service> services;
  for (int i = 0; i < 10'000; ++i) {
    services.push_back(service("s", {"h.example"}, {"/p" + std::to_string(i)}));
  }
  const Catalog catalog(std::move(services), Service{});
  for (std::size_t i = 0; i < 10'000; ++i) {
    EXPECT_EQ(catalog.find("h.example", "/p" + std::to_string(i) + "/x"), i);
  }
  EXPECT_EQ(catalog.find("h.example", "/p10000"), 10'000U);
}

}  // namespace
}  // namespace intermission::catalog
