#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "catalog/readers.h"
#include "http/web_origin.h"

namespace intermission::catalog {
namespace {

constexpr std::string_view kAny = "*";

/// What was expected of an origin, in lower case, that is none.
std::string_view origin_problem(std::string_view origin) {
  if (origin == "null") return "an origin (null is that of every sandboxed page)";
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) {
    return "an origin with its scheme, such as https://app.example.org";
  }
  const std::string_view rest = origin.substr(scheme + 3);
  if (rest.find('*') != std::string_view::npos) {
    return "an origin without a wildcard (list each host, or * alone)";
  }
  if (rest.find('@') != std::string_view::npos) return "an origin without user information";
  if (rest.find_first_of("/?#\\") != std::string_view::npos) {
    return "an origin without a path, such as https://app.example.org";
  }
  if (std::any_of(rest.begin(), rest.end(), [](char c) { return (c & 0x80) != 0; })) {
    return "an origin in its ASCII form (xn--...)";
  }
  return "an origin such as https://app.example.org or http://localhost:3000";
}

/// As a browser writes it; empty where it is none.
std::string read_origin(const Node& node, Problems& problems) {
  const std::string text = base::to_lower(node.text());
  const auto origin = http::parse_web_origin(text);
  if (!origin) {
    problems.note(node.expected(origin_problem(text)));
    return {};
  }
  std::string written = std::string(origin->scheme) + "://" + std::string(origin->host);
  if (!origin->port.empty() && origin->port != http::default_port(origin->scheme)) {
    written += ':' + std::string(origin->port);
  }
  return written;
}

void read_origins(const Node& node, Cors& cors, Problems& problems) {
  cors.origins.clear();
  cors.any = false;
  const std::vector<Node> items = node.items();
  for (const Node& item : items) {
    if (item.text() != kAny) {
      cors.origins.push_back(read_origin(item, problems));
    } else if (items.size() > 1) {
      problems.note(item.expected("* alone, or a list of origins"));
    } else {
      cors.any = true;
    }
  }
}

}  // namespace

Cors read_cors(const Node& node, const Cors& inherited, Problems& problems) {
  Cors cors = inherited;
  const Node origins = node["origins"];
  const Node credentials = node["credentials"];
  if (origins) read_origins(origins, cors, problems);
  if (credentials) cors.credentials = credentials.value().GetBool();
  if (!cors.credentials || (!origins && !credentials)) return cors;
  const Node& place = credentials ? credentials : origins;
  if (cors.any) {
    problems.note(place.error("no credentials are granted to every origin (*): list the origins"));
  } else if (cors.origins.empty() && credentials) {
    problems.note(place.error("credentials need a list of origins"));
  }
  return cors;
}

}  // namespace intermission::catalog
