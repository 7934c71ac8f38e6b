#include "gateway/request_targets.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "http/forwarded.h"
#include "http/media_type.h"
#include "http/plain_host.h"
#include "http/target.h"
#include "http/url_fields.h"

namespace intermission::gateway {
namespace {

using http::Field;

// Calls `take` with each value of a field that is not in the table of known ones.
template <typename Take>
void each_value(const http::Request& request, std::string_view name, Take take) {
  for (const http::FieldLine& line : request.fields()) {
    if (base::iequals(line.name, name)) take(line.value);
  }
}

template <typename Take>
void each_member(std::string_view list, char separator, Take take) {
  for (;;) {
    const auto end = list.find(separator);
    take(base::trim(list.substr(0, end)));
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

bool is_override(std::string_view name) {
  return std::any_of(std::begin(kOverrideFields), std::end(kOverrideFields),
                     [&](std::string_view field) { return http::is_same_variable(name, field); });
}

// The name of a parameter as PHP reads it: decoded, without spaces before it, cut at NUL and "[";
// dots and spaces are underscores.
std::string parameter_name(std::string_view name) {
  std::string read = http::decode_path(name);
  std::replace(read.begin(), read.end(), '+', ' ');
  read.erase(0, std::min(read.find_first_not_of(' '), read.size()));
  read.resize(std::min(read.find_first_of(std::string_view("\0[", 2)), read.size()));
  if (const auto nul = read.find("%00"); nul != std::string::npos) read.resize(nul);
  std::replace(read.begin(), read.end(), '.', '_');
  std::replace(read.begin(), read.end(), ' ', '_');
  return read;
}

// Rails, Laravel, Symfony and others take `_method`; ASP.NET MVC the names of the fields as well.
bool is_method_parameter(std::string_view name) {
  constexpr std::size_t kLongest = 96;
  if (name.size() > kLongest) return false;
  // Nearly all names are others, and need no copy.
  const bool may_be = name.find('%') != std::string_view::npos || base::icontains(name, "method") ||
                      base::icontains(name, "verb");
  if (!may_be) return false;
  const std::string read = parameter_name(name);
  return base::iequals(read, "_method") || base::iequals(read, "_httpmethod") ||
         base::iequals(read, "http_method") || is_override(read);
}

// What follows an upgrade to HTTP/2 is never seen by the proxy that let it pass. A WebSocket stays
// with the path that it was opened for.
bool asks_for_other_protocol(const http::Request& request) {
  bool other = false;
  for (const std::string_view list : request.values(Field::kUpgrade)) {
    each_member(list, ',', [&](std::string_view protocol) {
      other = other || !(protocol.empty() || base::iequals(protocol, "websocket"));
    });
  }
  return other;
}

constexpr std::string_view kWordPressRoute = "rest_route";

// In which parameter front controllers take the path, and rewrites hand it on: Drupal's q, Yii's r,
// OpenCart's route, Phalcon's _url, ThinkPHP's s, CakePHP's url.
constexpr std::string_view kRoutes[] = {
    "q",   "r",     "s",   "rest_route", "route",     "_route",   "__route__", "_url",
    "url", "_path", "uri", "_uri",       "path_info", "pathinfo", "path",      "page",
};

// The name of the parameter among kRoutes; else empty.
std::string_view route_named(std::string_view name) {
  constexpr std::size_t kLongest = 96;
  if (name.empty() || name.size() > kLongest) return {};
  const auto known = [](std::string_view plain) {
    const auto* found =
        std::find_if(std::begin(kRoutes), std::end(kRoutes),
                     [&](std::string_view route) { return base::iequals(route, plain); });
    return found == std::end(kRoutes) ? std::string_view() : *found;
  };
  const bool is_plain = name.find_first_of("%+[. ") == std::string_view::npos;
  return is_plain ? known(name) : known(parameter_name(name));
}

bool begins_with_slash(std::string_view text) {
  return text.starts_with('/') || text.starts_with('\\') || base::istarts_with(text, "%2f") ||
         base::istarts_with(text, "%5c");
}

// Takes slashes and backslashes off, encoded or not; returns how many there were.
std::size_t skip_slashes(std::string_view& text) {
  std::size_t count = 0;
  for (; begins_with_slash(text); ++count) text.remove_prefix(text.front() == '%' ? 3 : 1);
  return count;
}

bool is_known_scheme(std::string_view scheme) {
  return base::iequals(scheme, "http") || base::iequals(scheme, "https") ||
         base::iequals(scheme, "ws") || base::iequals(scheme, "wss");
}

}  // namespace

RequestTargets::RequestTargets(const ForwardedRequest& forwarded) {
  if (asks_for_other_protocol(forwarded.received())) {
    be_in_doubt("it asks for another protocol", forwarded.received().value(Field::kUpgrade));
  }
  read_fields(forwarded);
  if (!forwarded.behind_gate().empty()) add_url(forwarded.behind_gate(), true);
  add_own_host(forwarded.received());
  tells_path_ = tells_path_ || !forwarded.behind_gate().empty();
  if (paths_.empty()) paths_.add("/");
  read_methods(forwarded);
}

// A proxy that is missing in trusted_proxies is not believed, but what it tells can close the gate:
// else a bare gate would judge every request as one for "/".
void RequestTargets::read_fields(const ForwardedRequest& forwarded) {
  const http::Request& request = forwarded.received();
  const bool is_answer = forwarded.gate() == Gate::kAnswer;
  const std::string_view own = is_answer ? kGateUrl : kForbiddenGateUrl;
  for (const http::FieldLine& line : request.fields()) {
    if (base::iequals(line.name, own)) {
      read_own_field(base::trim(line.value), forwarded);
    } else if (line.field == Field::kXForwardedHost) {
      add_hosts(line.value, is_answer && forwarded.is_passed_on());
    } else {
      read_other_field(line);
    }
  }
  for (const std::string_view list : request.values(Field::kForwarded)) {
    read_forwarded(list, forwarded.is_passed_on());
  }
}

// What follows the gate's path beats the field, which only can close the gate then.
void RequestTargets::read_own_field(std::string_view value, const ForwardedRequest& forwarded) {
  if (value.empty()) return;
  tells_path_ = true;
  add_urls(value, forwarded.is_passed_on() && forwarded.behind_gate().empty());
}

// These can only close the gate, no matter who wrote them.
void RequestTargets::read_other_field(const http::FieldLine& line) {
  const http::UrlPart part = http::part_told_by(line.name);
  const std::string_view value = base::trim(line.value);
  if (part == http::UrlPart::kNone || value.empty()) return;
  if (part == http::UrlPart::kHost) return add_hosts(value, false);
  if (part != http::UrlPart::kPrefix) add_urls(value, false);
  if (part != http::UrlPart::kUrl) add_prefixes(value);
}

void RequestTargets::read_forwarded(std::string_view list, bool is_passed_on) {
  while (!list.empty()) {
    const std::string_view rest = list;
    const auto hop = http::take_hop(list);
    if (!hop) return read_malformed(rest, is_passed_on);
    if (!hop->host.empty()) add_host(hop->host, false);
  }
}

// Servers differ in what they make of a malformed field. Where it may name a host, and a trusted
// proxy passed it on, that host is not known; a stranger's can only name one in maintenance.
void RequestTargets::read_malformed(std::string_view rest, bool is_passed_on) {
  constexpr std::string_view kName = "host";
  for (; rest.size() > kName.size(); rest.remove_prefix(1)) {
    if (!base::istarts_with(rest, kName)) continue;
    const std::string_view behind = base::trim(rest.substr(kName.size()));
    if (!behind.starts_with('=')) continue;
    if (is_passed_on) return be_in_doubt("Forwarded is malformed and contains a host", rest);
    std::string_view host = base::trim(behind.substr(1));
    if (host.starts_with('"')) host.remove_prefix(1);
    host = base::trim(host.substr(0, host.find_first_of("\",; \t")));
    if (http::plain_host(host)) add_host(host, false);
  }
}

bool RequestTargets::asks_for_host() const {
  return std::any_of(hosts_.begin(), hosts_.end(), [](const Host& host) { return host.is_asked; });
}

// Host, and the authority of the target that was received.
void RequestTargets::add_own_host(const http::Request& request) {
  const bool is_asked = !asks_for_host();
  if (!request.authority().empty()) add_host(request.authority(), is_asked);
  for (const std::string_view host : request.values(Field::kHost)) {
    if (!host.empty()) add_host(host, is_asked);
  }
  if (!asks_for_host() && !hosts_.add({})) be_in_doubt("too many fields give a host", {});
}

// A proxy on the way may have joined two lines of a field with a comma (RFC 9110 §5.3).
void RequestTargets::add_urls(std::string_view value, bool is_believed) {
  add_url(value, is_believed);
  if (value.find(',') == std::string_view::npos) return;
  each_member(value, ',', [&](std::string_view member) {
    const bool is_url = member.starts_with('/') || base::istarts_with(member, "http");
    if (is_url && member.data() != value.data()) add_url(member, false);
  });
}

void RequestTargets::add_url(std::string_view url, bool is_believed) {
  if (url.empty()) return;
  if (url.front() == '/' || url.front() == '?' || url.front() == '#' || url == "*") {
    add_path_and_query(url);
    return;
  }
  constexpr std::string_view kMark = "://";
  const auto colon = url.find(kMark);
  if (colon == std::string_view::npos || !is_known_scheme(url.substr(0, colon))) {
    be_in_doubt("the URL is not an http URL", url);
    return;
  }
  url.remove_prefix(colon + kMark.size());
  const auto end = std::min(url.find_first_of("/?#"), url.size());
  add_host(url.substr(0, end), is_believed);
  add_path_and_query(url.substr(end));
}

void RequestTargets::add_path_and_query(std::string_view rest) {
  const auto question = rest.find('?');
  std::string_view path = rest.substr(0, question);
  if (path.empty()) path = "/";
  if (std::find(paths_.begin(), paths_.end(), path) == paths_.end() && !paths_.add(path)) {
    be_in_doubt("too many fields give a URL", path);
  }
  add_host_in_path(path);
  if (question != std::string_view::npos) add_query(rest.substr(question + 1));
}

// "//orders.example.com/x" is a path (RFC 9112 §3.2.1), but URL parsers take it for a host and a
// path (RFC 3986 §4.2, and WHATWG URL, which takes any number of slashes and backslashes).
void RequestTargets::add_host_in_path(std::string_view path) {
  if (skip_slashes(path) < 2) return;
  const auto end = path.find_first_of("/?#");
  std::string_view host = path.substr(0, end);
  if (host.find('%') != std::string_view::npos) {
    if (!decoded_host_.empty()) return be_in_doubt("several paths begin with a host", path);
    decoded_host_ = http::decode_path(host);
    host = decoded_host_;
  }
  if (http::plain_host(host)) {
    add_host(host, false);
  } else if (host.find_first_of("@:\\") != std::string_view::npos) {
    be_in_doubt("servers may read a host in the path", host);
  }
}

void RequestTargets::add_prefixes(std::string_view list) {
  each_member(list, ',', [&](std::string_view prefix) {
    if (prefix.empty() || prefix == "/") return;
    if (std::find(prefixes_.begin(), prefixes_.end(), prefix) != prefixes_.end()) return;
    if (!prefixes_.add(prefix)) has_more_ = true;
  });
}

void RequestTargets::add_hosts(std::string_view list, bool is_asked) {
  if (list.empty()) return;
  each_member(list, ',', [&](std::string_view host) { add_host(host, is_asked); });
}

void RequestTargets::add_host(std::string_view authority, bool is_asked) {
  const auto name = http::plain_host(authority);
  if (!name) {
    be_in_doubt("servers may read the host differently", authority);
    return;
  }
  for (Host& host : hosts_) {
    if (!base::iequals(host.name, *name)) continue;
    host.is_asked = host.is_asked || is_asked;
    return;
  }
  if (!hosts_.add({*name, is_asked})) be_in_doubt("too many fields give a host", authority);
}

void RequestTargets::read_methods(const ForwardedRequest& forwarded) {
  const http::Request& request = forwarded.received();
  const bool is_answer = forwarded.gate() == Gate::kAnswer;
  bool is_told = false;
  const auto take = [&](std::string_view list) {
    if (list.empty()) return;
    is_told = forwarded.is_passed_on();
    add_methods(list);
  };
  each_value(request, is_answer ? kGateMethod : kForbiddenGateMethod, take);
  // Proxies that tell the method ask by GET. Where another one is used, it is the client's own.
  if (!is_told || request.method() != "GET") add_method(request.method());
  for (const http::FieldLine& line : request.fields()) {
    if (is_override(line.name) && !line.value.empty()) add_methods(line.value);
  }
}

void RequestTargets::add_methods(std::string_view list) {
  each_member(list, ',', [&](std::string_view method) { add_method(method); });
}

void RequestTargets::add_method(std::string_view method) {
  if (std::find(methods_.begin(), methods_.end(), method) != methods_.end()) return;
  if (!http::is_token(method) || !methods_.add(method)) odd_method_ = true;
}

void RequestTargets::add_query(std::string_view query) {
  query = query.substr(0, query.find('#'));
  // CodeIgniter and others take "/index.php?/orders/7".
  if (begins_with_slash(query)) add_route({query.substr(0, query.find('&')), false});
  each_member(query, '&', [&](std::string_view part) {
    add_route_parameter(part);
    each_member(part, ';', [&](std::string_view pair) {
      if (pair.data() != part.data()) add_route_parameter(pair);
      add_method_parameter(pair);
    });
  });
}

void RequestTargets::add_route_parameter(std::string_view pair) {
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos || equals + 1 == pair.size()) return;
  const std::string_view name = route_named(pair.substr(0, equals));
  if (!name.empty()) add_route({pair.substr(equals + 1), name == kWordPressRoute});
}

void RequestTargets::add_method_parameter(std::string_view pair) {
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos || !is_method_parameter(pair.substr(0, equals))) return;
  const std::string_view value = pair.substr(equals + 1);
  if (value.find_first_of("%+") != std::string_view::npos) odd_method_ = true;
  if (!value.empty()) add_method(value);
}

void RequestTargets::add_route(const Route& route) {
  if (std::find(routes_.begin(), routes_.end(), route) != routes_.end()) return;
  if (!routes_.add(route)) has_more_ = true;
}

void RequestTargets::be_in_doubt(std::string_view words, std::string_view text) {
  if (doubt_.words.empty()) doubt_ = {words, text};
}

}  // namespace intermission::gateway
