#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/readers.h"
#include "http/host.h"
#include "http/path_readings.h"
#include "http/target.h"

namespace intermission::catalog {
namespace {

// IP-literal (RFC 3986 §3.2.2), without telling apart which of them exist.
bool is_bracketed_address(std::string_view host) {
  if (!host.starts_with('[') || !host.ends_with(']') || host.size() < 4) return false;
  host = host.substr(1, host.size() - 2);
  return host.find(':') != std::string_view::npos &&
         std::all_of(host.begin(), host.end(),
                     [](char c) { return base::hex_value(c) >= 0 || c == ':' || c == '.'; });
}

/// What was expected of a host that is none; empty if it is one.
std::string_view host_problem(std::string_view host) {
  if (is_bracketed_address(host)) return {};
  if (host.starts_with('[') && host.ends_with(']')) {
    return "an IPv6 address in brackets such as [2001:db8::1]";
  }
  if (host.find("://") != std::string_view::npos) return "a host name without a scheme";
  if (host.find('/') != std::string_view::npos) return "a host name without a path";
  if (host.find(':') != std::string_view::npos) {
    return "a host name without a port (an IPv6 address stands in brackets)";
  }
  if (std::any_of(host.begin(), host.end(), [](char c) { return (c & 0x80) != 0; })) {
    return "a host name in its ASCII form (xn--...)";
  }
  if (host.starts_with("**.")) {
    host.remove_prefix(3);
  } else if (host.starts_with("*.")) {
    host.remove_prefix(2);
  }
  if (host.find('*') != std::string_view::npos) {
    return "a host name whose only wildcard is *. or **. at its start";
  }
  if (!http::is_host_name(host)) {
    return "a host name such as orders.example.com or *.orders.example.com";
  }
  return {};
}

std::string_view path_problem(std::string_view path) {
  if (path.find('*') != std::string_view::npos) {
    return "a path prefix without * (/v1 already holds everything below it)";
  }
  if (path.find_first_of("?#") != std::string_view::npos) return "a path prefix without a query";
  return {};
}

// Whether a segment is empty, a dot segment, or one that holds an encoded slash.
bool has_odd_segment(std::string_view path) {
  path.remove_prefix(1);
  if (path.starts_with('/')) return true;
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    const auto end = path.find('/');
    const std::string segment = http::decode_path(path.substr(0, end));
    if (segment.empty() || segment == "." || segment == ".." ||
        segment.find('/') != std::string::npos) {
      return true;
    }
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
    if (path.empty()) return true;
  }
  return false;
}

std::string read_host(const Node& node, Problems& problems) {
  std::string host = base::to_lower(node.text());
  if (host.ends_with('.')) host.pop_back();
  if (host == "*") {
    problems.note(node.expected("a host name (leave hosts out to answer for every host)"));
    return host;
  }
  if (const auto wanted = host_problem(host); !wanted.empty()) problems.note(node.expected(wanted));
  return host;
}

}  // namespace

std::string read_exact_host(const Node& node, Problems& problems) {
  if (node.text() == "*") {
    problems.note(
        node.expected("the names that operators use for this listener, each in full, such as "
                      "ops.example.com (its own addresses need no entry)"));
    return {};
  }
  std::string host = read_host(node, problems);
  if (host.starts_with('*')) problems.note(node.expected("a host name without a wildcard"));
  return host;
}

std::string read_path(const Node& node, Problems& problems) {
  if (const auto wanted = path_problem(node.text()); !wanted.empty()) {
    problems.note(node.expected(wanted));
  }
  std::string prefix(trim_prefix(http::decode_path(node.text())));
  const std::string usual(trim_prefix(http::usual_path(node.text())));
  if (const auto doubt = http::path_doubt(usual); !doubt.empty()) {
    problems.note(
        node.expected("a path prefix that all servers read alike (" + std::string(doubt) + ")"));
  } else if (prefix != usual || has_odd_segment(node.text())) {
    problems.note(
        node.expected(base::printable(usual) + ", which is how servers read this path prefix"));
  }
  return prefix;
}

std::string_view trim_prefix(std::string_view prefix) {
  while (prefix.size() > 1 && prefix.ends_with('/')) prefix.remove_suffix(1);
  return prefix;
}

void HostClaims::claim(const Node& host, std::string_view host_name, const Node& path,
                       std::string_view prefix, const Service& service, Problems& problems) {
  if (host_name.starts_with("**.")) {
    claim(host, host_name.substr(3), path, prefix, service, problems);
    claim(host, host_name.substr(1), path, prefix, service, problems);
    return;
  }
  const Node& place = path ? path : host;
  const std::string key = std::string(host_name) + ' ' + std::string(prefix);
  const auto [known, is_new] = claims_.try_emplace(key, Claim{service.name, place.line()});
  if (is_new) return;
  const std::string what = "path " + std::string(prefix) + " of " +
                           (host_name.empty() ? "every host" : "host " + std::string(host_name));
  const std::string line = " (line " + std::to_string(known->second.line) + ")";
  problems.note(
      place.error(known->second.service == service.name
                      ? what + " is there twice" + line
                      : what + " already belongs to service " + known->second.service + line));
}

void HostClaims::read(const Node& node, Service& service, Problems& problems) {
  std::vector<Node> hosts = node["hosts"].items();
  std::vector<Node> paths = node["paths"].items();
  for (const Node& host : hosts) service.hosts.push_back(read_host(host, problems));
  for (const Node& path : paths) service.paths.push_back(read_path(path, problems));
  // Where the file names none, the place of a conflict is the service's name.
  if (hosts.empty()) hosts.push_back(node["name"]);
  if (paths.empty()) {
    paths.push_back(node["paths"]);
    service.paths.emplace_back("/");
  }
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    const std::string_view host = service.hosts.empty() ? "" : std::string_view(service.hosts[h]);
    for (std::size_t p = 0; p < paths.size(); ++p) {
      claim(hosts[h], host, paths[p], service.paths[p], service, problems);
    }
  }
}

}  // namespace intermission::catalog
