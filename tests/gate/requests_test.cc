// The adversary's table, requests.txt: each request as every kind of proxy asks the gate about it,
// through the pure decision.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "catalog/configuration.h"
#include "gateway/answer.h"
#include "support/files.h"

namespace intermission::gateway {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kGateTarget = "/.well-known/intermission/gate";
constexpr const char* kForbiddenTarget = "/.well-known/intermission/gate-403";

struct Row {
  std::string wanted;
  std::string method;
  std::string host;
  std::string target;
  Fields fields;
  std::string what;
  std::string line;
};

std::vector<std::string> split(const std::string& text, const std::string& mark) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  for (auto end = text.find(mark); end != std::string::npos; end = text.find(mark, at)) {
    parts.push_back(text.substr(at, end - at));
    at = end + mark.size();
  }
  parts.push_back(text.substr(at));
  return parts;
}

std::string with_bytes(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\x") == 0 && i + 3 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<Row> read_rows() {
  std::vector<Row> rows;
  std::istringstream file(testing::read_file(testing::source_path("tests/gate/requests.txt")));
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto parts = split(line, " | ");
    if (parts.size() != 6) throw std::runtime_error("six columns are expected: " + line);
    Row row{parts[0], parts[1], with_bytes(parts[2]), parts[3], {}, parts[5], line};
    if (parts[4] != "-") {
      for (const std::string& field : split(parts[4], " & ")) {
        const auto colon = field.find(": ");
        row.fields.emplace_back(field.substr(0, colon), field.substr(colon + 2));
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

const snapshot::Snapshot& snapshot() {
  static const snapshot::Snapshot made(
      std::move(*catalog::load_file(testing::source_path("tests/gate/services.yaml").string(), {}))
          .catalog);
  return made;
}

// ---------------------------------------------------------------- how proxies ask

struct Asked {
  std::string method = "GET";
  std::string target;
  Fields fields;
};

/// What a proxy has read of a target: absolute-form names a host of its own.
struct Parts {
  std::string host;
  std::string path_and_query;
};

Parts parts_of(const Row& row) {
  const auto scheme = row.target.find("://");
  if (row.target.starts_with('/') || scheme == std::string::npos) return {row.host, row.target};
  const std::string rest = row.target.substr(scheme + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  return {rest.substr(0, end), rest.substr(end)};
}

// Fields that the proxy writes itself replace the client's.
Fields overwrite(Fields fields, const Fields& own) {
  const auto same = [](std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
      return std::tolower(static_cast<unsigned char>(x)) ==
             std::tolower(static_cast<unsigned char>(y));
    });
  };
  for (const auto& [name, value] : own) {
    std::erase_if(fields, [&](const auto& field) { return same(field.first, name); });
    if (!value.empty()) fields.emplace_back(name, value);
  }
  return fields;
}

// nginx's $host: in lower case, without port and trailing dot.
std::string nginx_host(const Row& row) {
  std::string host = parts_of(row).host;
  if (!host.starts_with('[')) host = host.substr(0, host.find(':'));
  if (host.ends_with('.')) host.pop_back();
  std::transform(host.begin(), host.end(), host.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return host;
}

// nginx 1.22: auth_request to gate-403$request_uri, which is "?x" for http://h?x and "/" for
// http://h.
Asked by_nginx(const Row& row) {
  std::string uri = parts_of(row).path_and_query;
  if (uri.empty()) uri = "/";
  return {"GET", kForbiddenTarget + uri,
          overwrite(row.fields, {{"Host", nginx_host(row)},
                                 {"X-Original-Method", row.method},
                                 {"X-Forwarded-For", "203.0.113.9"},
                                 {"Forwarded", ""}})};
}

// Envoy's ext_authz with a path prefix: the request itself.
Asked by_envoy(const Row& row) {
  const Parts parts = parts_of(row);
  std::string path = parts.path_and_query;
  if (!path.starts_with('/')) path = '/' + path;
  Fields fields = overwrite(row.fields, {{"Host", parts.host}});
  fields.emplace_back("X-Forwarded-For", "203.0.113.9");
  return {row.method, kForbiddenTarget + path, fields};
}

// ingress-nginx: $scheme://$http_host$request_uri, and $host as well.
Asked by_ingress(const Row& row) {
  const auto uri = parts_of(row).path_and_query;
  return {"GET", kForbiddenTarget,
          overwrite(row.fields, {{"Host", "gateway.internal"},
                                 {"X-Original-URL", "https://" + row.host + uri},
                                 {"X-Original-Method", row.method},
                                 {"X-Forwarded-Host", nginx_host(row)},
                                 {"X-Forwarded-For", "203.0.113.9"},
                                 {"Forwarded", ""}})};
}

// Traefik's ForwardAuth and Caddy's forward_auth. Forwarded is the client's.
Asked by_forward_auth(const Row& row) {
  const Parts parts = parts_of(row);
  const std::string path =
      parts.path_and_query.starts_with('/') ? parts.path_and_query : '/' + parts.path_and_query;
  return {"GET", kGateTarget,
          overwrite(row.fields, {{"Host", "gateway.internal"},
                                 {"X-Forwarded-Method", row.method},
                                 {"X-Forwarded-Host", parts.host},
                                 {"X-Forwarded-Uri", path},
                                 {"X-Forwarded-For", "203.0.113.9"}})};
}

// The same behind a proxy that passes on what the client wrote, and appends.
Asked by_chain(const Row& row) {
  const Parts parts = parts_of(row);
  Asked asked = by_forward_auth(row);
  asked.fields = overwrite(row.fields, {{"Host", "gateway.internal"}});
  asked.fields.emplace_back("X-Forwarded-Method", row.method);
  asked.fields.emplace_back("X-Forwarded-Host", parts.host);
  asked.fields.emplace_back("X-Forwarded-Uri", parts.path_and_query.starts_with('/')
                                                   ? parts.path_and_query
                                                   : '/' + parts.path_and_query);
  asked.fields.emplace_back("X-Forwarded-For", "203.0.113.9");
  asked.fields.emplace_back("Forwarded", "for=203.0.113.9");
  return asked;
}

int status_of(const Asked& asked, const char* peer = "127.0.0.1") {
  http::Request request;
  request.reset(asked.method, asked.target, 11);
  for (const auto& [name, value] : asked.fields) request.add_field(name, value);
  request.set_peer(http::Address::parse(peer));
  http::Response response;
  const Outcome outcome = answer(request, snapshot(), {}, response);
  EXPECT_EQ(response.status == 204,
            !outcome.in_maintenance || outcome.bypassed == Bypassed::kAllowed)
      << asked.target;
  return response.status;
}

struct Way {
  const char* name;
  Asked (*ask)(const Row&);
  int in_maintenance;
  bool is_nginx = false;
};
constexpr Way kWays[] = {{"nginx", by_nginx, 403, true},
                         {"Envoy", by_envoy, 403},
                         {"ingress-nginx", by_ingress, 403, true},
                         {"forward auth", by_forward_auth, 503},
                         {"a chain of proxies", by_chain, 503}};

// nginx answers 400 to a host with ".." and to an absolute-form target whose host has odd bytes.
bool nginx_refuses(const Row& row) {
  const bool is_absolute = !row.target.starts_with('/');
  return nginx_host(row).ends_with('.') ||
         (is_absolute && parts_of(row).host.find_first_of("@\\") != std::string::npos);
}

// Whether nginx has made an open host of it.
bool is_settled(const Row& row, const Way& way) {
  return row.wanted == "doubtful" && way.ask == by_nginx && nginx_host(row) == "shop.example.com";
}

TEST(AdversarysTable, EveryRequestIsDecidedAsWantedByWhicheverProxyAsks) {
  for (const Row& row : read_rows()) {
    for (const Way& way : kWays) {
      // A chain that passes a client's own fields on cannot be trusted to pass it: it may close.
      if (row.wanted == "open" && way.ask == by_chain && !row.fields.empty()) continue;
      if (way.is_nginx && nginx_refuses(row)) continue;
      const bool is_open = row.wanted == "open" || is_settled(row, way);
      EXPECT_EQ(status_of(way.ask(row)), is_open ? 204 : way.in_maintenance)
          << way.name << " asks: " << row.line;
    }
  }
}

// A direct request, not from a trusted proxy, is decided by Host and path alone.
TEST(AdversarysTable, AStrangerGetsTheSameAnswer) {
  for (const Row& row : read_rows()) {
    const bool is_open = row.wanted == "open";
    EXPECT_EQ(status_of(by_envoy(row), "192.0.2.1"), is_open ? 204 : 403) << row.line;
  }
}

TEST(AdversarysTable, IsLargeAndSaysEachThingOnce) {
  const auto rows = read_rows();
  EXPECT_GE(rows.size(), 400U);
  std::set<std::string> lines;
  std::set<std::string> wanted;
  for (const Row& row : rows) {
    EXPECT_TRUE(lines.insert(row.line).second) << row.line;
    wanted.insert(row.wanted);
  }
  EXPECT_EQ(wanted, (std::set<std::string>{"closed", "doubtful", "open"}));
}

// A tester passes each of them that can be read for certain, at a host that knows testers.
TEST(AdversarysTable, ATesterPassesByAnAddressAndNotByAFieldThatIsMalformed) {
  const auto ask = [](Fields fields, const std::string& host = "orders.example.com") {
    fields.insert(fields.begin(), {"Host", host});
    return status_of({"GET", std::string(kForbiddenTarget) + "/x", fields});
  };
  EXPECT_EQ(ask({{"X-Forwarded-For", "198.51.100.7"}}), 204);
  EXPECT_EQ(ask({{"Forwarded", "for=198.51.100.7"}}), 204);
  EXPECT_EQ(ask({{"Forwarded", "for=198.51.100.7;x=\", for=203.0.113.9"}}), 403);
  EXPECT_EQ(ask({{"X-Forwarded-For", "198.51.100.7, "}}), 403);
  EXPECT_EQ(ask({{"X-Forwarded-For", "198.51.100.7,"}}), 403);
  EXPECT_EQ(ask({{"Forwarded", "for=203.0.113.9;for=198.51.100.7"}}), 403);
  EXPECT_EQ(ask({{"X-Forwarded-For", "198.51.100.7"}}, "orders.example.com:x@shop.example.com"),
            403);
  // Orders' testers are none of the shop's.
  EXPECT_EQ(ask({{"X-Forwarded-For", "198.51.100.7"}, {"X-Forwarded-Host", "docs.example.com"}}),
            403);
}

}  // namespace
}  // namespace intermission::gateway
