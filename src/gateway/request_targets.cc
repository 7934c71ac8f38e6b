#include "gateway/request_targets.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "http/forwarded.h"
#include "http/media_type.h"
#include "http/plain_host.h"
#include "http/target.h"

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

// CGI and its relatives take every "-" and "." in a name for "_".
bool is_same_name(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return c == '_' || c == '.' ? '-' : base::ascii_lower(c); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return fold(x) == fold(y); });
}

bool is_override(std::string_view name) {
  return std::any_of(std::begin(kOverrideFields), std::end(kOverrideFields),
                     [&](std::string_view field) { return is_same_name(name, field); });
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

bool is_known_scheme(std::string_view scheme) {
  return base::iequals(scheme, "http") || base::iequals(scheme, "https") ||
         base::iequals(scheme, "ws") || base::iequals(scheme, "wss");
}

}  // namespace

RequestTargets::RequestTargets(const Origin& origin) {
  if (asks_for_other_protocol(origin.received())) {
    be_in_doubt("it asks for another protocol", origin.received().value(Field::kUpgrade));
  }
  read_fields(origin);
  if (!origin.behind_gate().empty()) add_url(origin.behind_gate(), true);
  add_own_host(origin.received());
  tells_path_ = !paths_.empty();
  if (!tells_path_) paths_.add("/");
  read_methods(origin);
}

// A proxy that is missing in trusted_proxies is not believed, but what it tells can close the gate:
// else a bare gate would judge every request as one for "/".
void RequestTargets::read_fields(const Origin& origin) {
  const http::Request& request = origin.received();
  const bool is_answer = origin.gate() == Gate::kAnswer && origin.is_passed_on();
  // What follows the gate's path beats the field, which only can close the gate then.
  const bool is_believed = origin.is_passed_on() && origin.behind_gate().empty();
  const std::string_view own = origin.gate() == Gate::kAnswer ? kGateUrl : kForbiddenGateUrl;
  each_value(request, own, [&](std::string_view url) { add_urls(base::trim(url), is_believed); });
  if (origin.gate() == Gate::kAnswer) {
    each_value(request, kForbiddenGateUrl,
               [&](std::string_view url) { add_urls(base::trim(url), false); });
  }
  for (const std::string_view list : request.values(Field::kXForwardedHost)) {
    add_hosts(list, is_answer);
  }
  for (std::string_view list : request.values(Field::kForwarded)) {
    while (!list.empty()) {
      const auto hop = http::take_hop(list);
      if (hop && !hop->host.empty()) add_host(hop->host, false);
    }
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
  if (!asks_for_host() && !hosts_.add({})) be_in_doubt("too many hosts are told", {});
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
    be_in_doubt("the URL is no http URL", url);
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
    be_in_doubt("too many URLs are told", path);
  }
  if (question != std::string_view::npos) add_query_methods(rest.substr(question + 1));
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
  if (!hosts_.add({*name, is_asked})) be_in_doubt("too many hosts are told", authority);
}

void RequestTargets::read_methods(const Origin& origin) {
  const http::Request& request = origin.received();
  const bool is_answer = origin.gate() == Gate::kAnswer;
  bool is_told = false;
  const auto take = [&](std::string_view list) {
    if (list.empty()) return;
    is_told = origin.is_passed_on();
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

void RequestTargets::add_query_methods(std::string_view query) {
  query = query.substr(0, query.find('#'));
  each_member(query, '&', [&](std::string_view part) {
    each_member(part, ';', [&](std::string_view pair) {
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || !is_method_parameter(pair.substr(0, equals))) return;
      const std::string_view method = pair.substr(equals + 1);
      if (method.find_first_of("%+") != std::string_view::npos) odd_method_ = true;
      if (!method.empty()) add_method(method);
    });
  });
}

void RequestTargets::be_in_doubt(std::string_view words, std::string_view text) {
  if (doubt_.words.empty()) doubt_ = {words, text};
}

}  // namespace intermission::gateway
